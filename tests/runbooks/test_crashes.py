"""A run that dies anywhere and is started again ends where an undisturbed one ends."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cdk_standby_runbooks.runner import execute

IRELAND, FRANKFURT = "eu-west-1", "eu-central-1"
ONCE = ("rds:failover_global_cluster", "rds:switchover_global_cluster")


class Crash(BaseException):
    """The machine of the runner is gone."""


def crash_at(aws: Any, number: int, *, when: str) -> None:
    """Die right before, or right after, the call of that number counted from now."""
    left = number

    def die(call: str, region: str) -> None:
        nonlocal left
        left -= 1
        if left == 0:
            raise Crash

    setattr(aws, when, die)


def heal(aws: Any) -> None:
    aws.before = aws.after = lambda call, region: None


def run_through(world: Any, runbook: str, crashes: list[tuple[int, str]]) -> None:
    for number, when in crashes:
        crash_at(world.aws, number, when=when)
        try:
            execute(world.run(runbook))
        except Crash:
            heal(world.aws)
        else:
            heal(world.aws)
            return
    execute(world.run(runbook))


def end_of(world: Any) -> Any:
    return world.aws.writers, {region: group[:3] for region, group in world.aws.groups.items()}, world.aws.thrown


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("runbook", ["failover", "planned"])
@pytest.mark.parametrize("number", range(1, 60))
def test_a_run_that_died_at_any_call_goes_on_to_the_same_end(world: Any, number: int, runbook: str, when: str) -> None:
    run_through(world, runbook, [(number, when)])

    assert end_of(world) == ([FRANKFURT], {IRELAND: [5, 24, 5], FRANKFURT: [5, 24, 5]}, 1.0)
    assert sum(world.aws.changes().count(call) for call in ONCE) == 1 + (
        when == "before" and died_before_the_move(world.aws)
    )


def died_before_the_move(aws: Any) -> int:
    """The fake notes a call before it dies "before" it: such a one never reached AWS."""
    return sum(aws.changes().count(call) for call in ONCE) - 1


@settings(max_examples=60, deadline=None)
@given(crashes=st.lists(st.tuples(st.integers(1, 60), st.just("after")), max_size=5))
def test_however_often_it_dies_the_writer_moves_once_and_back_once(crashes: list[tuple[int, str]]) -> None:
    from tests_runbooks_conftest import World

    with tempfile.TemporaryDirectory() as folder:
        world = World(Path(folder))

        run_through(world, "failover", crashes)
        run_through(world, "failback", crashes)

        assert end_of(world) == ([IRELAND], {IRELAND: [5, 24, 5], FRANKFURT: [2, 24, 2]}, 0.0)
        assert [call for call in world.aws.changes() if call in ONCE] == [*ONCE]
