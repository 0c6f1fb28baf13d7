"""A pilot light without database instances in the second Region, and a runner that can be killed at a call."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from deployed import RECOVERY, Deployed, synthesized
from deploying import deploy, in_order

from cdk_standby_runbooks.boto import BotoClients
from cdk_standby_runbooks.clock import SystemClock
from cdk_standby_runbooks.journal import Journal
from cdk_standby_runbooks.local_aws import LocalAws
from cdk_standby_runbooks.plan import Plan, make_plan
from cdk_standby_runbooks.run import LOCAL_PACE, Run
from cdk_standby_runbooks.runner import execute
from cdk_standby_stacks import AuroraPostgres, PilotLight

NAME = "atelier"
QUICK = replace(LOCAL_PACE, poll=0.05, grace=0.1)


class Killed(BaseException):
    """The machine of the runner is gone."""


@dataclass
class Atelier:
    """Its networks, keys and databases; services have no part in this."""

    cloud: Deployed
    folder: Path
    plan: Plan
    before: Path
    after: Path
    """As it is written after a failover."""
    clients: BotoClients | None = None
    dies_at: str = ""
    heard: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, aws: LocalAws, folder: Path) -> Atelier:
        """Synthesized, and not yet deployed."""
        options = {
            "name": NAME,
            "database": AuroraPostgres(version="17.4", headless_secondary=True),
        }
        before = synthesized(folder / "before", PilotLight, **options)
        after = synthesized(folder / "after", PilotLight, **options, active=RECOVERY)
        plan = Plan.from_json((before / f"{NAME}.plan.json").read_text())
        return cls(Deployed(aws, NAME), folder, only_its_database(plan), before, after)

    def take(self, assembly: Path, *, only: str = "", **given: str) -> None:
        """Deploy what is named so, by hand parameters if any are given."""
        for name, region, template in in_order(assembly):
            if only in name and not name.endswith(("-service", "-traffic")):
                deploy(self.cloud.aws, name, region, template, **given)

    def run(self, runbook: str, *, dies_at: str = "") -> list[str]:
        """The calls of a run, or of as much of it as came before a kill."""
        self.heard.clear()
        self.dies_at = dies_at
        if dies_at:
            with pytest.raises(Killed):
                execute(self._asked(runbook))
        else:
            execute(self._asked(runbook))
        return [*self.heard]

    def instances(self) -> dict[str, str]:
        """Those of the recovery Region, with what they are for ever."""
        told = self.cloud.aws.client("rds", RECOVERY).describe_db_instances()["DBInstances"]
        mine = [one for one in told if one["DBClusterIdentifier"] == f"{NAME}-database-{RECOVERY}"]
        return {one["DBInstanceIdentifier"]: one["DbiResourceId"] for one in mine}

    def writer(self) -> str:
        """The Region of the cluster that writes."""
        rds = self.cloud.aws.client("rds", RECOVERY)
        [found] = rds.describe_global_clusters(GlobalClusterIdentifier=f"{NAME}-database")["GlobalClusters"]
        [arn] = [one["DBClusterArn"] for one in found["GlobalClusterMembers"] if one["IsWriter"]]
        return str(arn.split(":")[3])

    def _asked(self, runbook: str) -> Run:
        self.clients = self.clients or BotoClients(self.cloud.aws.endpoint, heard=self._hear)
        return Run(
            plan=self.plan,
            runbook=runbook,
            clients=self.clients,
            clock=SystemClock(),
            journal=Journal.read(self.folder / "journal.jsonl", NAME),
            pace=QUICK,
        )

    def _hear(self, call: str, region: str) -> None:
        self.heard.append(f"{call} {region}")
        if call == self.dies_at:
            raise Killed


def only_its_database(plan: Plan) -> Plan:
    """The plan without services and traffic."""
    return make_plan(
        workload=plan.workload,
        account=plan.account,
        strategy=plan.strategy,
        primary=plan.primary,
        recovery=plan.recovery,
        objectives={"region": {"rto": 1800, "rpo": 60}},
        databases=plan.databases,
    )
