"""Runs commands side by side and compares them. Only ratios leave this module: seconds belong to the machine."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Sample:
    """What one run took, with all the processes that it waited for."""

    wall: float
    cpu: float
    peak: float
    """Of its largest process."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contest:
    """Two commands, of which the first is measured in units of the second."""

    says: str
    ours: Sequence[str]
    theirs: Sequence[str]
    aim: str
    per: float = 1.0
    """How much more the first one does than the second: a ratio is divided by it."""
    environment: Mapping[str, str] = field(default_factory=dict)
    found: int = 0
    """The exit code of the first one that says: done, and found something."""
    repetitions: int = 0
    """How many turns, when the run takes minutes; 0: as many as were asked for."""


@dataclass(frozen=True, slots=True)
class Ratio:
    wall: float
    low: float
    high: float
    cpu: float
    peak: float


def run(command: Sequence[str], environment: Mapping[str, str], also: int = 0) -> Sample:
    """One run; what it prints is of interest only when it fails."""
    started = time.perf_counter()
    process = subprocess.Popen(
        command, env=os.environ | dict(environment), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    errors = process.stderr.read() if process.stderr else b""
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in (0, also):
        sys.exit(f"{' '.join(command)} failed:\n{errors.decode(errors='replace')}")
    return Sample(wall=wall, cpu=usage.ru_utime + usage.ru_stime, peak=usage.ru_maxrss)


def compare(contest: Contest, *, repetitions: int) -> Ratio:
    """In turns, so that a busy machine is unfair to both; the first turn only warms caches."""
    turns = [
        (run(contest.ours, contest.environment, contest.found), run(contest.theirs, contest.environment))
        for _ in range(repetitions + 1)
    ][1:]
    ratios = {
        name: [getattr(ours, name) / getattr(theirs, name) / contest.per for ours, theirs in turns]
        for name in ("wall", "cpu", "peak")
    }
    return Ratio(
        wall=statistics.median(ratios["wall"]),
        low=min(ratios["wall"]),
        high=max(ratios["wall"]),
        cpu=statistics.median(ratios["cpu"]),
        peak=statistics.median(ratios["peak"]),
    )
