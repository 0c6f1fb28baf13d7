"""A run that dies anywhere and is started again ends where an undisturbed one ends."""

from __future__ import annotations

import contextlib
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from crashing import ONCE, QUICK, Crash, crash_at, crashes_anywhere, heal, run_through
from hypothesis import given, settings
from hypothesis import strategies as st

from cdk_standby_runbooks.journal import Journal
from cdk_standby_runbooks.runner import execute

IRELAND, FRANKFURT = "eu-west-1", "eu-central-1"


def end_of(world: Any) -> Any:
    return world.aws.writers, {region: group[:3] for region, group in world.aws.groups.items()}, world.aws.thrown


@settings(max_examples=100, deadline=None)
@given(crashes=crashes_anywhere, runbook=st.sampled_from(["failover", "planned"]))
def test_a_run_that_died_at_any_call_goes_on_to_the_same_end(new_world: Any, crashes: Any, runbook: str) -> None:
    with tempfile.TemporaryDirectory(dir=QUICK) as folder:
        world = new_world(Path(folder))

        run_through(world, runbook, crashes)

        assert end_of(world) == ([FRANKFURT], {IRELAND: [5, 24, 5], FRANKFURT: [5, 24, 5]}, 1.0)
        assert len([call for call in world.aws.changes() if call in ONCE]) == 1


@settings(max_examples=100, deadline=None)
@given(there=crashes_anywhere, back=crashes_anywhere)
def test_however_often_it_dies_the_writer_moves_once_and_back_once(new_world: Any, there: Any, back: Any) -> None:
    with tempfile.TemporaryDirectory(dir=QUICK) as folder:
        world = new_world(Path(folder))

        run_through(world, "failover", there)
        run_through(world, "failback", back)

        assert end_of(world) == ([IRELAND], {IRELAND: [5, 24, 5], FRANKFURT: [2, 24, 2]}, 0.0)
        assert [call for call in world.aws.changes() if call in ONCE] == [*ONCE]


@settings(max_examples=60, deadline=None)
@given(dies_at=st.integers(1, 40), torn=st.integers(0, 60))
def test_a_journal_torn_in_its_last_line_is_read_up_to_there(new_world: Any, dies_at: int, torn: int) -> None:
    with tempfile.TemporaryDirectory(dir=QUICK) as folder:
        world = new_world(Path(folder))
        crash_at(world.aws, dies_at, when="before")
        with contextlib.suppress(Crash):
            execute(world.run())
        heal(world.aws)
        tear(Path(folder) / "journal.jsonl", torn)

        if world.aws.writers != [FRANKFURT] or world.aws.alarm != "ALARM":
            execute(world.run())

        assert end_of(world) == ([FRANKFURT], {IRELAND: [5, 24, 5], FRANKFURT: [5, 24, 5]}, 1.0)
        assert world.aws.changes().count("rds:failover_global_cluster") == 1


def tear(journal: Path, characters: int) -> None:
    """A machine that dies while it writes leaves the beginning of a line that was never acted upon."""
    if journal.exists():
        with journal.open("ab") as file:
            file.write(b'{"at": "2026-11-21T09:00:00.000+00:00", "event": "intended", "step": "x"}'[:characters])


def test_killing_the_process_in_the_middle_of_a_write_is_survived_for_real(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    script = (
        "import os, sys; from datetime import UTC, datetime; from pathlib import Path;"
        "from cdk_standby_runbooks.journal import Journal;"
        "journal = Journal.read(Path(sys.argv[1]), 'shop');"
        "journal.write(datetime.now(UTC), 'begun', workload='shop', direction='failover', runbook='failover');"
        "open(sys.argv[1], 'ab').write(b'{\"event\"'); os._exit(9)"
    )

    died = subprocess.run([sys.executable, "-c", script, str(path)], check=False)

    journal = Journal.read(path, "shop")
    assert died.returncode == 9
    assert journal.begun is not None
    journal.write(datetime.now(UTC), "finished")
    assert [record["event"] for record in Journal.read(path, "shop").records] == ["begun", "finished"]
