"""What the recovery points of a deployment must be: where data was restored it stays, whatever the strategy becomes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cdk_standby._checks import Options, Rule, shown
from cdk_standby_review.facts import rds_clusters, restores

from .strategies import BACKUP_AND_RESTORE, MULTI_AZ
from .tiers import Kind, MultiAzDbCluster
from .tiers.relational import Aurora

RESTORE_PAGE = "https://docs.aws.amazon.com/aws-backup/latest/devguide/restoring-aur.html"
_REGION_OF_ARN = 3
_ALONE = (MULTI_AZ, BACKUP_AND_RESTORE)
"""Strategies whose data lives in one Region."""


def restored_in(restored: Mapping[str, str] | None, active: str) -> str | None:
    """The Region where data was restored, by the ARNs of its recovery points; without ARNs the active one."""
    regions = [region_of(point) or active for point in (restored or {}).values()]
    return regions[0] if regions else None


def region_of(point: str) -> str | None:
    """The Region that an ARN names."""
    parts = point.split(":")
    return parts[_REGION_OF_ARN] if parts[0] == "arn" and len(parts) > _REGION_OF_ARN else None


def lacking(o: Options) -> list[str]:
    """The tiers that cannot be where they are to be, since nobody said what they are restored from.

    What says where data was born are databases or, where there is none, tables.
    """
    if not _born_elsewhere(o):
        return []
    kinds = (Kind.RELATIONAL, Kind.TABLE)
    born = next((found for kind in kinds if (found := o["workload"].of_kind(kind))), ())
    return [tier.name for tier in born if tier.name not in (o["restored"] or {})]


def _born_elsewhere(o: Options) -> bool:
    if o["restored"]:
        return bool(restored_in(o["restored"], o["active"] or o["primary"]) != o["primary"])
    return o["strategy"] is BACKUP_AND_RESTORE and o["active"] not in (None, o["primary"])


def _regions(o: Options) -> set[str]:
    """As far as recovery points name them; snapshots without an ARN lie where they are looked for."""
    return {region for point in _points(o) if (region := region_of(point))}


def _points(o: Options) -> list[str]:
    restored: Mapping[str, str] = o["restored"] or {}
    return list(restored.values())


def _homes(o: Options) -> list[Any]:
    return [home for home in (o["primary"], o["recovery"]) if home is not None]


def _waiting(o: Options) -> list[str]:
    """Databases whose instances would wait in the Region that the plan leads away from."""
    if o["strategy"] in _ALONE or not _born_elsewhere(o):
        return []
    return [tier.name for tier in o["workload"].tiers if isinstance(tier, Aurora) and tier.headless_secondary]


def _unreadable(o: Options) -> list[str]:
    return [tier.name for tier in o["workload"].tiers if isinstance(tier, MultiAzDbCluster)]


RESTORED_RULES = (
    Rule(
        option="restored",
        reads=("primary", "active"),
        broken=lambda o: bool(lacking(o)),
        allowed=lambda o: "a recovery point for each of " + ", ".join(map(shown, lacking(o))),
        why="nothing of a database but its backups is in the other Region",
        source=RESTORE_PAGE,
    ),
    Rule(
        option="restored",
        broken=lambda o: bool(set(o["restored"] or {}) - {tier.name for tier in o["workload"].tiers}),
        allowed=lambda o: "names of tiers: " + ", ".join(shown(tier.name) for tier in o["workload"].tiers),
        why="recovery points belong to tiers",
    ),
    Rule(
        option="restored",
        reads=("primary", "recovery", "active"),
        broken=lambda o: len(_regions(o)) > 1 or not _regions(o) <= set(_homes(o)),
        allowed=lambda o: f"recovery points of one Region, {' or '.join(map(shown, _homes(o)))}",
        why="AWS restores within a Region, and what belongs together was restored together",
        source=restores.SOURCES["cluster"].source,
    ),
    Rule(
        option="restored",
        reads=("primary", "active"),
        broken=lambda o: (
            o["strategy"] in _ALONE
            and len(_regions(o)) == 1
            and _regions(o) <= set(_homes(o))
            and _regions(o) != {o["active"] or o["primary"]}
        ),
        allowed=lambda o: (
            f"recovery points in {shown(o['active'] or o['primary'])}, which is active; or the other "
            "Region as 'active', which has the data"
        ),
        why="nothing of the data but its backups leaves the Region where it was restored",
        source=RESTORE_PAGE,
    ),
    Rule(
        option="restored",
        broken=lambda o: o["strategy"] not in _ALONE and None in map(region_of, _points(o)),
        allowed="ARNs, which name the Region where they lie",
        why="who is active changes, and where data was restored does not",
        source=restores.SOURCES["cluster"].source,
    ),
    Rule(
        option="restored",
        reads=("primary", "active"),
        broken=lambda o: bool(_waiting(o)),
        allowed=lambda o: "'headless_secondary' False of " + ", ".join(map(shown, _waiting(o))),
        why="the recovery plan gives instances to the recovery Region, and the data is there",
    ),
    Rule(
        option="restored",
        broken=lambda o: bool(set(_unreadable(o)) & set(o["restored"] or {})),
        allowed=lambda o: "left out for " + ", ".join(map(shown, _unreadable(o))),
        why=rds_clusters.COPIES.says,
        source=rds_clusters.COPIES.source,
    ),
)
