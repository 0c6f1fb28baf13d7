"""Automated backups of databases that are gone: they can be restored from by resource id, until they expire on AWS.

https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_WorkingWithAutomatedBackups.html
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from ...wire import Call

Values = dict[str, Any]


def _all(call: Call) -> dict[str, Values]:
    found: dict[str, Values] = call.state.setdefault("retained", {})
    return found


def keep(call: Call, id: str, config: Values, held: list[float], born: datetime) -> None:
    """The database goes, its backups stay."""
    _all(call)[f"{call.region}/{id}"] = {"config": config, "rows": held, "born": born, "ended": datetime.now(UTC)}


def find(call: Call, id: str) -> Values | None:
    """What is left of a database."""
    return _all(call).get(f"{call.region}/{id}")


def clear(call: Call, source: str, kind: str) -> None:
    """End the emulator's own automated snapshots: it never deletes a cluster's, and their names collide."""
    by, part = {
        "db": ("DBInstanceIdentifier", "DBSnapshot"),
        "cluster": ("DBClusterIdentifier", "DBClusterSnapshot"),
    }[kind]
    asked = {by: source, "SnapshotType": "automated"}
    for one in call.moto(asked, operation=f"Describe{part}s")[f"{part}s"]:
        name = f"{part}Identifier"
        if one[by] == source:
            call.moto({name: one[name]}, operation=f"Delete{part}")
