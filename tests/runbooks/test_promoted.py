"""An RDS replica is promoted by a person, and no runbook leads users to an instance that takes no writes or is old."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from cdk_standby_runbooks import errors
from cdk_standby_runbooks.clients import ApiError
from cdk_standby_runbooks.plan import Plan, PlanInvalid, PlanUnreadable, ReplicatedInstance, make_plan
from cdk_standby_runbooks.runner import execute
from cdk_standby_runbooks.show import plan_lines

IRELAND, FRANKFURT = "eu-west-1", "eu-central-1"
FIRST, SECOND, THIRD = "shop-database-eu-west-1", "shop-database-eu-central-1-2", "shop-database-eu-west-1-3"
BORN = ReplicatedInstance(name="database", instances={IRELAND: FIRST, FRANKFURT: SECOND}, follows_in=FRANKFURT)
RETURNED = replace(BORN, instances={IRELAND: THIRD, FRANKFURT: SECOND}, follows_in=IRELAND)


@dataclass
class Instances:
    """What the two Regions know of instances: their source and their status."""

    known: dict[str, tuple[str, str]]
    asked: list[str] = field(default_factory=list)

    def rds(self, region: str) -> Any:
        self.asked.append(region)
        return self

    def describe_db_instances(self, *, DBInstanceIdentifier: str) -> Any:  # noqa: N803
        if DBInstanceIdentifier not in self.known:
            raise ApiError(code="DBInstanceNotFound", message="none", call="rds:d", region=self.asked[-1])
        source, status = self.known[DBInstanceIdentifier]
        arn = {"ReadReplicaSourceDBInstanceIdentifier": f"arn:aws:rds:eu-west-1:111111111111:db:{source}"}
        return {"DBInstances": [{"DBInstanceStatus": status, **(arn if source else {})}]}


def planned(base: Plan, pair: ReplicatedInstance) -> Plan:
    return make_plan(
        workload=base.workload,
        account=base.account,
        strategy=base.strategy,
        primary=base.primary,
        recovery=base.recovery,
        objectives=base.objectives,
        groups=base.groups,
        traffic=base.traffic,
        replicas=[pair],
    )


@pytest.fixture
def lead(world: Any, plan: Plan) -> Any:
    """`lead("failover", BORN, {name: (source, status)})`: what was refused, and what was asked where."""

    def run(runbook: str, pair: ReplicatedInstance, known: dict[str, tuple[str, str]]) -> tuple[str, list[str]]:
        told = Instances(known)
        world.aws.rds, world.plan = told.rds, planned(plan, pair)
        if runbook == "failback":
            world.aws.thrown, world.aws.alarm = 1.0, "ALARM"
        before = world.aws.changes()
        try:
            execute(world.run(runbook))
        except errors.NotReady as refusal:
            assert world.aws.changes() == before
            return str(refusal), told.asked
        return "", told.asked

    return run


def test_users_are_not_led_to_a_replica_that_follows(lead: Any) -> None:
    refusal, asked = lead("failover", BORN, {SECOND: (FIRST, "available")})

    assert refusal == (
        f"{SECOND} in {FRANKFURT} follows {FIRST} still, and takes no writes; make sure that nobody writes to {FIRST} "
        f"any more, promote it (aws rds promote-read-replica --region {FRANKFURT} --db-instance-identifier {SECOND}), "
        "and run this again"
    )
    assert set(asked) == {FRANKFURT}, "an unplanned failover asks nothing of the Region that is lost"


def test_nor_to_one_that_is_being_promoted(lead: Any) -> None:
    refusal, _ = lead("failover", BORN, {SECOND: ("", "rebooting")})

    assert refusal == f"{SECOND} in {FRANKFURT} is rebooting; run this again when it is available"


@pytest.mark.parametrize("runbook", ["failover", "planned"])
def test_once_it_is_promoted_everything_else_moves(lead: Any, world: Any, runbook: str) -> None:
    refusal, _ = lead(runbook, BORN, {FIRST: ("", "available"), SECOND: ("", "available")})

    assert refusal == ""
    assert world.aws.changes() == ["autoscaling:update_auto_scaling_group", "cloudwatch:put_metric_data"]


def test_users_are_not_led_back_to_what_was_left_behind(lead: Any) -> None:
    refusal, _ = lead("failback", BORN, {FIRST: ("", "available"), SECOND: ("", "available")})

    assert refusal == (
        f"{FIRST} in {IRELAND} does not have what was written to {SECOND} since that was promoted, and never will: "
        f"make a new replica in {IRELAND} (one more 'generation' of the tier, and a deployment), promote that, and run "
        "this again"
    )


def test_where_only_traffic_had_moved_it_may_return(lead: Any) -> None:
    refusal, _ = lead("failback", BORN, {FIRST: ("", "available"), SECOND: (FIRST, "available")})

    assert refusal == ""


def test_a_new_replica_that_was_promoted_takes_users_back(lead: Any) -> None:
    waiting, _ = lead("failback", RETURNED, {SECOND: ("", "available"), THIRD: (SECOND, "available")})
    refusal, _ = lead("failback", RETURNED, {SECOND: ("", "available"), THIRD: ("", "available")})

    assert (waiting.startswith(f"{THIRD} in {IRELAND} follows {SECOND} still"), refusal) == (True, "")


def test_an_instance_that_is_not_there_is_no_place_for_users(lead: Any) -> None:
    refusal, _ = lead("failover", BORN, {})

    assert refusal == (
        f"{FRANKFURT} knows no instance {SECOND}; deploy the stacks, or give the plan of this deployment"
    )


def test_a_plan_says_who_is_promoted_by_hand_and_reads_back_what_it_wrote(plan: Plan) -> None:
    written = planned(plan, BORN)

    lines = [*plan_lines(written)]
    assert Plan.from_json(written.to_json()) == written
    assert lines.count(f"1. look whether database in {FRANKFURT} takes writes: promote it by hand before") == 2
    assert "replicas" not in json.loads(plan.to_json())


def test_a_pair_stands_in_the_regions_of_the_plan(plan: Plan) -> None:
    elsewhere = ReplicatedInstance(name="database", instances={IRELAND: FIRST}, follows_in="eu-north-1")

    with pytest.raises(PlanInvalid) as caught:
        planned(plan, elsewhere)

    assert str(caught.value) == (
        "the recovery plan of shop contradicts itself:\n"
        "  replicas 'database' names eu-west-1; expected exactly eu-central-1 and eu-west-1\n"
        "  replicas 'database': 'follows_in' is eu-north-1; expected eu-central-1 or eu-west-1"
    )


def test_a_step_of_a_pair_that_is_not_described_is_refused(plan: Plan) -> None:
    fields = json.loads(planned(plan, BORN).to_json())
    del fields["replicas"]

    with pytest.raises(PlanUnreadable) as caught:
        Plan.from_json(json.dumps(fields))

    assert "runbook 'failover' wants to confirm 'database'" in str(caught.value)
