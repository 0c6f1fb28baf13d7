"""A database without instances in the second Region: failed over to, killed on the way, and deployed afterwards."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from deployed import PRIMARY, RECOVERY, Deployed, synthesized
from deploying import deploy, in_order
from shop import shop

from cdk_standby_runbooks.boto import BotoClients
from cdk_standby_runbooks.clock import SystemClock
from cdk_standby_runbooks.journal import Journal
from cdk_standby_runbooks.local_aws import LocalAws
from cdk_standby_runbooks.plan import Plan, make_plan
from cdk_standby_runbooks.run import LOCAL_PACE, Run
from cdk_standby_runbooks.runner import execute
from cdk_standby_stacks import AuroraPostgres, PilotLight

DATA = f"Shop-{RECOVERY}-data"
HEADLESS = shop(database=AuroraPostgres(version="17.4", headless_secondary=True))

pytestmark = pytest.mark.deploys


class Killed(BaseException):
    """The machine of the runner is gone."""


@dataclass
class Shop:
    """The networks, keys and databases of a headless pilot light; a runner that can be killed at a call."""

    cloud: Deployed
    folder: Path
    plan: Plan
    before: Path
    after: Path

    def take(self, assembly: Path, *, only: str = "Shop", **given: str) -> None:
        """Deploy what the database stands in, and no service: it has no part in this."""
        for name, region, template in in_order(assembly):
            if name.startswith(only) and not name.endswith(("-service", "-traffic")):
                deploy(self.cloud.aws, name, region, template, **given)

    def asked(self, runbook: str, hear: Callable[[str, str], None] | None = None) -> Run:
        journal = Journal.read(self.folder / "journal.jsonl", "shop")
        clients = BotoClients(self.cloud.aws.endpoint, heard=hear)
        return Run(
            plan=self.plan, runbook=runbook, clients=clients, clock=SystemClock(), journal=journal, pace=LOCAL_PACE
        )

    def run(self, runbook: str, *, dies_at: str = "") -> list[str]:
        """The calls of a run, or of as much of it as came before a kill."""
        heard: list[str] = []

        def hear(call: str, region: str) -> None:
            heard.append(f"{call} {region}")
            if call == dies_at:
                raise Killed

        if dies_at:
            with pytest.raises(Killed):
                execute(self.asked(runbook, hear))
        else:
            execute(self.asked(runbook, hear))
        return heard

    def instances(self) -> dict[str, str]:
        """Those of the recovery Region, with what they are for ever."""
        told = self.cloud.aws.client("rds", RECOVERY).describe_db_instances()["DBInstances"]
        return {one["DBInstanceIdentifier"]: one["DbiResourceId"] for one in told}

    def writer(self) -> str:
        [found] = self.cloud.aws.client("rds", RECOVERY).describe_global_clusters()["GlobalClusters"]
        [arn] = [one["DBClusterArn"] for one in found["GlobalClusterMembers"] if one["IsWriter"]]
        return str(arn.split(":")[3])


@pytest.fixture
def headless(tmp_path: Path) -> Iterator[Shop]:
    with LocalAws() as aws:
        before = synthesized(tmp_path / "before", PilotLight, workload=HEADLESS)
        after = synthesized(tmp_path / "after", PilotLight, workload=HEADLESS, active=RECOVERY)
        told = Plan.from_json((before / "shop.plan.json").read_text())
        made = Shop(Deployed(aws), tmp_path, only_the_database(told), before, after)
        made.take(before)
        yield made


def only_the_database(plan: Plan) -> Plan:
    return make_plan(
        workload=plan.workload,
        account=plan.account,
        strategy=plan.strategy,
        primary=plan.primary,
        recovery=plan.recovery,
        objectives={"region": {"rto": 1800, "rpo": 60}},
        databases=plan.databases,
    )


@pytest.mark.capability("DR-04")
def test_a_headless_database_is_failed_over_to_and_what_is_deployed_next_finds_it(headless: Shop) -> None:
    shop, aws = headless, headless.cloud.aws
    asleep, cluster = shop.instances(), shop.cloud.data(RECOVERY)
    rows = shop.cloud.write()
    shop.cloud.keeps_up()
    aws.go_dark(PRIMARY)

    shop.run("failover", dies_at="cloudformation:UpdateStack")
    nothing = shop.instances()
    shop.run("failover", dies_at="rds:FailoverGlobalCluster")
    one = shop.instances()
    calls = shop.run("failover")
    every = shop.instances()

    assert (asleep, nothing, len(one), len(every)) == ({}, {}, 1, 3)
    assert one.items() <= every.items()
    assert shop.writer() == RECOVERY
    assert not [call for call in calls if call.endswith(PRIMARY)]

    shop.take(shop.before, only=f"Shop-{RECOVERY}")  # by somebody who does not know yet
    unaware = shop.instances()
    shop.take(shop.after, only=f"Shop-{RECOVERY}")
    aware = shop.cloud.data(RECOVERY)

    assert unaware == every
    assert aware == {**cluster, **every}
    aws.come_back()

    shop.run("failback")
    shop.take(shop.before)
    kept = shop.instances()
    shop.take(shop.before, only=DATA, DatabaseInstances="none")

    assert (shop.writer(), kept) == (PRIMARY, every)
    assert shop.cloud.data(RECOVERY) == cluster
    assert shop.cloud.write() == rows + 1
