"""A ledger of acknowledged writes per database, so that a drill counts what a failover lost instead of believing it.

Rows are numbers, not data. A Region that went dark is taken to be lost right after its last write: the worst moment.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from weakref import WeakKeyDictionary

from ...wire import Call


@dataclass(slots=True)
class Ledger:
    """When the rows of one database were written; what a failover lost is gone for good."""

    written: list[float] = field(default_factory=list[float])
    lost: int = 0

    def reached(self, *, seconds_behind: float, writer_is_dark: bool) -> int:
        """How many rows a reader has that is so far behind."""
        if not self.written:
            return 0
        now = self.written[-1] if writer_is_dark else time.monotonic()
        return sum(at <= now - seconds_behind for at in self.written)


# Two services look at it (`rds` and `rds-data`), and a store belongs to one: the clients are what both share.
_LEDGERS: WeakKeyDictionary[object, dict[str, Ledger]] = WeakKeyDictionary()


def ledger(call: Call, database: str) -> Ledger:
    """The ledger of a global database or, by its ARN, of a cluster that stands alone."""
    return _LEDGERS.setdefault(call.clients, {}).setdefault(database, Ledger())


def lose(call: Call, database: str, *, seconds_behind: float, writer_is_dark: bool) -> int:
    """Forget what a promoted reader had not got yet, and say how many rows that were."""
    mine = ledger(call, database)
    kept = mine.reached(seconds_behind=seconds_behind, writer_is_dark=writer_is_dark)
    gone = len(mine.written) - kept
    mine.lost += gone
    del mine.written[kept:]
    return gone
