"""A secondary without instances gets one before it is promoted, and the others when users are served again."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from crashing import ONCE, QUICK, crashes_anywhere, run_through
from hypothesis import given, settings

from cdk_standby_runbooks.errors import NotReady, PlanUnreadable
from cdk_standby_runbooks.plan import Headless, Plan, PlanInvalid, make_plan
from cdk_standby_runbooks.runner import execute, preview
from cdk_standby_runbooks.show import plan_lines

IRELAND, FRANKFURT = "eu-west-1", "eu-central-1"
WAITING = Headless(
    region=FRANKFURT,
    stack="Shop-eu-central-1-data",
    parameter="DatabaseInstances",
    instances=3,
    instance_class="db.r7g.large",
)
BY_HAND = (
    "make one by hand (aws rds create-db-instance --region eu-central-1 --db-cluster-identifier "
    "shop-database-eu-central-1 --db-instance-identifier shop-database-eu-central-1-by-hand --engine aurora-postgresql "
    "--db-instance-class db.r7g.large), and run this again when it is available"
)


def waiting(base: Plan, headless: Headless = WAITING) -> Plan:
    [database] = base.databases
    return make_plan(
        workload=base.workload,
        account=base.account,
        strategy="pilot-light",
        primary=base.primary,
        recovery=base.recovery,
        objectives=base.objectives,
        databases=[replace(database, headless=headless)],
        groups=base.groups,
        traffic=base.traffic,
    )


def asleep(world: Any) -> Any:
    world.plan, world.aws.instances[FRANKFURT] = waiting(world.plan), []
    return world


@pytest.fixture
def headless(world: Any) -> Any:
    return asleep(world)


def test_an_instance_comes_before_the_promotion_and_the_others_after_users(headless: Any) -> None:
    headless.aws.dark = {IRELAND}

    outcomes = execute(headless.run())

    assert [(o.title, o.acted) for o in outcomes] == [
        ("record database", False),
        ("scale service to full", True),
        ("wake database", True),
        ("promote database", True),
        ("await service at full", False),
        ("switch traffic", True),
        ("verify", False),
        ("wake database whole", True),
    ]
    assert headless.aws.writers == [FRANKFURT]
    assert (headless.aws.stack.asked, len(headless.aws.instances[FRANKFURT])) == ("all", 3)
    assert {region for _, region in headless.aws.calls} == {FRANKFURT, "us-east-1"}


def test_what_it_takes_is_told_before(headless: Any) -> None:
    [wake] = [p.step for p in preview(headless.run()) if p.step.title == "wake database"]

    assert wake.says == (
        "let Shop-eu-central-1-data make an instance of shop-database-eu-central-1 in eu-central-1, as its template "
        "says"
    )
    assert wake.calls == (
        "cloudformation:UpdateStack in eu-central-1 (StackName=Shop-eu-central-1-data, UsePreviousTemplate=true, "
        "DatabaseInstances=one)",
    )
    assert wake.takes is not None
    assert (wake.takes.value.low, wake.takes.value.high) == (300, 900)
    assert headless.aws.changes() == []


def test_a_planned_move_has_all_of_them_first(headless: Any) -> None:
    outcomes = execute(headless.run("planned"))

    assert [o.title for o in outcomes][:2] == ["wake database whole", "ready database"]
    assert (headless.aws.writers, len(headless.aws.instances[FRANKFURT])) == ([FRANKFURT], 3)


def test_instances_that_wait_at_home_come_before_the_failback(plan: Plan) -> None:
    """Where the data was restored in the other Region, it is the first one that follows."""
    there = waiting(plan, replace(WAITING, region=IRELAND, stack="Shop-eu-west-1-data"))

    waking = {
        name: [position for position, spec in enumerate(specs) if spec.step == "wake"]
        for name, specs in there.runbooks.items()
    }
    assert waking == {"failover": [], "planned": [], "failback": [0]}


def test_a_failback_sends_no_instance_away(headless: Any) -> None:
    execute(headless.run())

    execute(headless.run("failback"))

    assert headless.aws.writers == [IRELAND]
    assert (headless.aws.stack.asked, len(headless.aws.instances[FRANKFURT])) == ("all", 3)
    assert headless.aws.changes().count("cloudformation:update_stack") == 2


@settings(max_examples=30, deadline=None)
@given(there=crashes_anywhere, back=crashes_anywhere)
def test_however_often_it_dies_it_ends_the_same(new_world: Any, there: Any, back: Any) -> None:
    with tempfile.TemporaryDirectory(dir=QUICK) as folder:
        world = asleep(new_world(Path(folder)))

        run_through(world, "failover", there)
        run_through(world, "failback", back)

        assert (world.aws.stack.asked, world.aws.instances[FRANKFURT]) == ("all", ["available"] * 3)
        assert world.aws.writers == [IRELAND]
        assert [call for call in world.aws.changes() if call in ONCE] == [*ONCE]


def test_an_instance_that_somebody_made_by_hand_is_as_good(headless: Any) -> None:
    headless.aws.instances[FRANKFURT] = ["available"]
    headless.aws.stack.status = "UPDATE_ROLLBACK_IN_PROGRESS"

    wake, whole = [p.found for p in preview(headless.run()) if p.step.title.startswith("wake database")]

    assert wake is not None
    assert whole is not None
    assert whole.need == "act"  # when users are served: it refuses nothing now
    assert (wake.need, wake.says) == ("done", "1 of 1 instances of shop-database-eu-central-1 available")


def test_one_that_is_being_made_is_waited_for(headless: Any) -> None:
    headless.aws.instances[FRANKFURT] = ["creating"]

    [wake] = [p.found for p in preview(headless.run()) if p.step.title == "wake database"]

    assert wake is not None
    assert (wake.need, wake.says) == ("under way", "0 of 1 instances of shop-database-eu-central-1 available")


def test_what_no_instance_can_come_of_is_refused_before_anything_moves(headless: Any) -> None:
    stack, said = headless.aws.stack, []
    for status, asked in (
        ("UPDATE_ROLLBACK_FAILED", "none"),
        ("CREATE_COMPLETE", "all"),
        ("UPDATE_ROLLBACK_IN_PROGRESS", "none"),
    ):
        stack.status, stack.asked = status, asked
        with pytest.raises(NotReady) as caught:
            execute(headless.run())
        said.append(str(caught.value))

    assert said == [
        f"Shop-eu-central-1-data in eu-central-1 is UPDATE_ROLLBACK_FAILED; {BY_HAND}",
        f"Shop-eu-central-1-data made instances, which are gone; {BY_HAND}",
        "Shop-eu-central-1-data in eu-central-1 is UPDATE_ROLLBACK_IN_PROGRESS, and this run did not ask for it; run "
        f"this again when it has ended; or {BY_HAND}",
    ]
    assert headless.aws.changes() == []


def test_why_none_could_be_made_is_told_with_what_a_person_can_do_and_the_next_run_asks_again(headless: Any) -> None:
    headless.aws.stack.fails = "no capacity for db.r7g.large in eu-central-1a"

    with pytest.raises(NotReady) as caught:
        execute(headless.run())
    headless.aws.stack.fails = ""
    execute(headless.run())

    assert str(caught.value) == (
        "Shop-eu-central-1-data could not do it: no capacity for db.r7g.large in eu-central-1a; " + BY_HAND
    )
    assert headless.aws.writers == [FRANKFURT]


def test_a_plan_says_where_instances_wait_and_reads_itself(plan: Plan) -> None:
    written = waiting(plan)

    assert Plan.from_json(written.to_json()) == written
    assert "3. give database in eu-central-1 its instances: one" in [*plan_lines(written)]
    assert "headless" not in plan.to_json()


def test_a_plan_whose_instances_wait_elsewhere_is_none(plan: Plan) -> None:
    with pytest.raises(PlanInvalid) as caught:
        waiting(plan, replace(WAITING, region="eu-north-1"))
    broken = waiting(plan).to_json().replace('"to":"one"', '"to":"two"')
    with pytest.raises(PlanUnreadable, match="wants to wake 'database' at 'eu-central-1'"):
        Plan.from_json(broken)

    assert str(caught.value).splitlines()[1] == (
        "  databases 'database': 'headless' is 3 instances in eu-north-1; expected one or more in eu-central-1 or "
        "eu-west-1"
    )
