"""What each strategy keeps running in a second Region, and what that costs while nothing happens."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ._model import Confidence, Fact, Range

_DATE = "2026-11-21"
_WHITEPAPER = (
    "https://docs.aws.amazon.com/whitepapers/latest/disaster-recovery-workloads-on-aws/"
    "disaster-recovery-options-in-the-cloud.html"
)


def _share(low: float, high: float, says: str, how: str) -> Fact[Range]:
    return Fact(
        value=Range(low, high), unit="share of the bill", says=says, source=f"assumed: {how}", date=_DATE,
        confidence=Confidence.ASSUMED,
    )  # fmt: skip


COMPUTE = _share(
    0.3, 0.6, "instances that answer are a third to more than half of the bill of one Region",
    "30 to 60 percent; take the shares of your own bill",
)  # fmt: skip
DATA = _share(
    0.25, 0.4, "stores of record are a quarter to two fifths of the bill of one Region",
    "25 to 40 percent; take the shares of your own bill",
)  # fmt: skip
COPIES = _share(
    0.02, 0.1, "copies of backups in a second Region, and carrying them there, cost a few percent",
    "2 to 10 percent, by how much changes and how long it is kept",
)  # fmt: skip
REPLICATION = _share(
    0.01, 0.05, "carrying every write to a second Region costs a few percent",
    "1 to 5 percent, by how much is written",
)  # fmt: skip
SCALE = _share(
    0.2, 0.5, "a warm standby runs a fifth to a half of the instances",
    "the option 'scale' decides; 20 to 50 percent is usual",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Standby:
    """A strategy, and how much of each part of the bill it pays a second time."""

    name: str
    """As templates have it in their metadata."""
    word: str
    """The class that stands in the app."""
    has: str
    """What stands in the second Region."""
    meanwhile: str
    """What answers between the loss of the Region and the end of the recovery."""
    loses: str
    """Which writes are gone when the Region is."""
    compute: Range
    data: Range
    other: Range
    """Networks, load balancers, endpoints, keys, alarms."""
    extra: tuple[Fact[Range], ...] = ()
    """What one Region does not pay at all."""
    source: str = _WHITEPAPER


_NOTHING, _HALF, _ALL = Range(0, 0), Range(0.5, 1), Range(1, 1)

LADDER: tuple[Standby, ...] = (
    Standby(
        name="multi-az", word="MultiAz", has="nothing", meanwhile="nothing", loses="everything since the data was born",
        compute=_NOTHING, data=_NOTHING, other=_NOTHING,
    ),
    Standby(
        name="backup-and-restore", word="BackupRestore", has="copies of backups, keys, credentials and images",
        meanwhile="nothing", loses="what was written since the last backup that had been copied",
        compute=_NOTHING, data=_NOTHING, other=_NOTHING, extra=(COPIES,),
    ),
    Standby(
        name="pilot-light", word="PilotLight", has="live data, and everything else without an instance that runs",
        meanwhile="nothing", loses="the writes that had not been replicated yet",
        compute=_NOTHING, data=_HALF, other=_HALF, extra=(COPIES, REPLICATION),
    ),
    Standby(
        name="warm-standby", word="WarmStandby", has="live data, and a part of the instances",
        meanwhile="nothing until traffic is switched, then a part of the load",
        loses="the writes that had not been replicated yet",
        compute=SCALE.value, data=_HALF, other=_ALL, extra=(COPIES, REPLICATION),
    ),
    Standby(
        name="multi-site", word="MultiSite", has="everything, and it serves",
        meanwhile="all reads of the other Region, and its writes where a store has several writers",
        loses="the writes that had not been replicated yet",
        compute=_ALL, data=_ALL, other=_ALL, extra=(COPIES, REPLICATION),
    ),
)  # fmt: skip
"""From what costs least to what comes back soonest; a step up is another word, and replaces no data."""
BY_NAME: Mapping[str, Standby] = {standby.name: standby for standby in LADDER}
