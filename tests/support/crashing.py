"""A runner that dies before or after any call, and is started again."""

from __future__ import annotations

import os
from typing import Any

from hypothesis import strategies as st

from cdk_standby_runbooks.runner import execute

# A folder in memory where there is one: hundreds of runs, each with dozens of syncs to the disk.
QUICK = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
ONCE = ("rds:failover_global_cluster", "rds:switchover_global_cluster")

crashes_anywhere = st.lists(st.tuples(st.integers(1, 70), st.sampled_from(["before", "after"])), max_size=4)


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
    """Let every call arrive again."""
    aws.before = aws.after = lambda call, region: None


def run_through(world: Any, runbook: str, crashes: list[tuple[int, str]]) -> None:
    """Start the run anew after each crash, until it ends."""
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
