"""The whole way there and back, on a workload in memory."""

from __future__ import annotations

from typing import Any

from cdk_standby_review.facts import recovery_times
from cdk_standby_runbooks.runner import describe_fact, execute, preview

IRELAND, FRANKFURT = "eu-west-1", "eu-central-1"


def test_a_failover_moves_everything_without_calling_the_dead_region(world: Any) -> None:
    world.aws.dark = {IRELAND}

    outcomes = execute(world.run())

    assert [(o.title, o.acted) for o in outcomes] == [
        ("record database", False),
        ("scale service to full", True),
        ("promote database", True),
        ("await service at full", False),
        ("switch traffic", True),
        ("verify", False),
    ]
    assert world.aws.writers == [FRANKFURT]
    assert world.aws.groups[FRANKFURT] == [5, 24, 5, 5]
    assert world.aws.alarm == "ALARM"
    assert {region for _, region in world.aws.calls} == {FRANKFURT, "us-east-1"}


def test_a_failback_restores_the_start_without_losing_a_write(world: Any) -> None:
    execute(world.run())

    outcomes = execute(world.run("failback"))

    assert [(o.title, o.acted) for o in outcomes] == [
        ("ready database", False),
        ("scale service to full", False),
        ("await service at full", False),
        ("switch over database", True),
        ("switch traffic", True),
        ("verify", False),
        ("settle", False),
        ("scale service to standby", True),
        ("await service at standby", False),
    ]
    assert world.aws.writers == [IRELAND]
    assert world.aws.groups == {IRELAND: [5, 24, 5, 5], FRANKFURT: [2, 24, 2, 2]}
    assert world.aws.alarm == "OK"
    assert world.aws.changes().count("rds:failover_global_cluster") == 1


def test_a_planned_failover_switches_over_and_carries_the_load_of_the_hour(world: Any) -> None:
    world.aws.groups[IRELAND] = [5, 24, 17, 17]

    execute(world.run("planned"))

    assert world.aws.writers == [FRANKFURT]
    assert world.aws.groups[FRANKFURT] == [5, 24, 17, 17]
    assert "rds:failover_global_cluster" not in world.aws.changes()


def test_the_alarm_is_proof_enough_when_the_home_of_route_53_is_what_was_lost(world: Any) -> None:
    world.aws.dark = {IRELAND, "us-east-1"}

    outcomes = execute(world.run())

    switched = next(o for o in outcomes if o.title == "switch traffic")
    assert switched.proof == (
        "alarm shop-traffic-leaves-eu-west-1 is ALARM; DNS not asked: the API of Route 53 does not answer"
    )


def test_a_preview_changes_nothing_and_writes_nothing(world: Any) -> None:
    previews = preview(world.run())

    assert [p.found.need for p in previews] == ["act", "act", "act", "act", "act", "act"]
    assert world.aws.changes() == []
    assert [*world.folder.iterdir()] == []


def test_the_recovery_region_shrinks_only_after_resolvers_have_forgotten_it(world: Any) -> None:
    execute(world.run())
    began = world.clock.seconds

    outcomes = execute(world.run("failback"))

    switched = next(o for o in outcomes if o.title == "switch traffic")
    assert world.clock.seconds - began >= 60 + switched.measured_seconds


def test_what_was_measured_here_never_mixes_with_what_aws_takes(world: Any) -> None:
    outcomes = execute(world.run())

    promoted = next(o for o in outcomes if o.title == "promote database").to_dict()

    assert promoted == {
        "step": "promote database",
        "acted": True,
        "proof": "the one writer of shop-database is in eu-central-1",
        "measured_seconds": 10.0,
        "aws": describe_fact(recovery_times.AURORA_GLOBAL_FAILOVER),
    }
