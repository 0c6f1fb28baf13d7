"""What the options of every relational database must be, whatever its engine."""

from __future__ import annotations

from typing import Any

from cdk_standby_review.facts import Fact, Range, regions

from .._checks import Options, Rule, one_of
from .._durations import days, lasting
from .._tokens import is_token
from .._windows import daily, overlap, weekly

_TOPICS = "https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Notify_Users_Alarm_Changes.html"
_REPLICAS = "https://docs.aws.amazon.com/secretsmanager/latest/userguide/replicate-secrets.html"


def _bad_replicas(options: Options) -> bool:
    asked = [replica.region for replica in options["secret_replicas"]]
    known = all(is_token(region) or region in regions.REGIONS.value for region in asked)
    return not known or len(set(asked)) < len(asked) or options["region"] in asked


SECRET_REPLICAS = Rule(
    option="secret_replicas",
    broken=_bad_replicas,
    allowed="each other Region of AWS once",
    why="a copy of the credentials is for the day when this Region is lost",
    source=_REPLICAS,
)


def without_managed_password(option: str, source: str) -> Rule:
    """The option is left out where RDS manages the password."""
    return Rule(
        option=option,
        reads=("managed_password",),
        broken=lambda o: bool(o["managed_password"] and o[option]),
        allowed="nothing with 'managed_password'",
        why="RDS names the secret that it manages, and keeps it in one Region",
        source=source,
    )


def of_the_region(option: str, what: str, source: str) -> Rule:
    """What was given lives in the database's own Region; `regions` of the options holds where it does."""

    def elsewhere(options: Options) -> bool:
        there, here = options["regions"].get(option), options["region"]
        return there not in (None, here) and not (is_token(there) or is_token(here))

    return Rule(
        option=option,
        broken=elsewhere,
        allowed=lambda o: f"one of {o['region']}, where the {o.get('kind', 'database')} is",
        why=what,
        source=source,
    )


def neighbours(zones: Fact[Range], encryption: str) -> tuple[Rule, ...]:
    """Network, key and topic are those of the database's Region."""
    return (
        of_the_region("vpc", "instances live in the Region of their database", zones.source),
        of_the_region("key", "a key encrypts in its own Region only", encryption),
        of_the_region("alarms", "alarms and events tell topics of their own Region only", _TOPICS),
    )


def retention(limit: Fact[Range]) -> tuple[Rule, ...]:
    """`backup_retention` is in whole days, as many as RDS keeps."""

    def broken_days(options: Options) -> bool:
        kept = days(options["backup_retention"])
        return kept is not None and kept in limit.value and not float(kept).is_integer()

    return (
        lasting("backup_retention", limit, days),
        Rule(option="backup_retention", broken=broken_days, allowed="whole days", why=limit.says, source=limit.source),
    )


def windows(backup: Fact[int], maintenance: Fact[int]) -> tuple[Rule, ...]:
    """`backup_window` and `maintenance_window` are long enough, and apart."""

    def bad_backup(options: Options) -> bool:
        every_day, every_week = daily(options["backup_window"]), weekly(options["maintenance_window"])
        if every_day is None or len(every_day) < backup.value:
            return True
        return every_week is not None and overlap(every_day, every_week)

    def bad_maintenance(options: Options) -> bool:
        every_week = weekly(options["maintenance_window"])
        return every_week is None or len(every_week) < maintenance.value

    return (
        Rule(
            option="backup_window",
            reads=("maintenance_window",),
            broken=bad_backup,
            allowed=lambda o: f"'hh:mm-hh:mm' in UTC, 30 minutes or more, apart from '{o['maintenance_window']}'",
            why=backup.says,
            source=backup.source,
        ),
        Rule(
            option="maintenance_window",
            broken=bad_maintenance,
            allowed="'ddd:hh:mm-ddd:hh:mm' in UTC, 30 minutes or more, such as 'sun:02:30-sun:03:30'",
            why=maintenance.says,
            source=maintenance.source,
        ),
    )


def monitoring(intervals: Fact[Any], insights: Fact[Any]) -> tuple[Rule, ...]:
    """`monitoring_interval` and `insights` are what RDS offers, and going without costs a reason."""
    return (
        one_of("monitoring_interval", intervals.value, why=intervals.says, source=intervals.source),
        Rule(
            option="monitoring_interval",
            reads=("no_monitoring_because",),
            broken=lambda o: (o["monitoring_interval"] == 0) != (o["no_monitoring_because"] is not None),
            allowed="0 together with 'no_monitoring_because', or neither",
            why="who looks for the cause of an outage misses the figures of the hosts",
            source=intervals.source,
        ),
        one_of("insights", tuple(insights.value), why=insights.says, source=insights.source),
    )
