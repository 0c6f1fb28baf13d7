# ruff: noqa: N818  (names say what happened; the word Error would add nothing to a tree of them)
"""What can go wrong in a runbook; every class carries the exit code of the command line.

RunbookError                      1   something else: the message says what
|- Usage                          2   the command line does not fit together
|- PlanUnreadable                10   no plan there, or not one of ours
|- PlanOfAnotherWorkload         11   the plan, journal or account belongs to somebody else
|- NotLocal                      12   the endpoint is not on this machine and --aws was not given
|- AlreadyActive                 20   the Region that should take over already has everything
|- ConsentMissing                21   more data may be lost than the objective allows, and nobody agreed to it
|- TwoWritersDanger              22   going on could leave two writers, or somebody else moves the writer right now
|- NotReady                      23   what the next step needs is not there (yet)
|- StepNotProven                 30   a step acted, and its proof did not come in time: run the same command again
|- CallFailed                    31   AWS refused a call, or a Region that is needed does not answer
|- JournalInUse                  40   another runner works on this workload
|- OppositeRunUnfinished         41   a run of the other direction is half-way: finish or close that one first
|- JournalUnreadable             42   the journal is damaged in the middle
|- DrillFailed                   50   a rehearsal did not end as the plan says
`- Interrupted                  130   Ctrl-C; the journal is kept, the same command goes on
"""

from __future__ import annotations


class RunbookError(Exception):
    """A runbook stopped for a reason that a person can act on; never shown with a stack trace."""

    exit_code = 1


class Usage(RunbookError):
    """The command line does not fit together."""

    exit_code = 2


class PlanUnreadable(RunbookError):
    """There is no plan where one was expected, or it is not one that this version reads."""

    exit_code = 10


class PlanOfAnotherWorkload(RunbookError):
    """The plan, the journal or the credentials belong to another workload or account."""

    exit_code = 11


class NotLocal(RunbookError):
    """Calls would leave this machine, and nobody said ``--aws``."""

    exit_code = 12


class AlreadyActive(RunbookError):
    """The Region that should take over already holds the writer and the traffic."""

    exit_code = 20


class ConsentMissing(RunbookError):
    """More data may be lost than the objective allows; somebody must say so in words."""

    exit_code = 21


class TwoWritersDanger(RunbookError):
    """Going on could leave two writers."""

    exit_code = 22


class NotReady(RunbookError):
    """Something that the next step needs is missing."""

    exit_code = 23


class StepNotProven(RunbookError):
    """A step acted, and its proof did not come in time."""

    exit_code = 30


class CallFailed(RunbookError):
    """AWS refused a call, or did not answer."""

    exit_code = 31


class JournalInUse(RunbookError):
    """Another runner holds the lock of this workload's journal."""

    exit_code = 40


class OppositeRunUnfinished(RunbookError):
    """A run of the other direction is half-way through."""

    exit_code = 41


class JournalUnreadable(RunbookError):
    """The journal is damaged somewhere else than in its last line."""

    exit_code = 42


class DrillFailed(RunbookError):
    """A rehearsal did not end as the plan says."""

    exit_code = 50


class DemoFailed(RunbookError):
    """A phase of the demo failed."""

    exit_code = 51


class Interrupted(RunbookError):
    """Somebody pressed Ctrl-C."""

    exit_code = 130
