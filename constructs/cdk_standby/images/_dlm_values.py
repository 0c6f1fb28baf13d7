"""When snapshots are made and how long they are kept, as Data Lifecycle Manager understands it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from aws_cdk import Duration
from aws_cdk import aws_dlm as dlm

from cdk_standby_review.facts import Fact, images
from cdk_standby_review.facts import volumes as facts
from cdk_standby_review.schedules import interval_of

from .._checks import Problem, shown
from .._tokens import is_token
from ._copies import SnapshotCopy, whole_days

Policy = dlm.CfnLifecyclePolicy
_HOUR = 3600
START_WITHIN = _HOUR
"""Seconds after its time within which an operation starts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SnapshotSchedule:
    """When snapshots are made, and how long they are kept: by count or by age.

    Args:
        name: unique in its policy.
        every: 1, 2, 3, 4, 6, 8, 12 or 24 hours; left out: `cron` says when.
        at: the time of day from which `every` is counted, as ``hh:mm`` in UTC; left out: 03:00.
        cron: ``cron(...)`` in UTC, between once an hour and once a year; left out: `every` says when.
        keep: how many snapshots of a volume are kept, 1 to 1000; left out: `keep_for` says how long.
        keep_for: how long each is kept, in whole days; left out: `keep` says how many.
        copied: whether the policy's other Regions get them; left out: they do.
        fast_restore_in: zones in which volumes of the newest snapshots are fast from their first second, paid by the
            hour; left out: none.
        fast_restore: how many of the newest snapshots that holds for, at most `keep`; left out: the newest.
        share_with: accounts that may use the snapshots, as the key's own policy has to allow too; left out: none.
        unshare_after: when they no longer may, in whole days; left out: never.
    """

    name: str
    every: Duration | None = None
    at: str = "03:00"
    cron: str | None = None
    keep: int | None = None
    keep_for: Duration | None = None
    copied: bool = True
    fast_restore_in: Sequence[str] = ()
    fast_restore: int = 1
    share_with: Sequence[str] = ()
    unshare_after: Duration | None = None

    @property
    def interval(self) -> float | None:
        """Seconds between two snapshots; None where that is not understood."""
        if self.every is not None:
            return None if self.every.is_unresolved() else self.every.to_seconds(integral=False)
        return interval_of(self.cron or "")


def rendered(schedule: SnapshotSchedule, copies: Sequence[SnapshotCopy]) -> Policy.ScheduleProperty:
    """A schedule of a policy of snapshots."""
    return Policy.ScheduleProperty(
        name=schedule.name,
        create_rule=create_rule(schedule.every, schedule.at, schedule.cron),
        retain_rule=retain_rule(schedule.keep, schedule.keep_for),
        copy_tags=True,
        cross_region_copy_rules=[copy_rule(copy, images=False) for copy in copies] if schedule.copied else None,
        fast_restore_rule=_fast_restore(schedule),
        share_rules=_share(schedule),
    )


def create_rule(every: Duration | None, at: str, cron: str | None) -> Policy.CreateRuleProperty:
    """When to make one."""
    if every is None:
        return Policy.CreateRuleProperty(cron_expression=cron)
    return Policy.CreateRuleProperty(interval=every.to_hours(), interval_unit="HOURS", times=[at])


def retain_rule(keep: int | None, keep_for: Duration | None) -> Policy.RetainRuleProperty:
    """How long to keep it."""
    if keep_for is None:
        return Policy.RetainRuleProperty(count=keep)
    return Policy.RetainRuleProperty(interval=keep_for.to_days(), interval_unit="DAYS")


def copy_rule(copy: SnapshotCopy, *, images: bool) -> Policy.CrossRegionCopyRuleProperty:
    """A copy in another Region; policies of images call it otherwise."""
    place: dict[str, Any] = {"target_region" if images else "target": copy.region}
    return Policy.CrossRegionCopyRuleProperty(
        **place,
        encrypted=True,
        cmk_arn=copy.key,
        copy_tags=True,
        retain_rule=Policy.CrossRegionCopyRetainRuleProperty(interval=copy.keep_for.to_days(), interval_unit="DAYS"),
    )


def _fast_restore(schedule: SnapshotSchedule) -> Policy.FastRestoreRuleProperty | None:
    if not schedule.fast_restore_in:
        return None
    return Policy.FastRestoreRuleProperty(
        availability_zones=list(schedule.fast_restore_in), count=schedule.fast_restore
    )


def _share(schedule: SnapshotSchedule) -> list[Policy.ShareRuleProperty] | None:
    if not schedule.share_with:
        return None
    ends: dict[str, Any] = {}
    if schedule.unshare_after is not None:
        ends = {"unshare_interval": schedule.unshare_after.to_days(), "unshare_interval_unit": "DAYS"}
    return [Policy.ShareRuleProperty(target_accounts=list(schedule.share_with), **ends)]


def bad_times(where: str, prefix: str, *, every: Duration | None, at: str, cron: str | None) -> Iterator[Problem]:
    """Times at which Data Lifecycle Manager does nothing. `prefix` stands before the options."""
    hours = None if every is None or every.is_unresolved() else every.to_hours(integral=False)
    if (every is None) == (cron is None):
        got = "not given" if every is None else f"{shown(every)}, with 'cron'"
        yield _problem(where, f"{prefix}every", got, "either this or 'cron'", facts.INTERVALS)
    elif every is not None and hours not in facts.INTERVALS.value:
        yield _problem(where, f"{prefix}every", shown(every), "1, 2, 3, 4, 6, 8, 12 or 24 hours", facts.INTERVALS)
    elif cron is not None and not is_token(cron) and _bad_cron(cron):
        allowed = "'cron(...)' of six fields, once an hour at most, such as 'cron(0 3 ? * SUN *)'"
        yield _problem(where, f"{prefix}cron", shown(cron), allowed, facts.INTERVALS)
    if not is_token(at) and not re.fullmatch(facts.TIMES.value, at):
        yield _problem(where, f"{prefix}at", shown(at), "'hh:mm', such as '03:00'", facts.TIMES)


def bad_keeping(where: str, prefix: str, *, keep: int | None, keep_for: Duration | None) -> Iterator[Problem]:
    """Retention that is none."""
    if (keep is None) == (keep_for is None):
        got = "not given" if keep is None else f"{keep}, with 'keep_for'"
        yield _problem(where, f"{prefix}keep", got, "either this or 'keep_for'", facts.KEPT)
    elif keep is not None and not is_token(keep) and keep not in facts.KEPT.value:
        yield _problem(where, f"{prefix}keep", str(keep), "1 to 1000", facts.KEPT)
    elif keep_for is not None and not whole_days(keep_for):
        allowed = "1 to 36500 whole days, known at synth"
        yield _problem(where, f"{prefix}keep_for", shown(keep_for), allowed, facts.KEPT_FOR)


def bad_schedule(where: str, schedule: SnapshotSchedule, region: str) -> Iterator[Problem]:
    """What Data Lifecycle Manager would refuse in a schedule."""
    prefix = f"schedules['{schedule.name}']."
    if not is_token(schedule.name) and not re.fullmatch(facts.DESCRIPTIONS.value, schedule.name):
        yield _problem(where, f"{prefix}name", shown(schedule.name), "a name such as 'Hourly'", facts.DESCRIPTIONS)
    yield from bad_times(where, prefix, every=schedule.every, at=schedule.at, cron=schedule.cron)
    yield from bad_keeping(where, prefix, keep=schedule.keep, keep_for=schedule.keep_for)
    yield from _bad_fast_restore(where, prefix, schedule, region)
    strange = [account for account in schedule.share_with if not is_token(account) and not _is_account(account)]
    if strange:
        allowed = "accounts by their twelve digits"
        yield _problem(where, f"{prefix}share_with", shown(schedule.share_with), allowed, images.ACCOUNTS)
    if schedule.unshare_after is not None and not whole_days(schedule.unshare_after):
        allowed = "1 to 36500 whole days, known at synth"
        yield _problem(where, f"{prefix}unshare_after", shown(schedule.unshare_after), allowed, facts.KEPT_FOR)


def _bad_fast_restore(where: str, prefix: str, schedule: SnapshotSchedule, region: str) -> Iterator[Problem]:
    zones = schedule.fast_restore_in
    if not zones or is_token(zones):
        return
    strange = not is_token(region) and any(zone[:-1] != region for zone in zones)
    if strange or len(zones) not in facts.RESTORE_ZONES.value or len(set(zones)) < len(zones):
        allowed = "at most ten zones of this Region, each once"
        yield _problem(where, f"{prefix}fast_restore_in", shown(zones), allowed, facts.RESTORE_ZONES)
    most = schedule.keep or int(facts.KEPT.value.high)
    if not is_token(schedule.fast_restore) and not 1 <= schedule.fast_restore <= most:
        got, allowed = str(schedule.fast_restore), f"1 to {most}, as many as are kept"
        yield _problem(where, f"{prefix}fast_restore", got, allowed, facts.RESTORE_ZONES)


def _bad_cron(cron: str) -> bool:
    interval = interval_of(cron) if cron else None
    return not re.fullmatch(r"cron\(\S[^\n]{9,98}\S\)", cron) or (interval is not None and interval < _HOUR)


def _is_account(text: str) -> bool:
    return re.fullmatch(r"\d{12}", text) is not None


def _problem(where: str, option: str, got: str, allowed: str, fact: Fact[Any]) -> Problem:
    return Problem(where=where, option=option, got=got, allowed=allowed, why=fact.says, source=fact.source)
