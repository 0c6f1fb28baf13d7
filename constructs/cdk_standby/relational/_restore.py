"""Where a database's data comes from, when it is not born empty."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cdk_standby_review.facts import Fact
from cdk_standby_review.facts import restores as facts

from .._checks import Options, Rule
from .._tokens import is_token


@dataclass(frozen=True, slots=True, kw_only=True)
class Restore:
    """What a database is restored from: a snapshot, or another database as it was at some second.

    It stays in the code for ever: a database whose origin is taken away, or changed, is replaced (the old one is
    retained). The name of the construct stays too, so that a database is restored under the logical ids it had.

    Args:
        snapshot: the identifier of a snapshot of this Region, or its ARN; left out: `source` says where from.
        source: another database of this Region: its identifier, its ARN, its resource id when it was deleted, or the
            ARN of automated backups that another Region left here; left out: `snapshot` says where from.
        at: the second to restore to, such as ``"2026-11-21T14:30:00Z"``; left out: the latest one that there is.
        clone: True shares storage with an Aurora cluster until either writes, in minutes whatever its size; left out:
            a full copy.
    """

    snapshot: str | None = None
    source: str | None = None
    at: str | None = None
    clone: bool = False

    @classmethod
    def from_snapshot(cls, id: str) -> Restore:
        """From a snapshot: manual, automated, or made by AWS Backup."""
        return cls(snapshot=id)

    @classmethod
    def to_time(cls, source: str, at: str) -> Restore:
        """As a database was at a second, in UTC."""
        return cls(source=source, at=at)

    @classmethod
    def to_latest(cls, source: str) -> Restore:
        """As a database was at the latest second that its backups know, usually five minutes ago."""
        return cls(source=source)

    @classmethod
    def clone_of(cls, source: str) -> Restore:
        """As an Aurora cluster is now, without copying it."""
        return cls(source=source, clone=True)

    def __str__(self) -> str:
        """As it was typed."""
        given = {name: getattr(self, name) for name in ("snapshot", "source", "at", "clone")}
        return f"Restore({', '.join(f'{name}={value!r}' for name, value in given.items() if value)})"

    @property
    def to_point_in_time(self) -> bool:
        """Whether another database is the origin, and no snapshot."""
        return self.source is not None

    def cluster(self) -> dict[str, Any]:
        """The properties of a `CfnDBCluster` that say so."""
        if self.source is None:
            return {"snapshot_identifier": self.snapshot}
        by = "source_db_cluster_resource_id" if _is_resource_id(self.source) else "source_db_cluster_identifier"
        kind = {"restore_type": "copy-on-write"} if self.clone else {}
        return {by: self.source, **self._second("restore_to_time"), **kind}

    def instance(self) -> dict[str, Any]:
        """The properties of a `CfnDBInstance` that say so."""
        if self.source is None:
            cluster = ":cluster-snapshot:" in str(self.snapshot)
            return {"db_cluster_snapshot_identifier" if cluster else "db_snapshot_identifier": self.snapshot}
        by = "source_db_instance_identifier"
        if ":auto-backup:" in self.source:
            by = "source_db_instance_automated_backups_arn"
        elif _is_resource_id(self.source):
            by = "source_dbi_resource_id"
        return {by: self.source, **self._second("restore_time")}

    def _second(self, option: str) -> dict[str, Any]:
        return {"use_latest_restorable_time": True} if self.at is None else {option: self.at}

    @staticmethod
    def rules(option: str = "restore", *, of: str = "instance") -> tuple[Rule, ...]:
        """What a `Restore` must be, for a construct that takes one; `of` is what it restores: instance or cluster."""
        return (
            _rule(option, _bad_origin, "a snapshot or a source, one of them", facts.KEPT_FOR_EVER),
            _rule(option, _bad_snapshot, "the identifier of a snapshot, or its ARN", facts.SNAPSHOTS),
            _rule(
                option, lambda r: _bad_source(r, of), "a source by identifier, ARN or resource id", facts.SOURCES[of]
            ),
            _rule(option, _bad_time, "a source as it was at a second such as '2026-11-21T14:30:00Z'", facts.TIMES),
            _rule(option, lambda r: _bad_clone(r, of), "a clone of a cluster, as it is now", facts.CLONES),
            Rule(
                option=option,
                broken=lambda o: o[option] is not None and _elsewhere(o[option], o),
                allowed=lambda o: f"what lies in {o['region']}, where the database is to be",
                why="RDS restores within a Region: a snapshot is copied first, automated backups are replicated before",
                source=facts.SOURCES[of].source,
            ),
        )


def _rule(option: str, broken: Callable[[Restore], bool], allowed: str, fact: Fact[Any]) -> Rule:
    def breaks(options: Options) -> bool:
        return options[option] is not None and broken(options[option])

    return Rule(option=option, broken=breaks, allowed=allowed, why=fact.says, source=fact.source)


def _is_resource_id(source: str) -> bool:
    return re.fullmatch(facts.RESOURCE_IDS.value, source) is not None


def _bad(fact: Fact[str], text: str | None) -> bool:
    return text is not None and not is_token(text) and re.fullmatch(fact.value, text) is None


def _bad_origin(restore: Restore) -> bool:
    return (restore.snapshot is None) == (restore.source is None)


def _bad_snapshot(restore: Restore) -> bool:
    return _bad(facts.SNAPSHOTS, restore.snapshot)


def _bad_source(restore: Restore, of: str) -> bool:
    return _bad(facts.SOURCES[of], restore.source)


def _bad_time(restore: Restore) -> bool:
    if restore.at is None or is_token(restore.at):
        return False
    return restore.source is None or _bad(facts.TIMES, restore.at) or not _exists(restore.at)


def _exists(second: str) -> bool:
    try:
        datetime.fromisoformat(second)
    except ValueError:
        return False
    return True


def _bad_clone(restore: Restore, of: str) -> bool:
    return restore.clone and (of not in facts.CLONES.value or restore.at is not None or restore.source is None)


def _elsewhere(restore: Restore, options: Options) -> bool:
    here = options.get("region")
    arns = (text for text in (restore.snapshot, restore.source) if text and text.startswith("arn:"))
    return any(
        arn.split(":")[3] != here for arn in arns if not (is_token(arn) or is_token(here)) and arn.count(":") > 5
    )
