"""The durable record of runs: one JSON object per line, on disk before the act that it announces.

It survives a crash at any point, a torn last line included: what follows the last whole line is dropped on reading and
cut off before the next write. It does not survive the loss of the disk: the truth is always asked of AWS, the journal
only remembers which run is under way, who agreed to what, and which act was already sent.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from .errors import JournalInUse, JournalUnreadable, PlanOfAnotherWorkload

FOLDER: Final = Path(".cdk-standby/journal")
Record = Mapping[str, Any]


@dataclass(slots=True)
class Journal:
    """One file; it may hold several runs of one workload, one after the other.

    Args:
        path: where it is; it need not exist yet.
        workload: whose runs it records.
    """

    path: Path
    workload: str
    records: list[Record] = field(default_factory=list[Record])

    @classmethod
    def read(cls, path: Path, workload: str) -> Journal:
        """Read what is there.

        Raises:
            JournalUnreadable: a line that is not the last one is damaged.
            PlanOfAnotherWorkload: it records the runs of another workload.
        """
        journal = cls(path, workload, [*_records(path)])
        for record in journal.records:
            if record.get("workload", workload) != workload:
                raise PlanOfAnotherWorkload(
                    f"the journal {path} records runs of {record['workload']}, the plan is of {workload}; "
                    "give the right plan, or another --journal"
                )
        return journal

    @property
    def run(self) -> list[Record]:
        """The records of the newest run."""
        begun = [index for index, record in enumerate(self.records) if record["event"] == "begun"]
        return self.records[begun[-1] :] if begun else []

    @property
    def begun(self) -> Record | None:
        """How the newest run began; None without one, or once it has finished."""
        if not self.run or self.run[-1]["event"] in ("finished", "closed"):
            return None
        return self.run[0]

    def said(self, event: str, step: str) -> Record | None:
        """The newest record of that event for a step in the newest run."""
        matching = [record for record in self.run if record["event"] == event and record.get("step") == step]
        return matching[-1] if matching else None

    def write(self, at: datetime, event: str, **fields: Any) -> None:
        """Append a record; when this returns, it is on the disk."""
        record = {"at": at.isoformat(timespec="milliseconds"), "event": event, **fields}
        new = not self.path.exists()
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self.path.open("r+b" if not new else "w+b") as file:
            file.seek(_whole(file.read()))
            file.truncate()
            file.write(json.dumps(record, sort_keys=True).encode() + b"\n")
            file.flush()
            os.fsync(file.fileno())
        if new:
            _sync_folder(self.path.parent)
        self.records.append(record)


def find_journal(folder: Path, workload: str, name: str) -> Journal:
    """The journal of the unfinished run of this workload, else a new one.

    Args:
        folder: where journals lie.
        workload: whose.
        name: the new one's distinguishing name, if there is no unfinished run.
    """
    for path in sorted(folder.glob(f"{workload}-*.jsonl"), reverse=True):
        records = [*_records(path)]
        if records and records[0].get("workload") == workload:
            journal = Journal(path, workload, records)
            if journal.begun:
                return journal
    path, again = folder / f"{workload}-{name}.jsonl", 1
    while path.exists():
        path, again = folder / f"{workload}-{name}-{again}.jsonl", again + 1
    return Journal(path, workload)


@contextmanager
def locked(path: Path, workload: str) -> Generator[None]:
    """Keep a second runner of this workload away; the lock ends with the process, however it ends.

    Args:
        path: the file to lock; made when it is missing.
        workload: for the message.

    Raises:
        JournalInUse: somebody else holds it.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            holder = file.read().strip() or "unknown"
            raise JournalInUse(
                f"another runner works on {workload} (process {holder}, lock {path}); wait for it, then run again"
            ) from None
        file.seek(0)
        file.truncate()
        file.write(str(os.getpid()))
        file.flush()
        yield


def _records(path: Path) -> Iterator[Record]:
    if not path.exists():
        return
    content = path.read_bytes()
    for number, line in enumerate(content[: _whole(content)].splitlines(), start=1):
        try:
            record: Record = json.loads(line)
            _ = record["event"], record["at"]
        except (ValueError, TypeError, KeyError):
            raise JournalUnreadable(
                f"the journal {path} is damaged in line {number}; look at it, then move it away: "
                "what AWS shows now is the truth, and every step checks it before acting"
            ) from None
        yield record


def _whole(content: bytes) -> int:
    """Where the last whole line ends."""
    return content.rfind(b"\n") + 1


def _sync_folder(folder: Path) -> None:
    """A new file is only durable once its folder is."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
