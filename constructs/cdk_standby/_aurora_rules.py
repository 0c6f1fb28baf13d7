"""What the options of Aurora clusters must be, wherever they stand."""

from __future__ import annotations

from itertools import starmap

from cdk_standby_review.facts import aurora as facts

from ._aurora_feature_rules import FEATURE_RULES
from ._aurora_global_rules import GLOBAL_RULES
from ._aurora_names import VERSION, identifier, named
from ._checks import Options, Rule, one_of, within
from ._durations import days, lasting
from ._tokens import is_token
from ._windows import daily, overlap, weekly

_KEYS = "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Overview.Encryption.html"
_FORCED = {
    "rds.force_ssl": "plaintext_because",
    "require_secure_transport": "plaintext_because",
    "rds.global_db_rpo": "rpo_cap",
}
"""Parameters that have an option of their own, with its reason or its range."""


def _bad_serverless(options: Options) -> bool:
    acu = options["serverless"]
    if acu is None:
        return False
    low, high = acu
    halves = all(float(value * 2).is_integer() for value in acu)
    return not (halves and low in facts.CAPACITY.value and 1 <= high <= facts.CAPACITY.value.high and low <= high)


def _broken_days(options: Options) -> bool:
    kept = days(options["backup_retention"])
    return kept is not None and kept in facts.BACKUP_RETENTION.value and not float(kept).is_integer()


def _bad_backup_window(options: Options) -> bool:
    every_day, every_week = daily(options["backup_window"]), weekly(options["maintenance_window"])
    if every_day is None or len(every_day) < facts.BACKUP_WINDOW.value:
        return True
    return every_week is not None and overlap(every_day, every_week)


def _bad_maintenance_window(options: Options) -> bool:
    every_week = weekly(options["maintenance_window"])
    return every_week is None or len(every_week) < facts.MAINTENANCE_WINDOW.value


def _of_the_region(option: str, what: str, source: str) -> Rule:
    def elsewhere(options: Options) -> bool:
        there, here = options["regions"].get(option), options["region"]
        return there not in (None, here) and not (is_token(there) or is_token(here))

    return Rule(
        option=option,
        broken=elsewhere,
        allowed=lambda o: f"one of {o['region']}, where the cluster is",
        why=what,
        source=source,
    )


def _not_here(parameter: str, instead: str) -> Rule:
    return Rule(
        option="parameters",
        broken=lambda o: parameter in (o["parameters"] or {}),
        allowed=f"others than '{parameter}': '{instead}' is the option for it",
        why="what weakens or binds the database stands in an option, with its reason or its range",
    )


_SIZE_RULES = (
    within("readers", facts.READERS),
    Rule(
        option="readers",
        reads=("no_readers_because", "headless_because"),
        broken=lambda o: o["readers"] == 0 and o["no_readers_because"] is None and o["headless_because"] is None,
        allowed="1 to 15, or 0 with 'no_readers_because'",
        why="without a reader the loss of the writer's zone is an outage of up to ten minutes",
        source=facts.READERS.source,
    ),
    Rule(
        option="no_readers_because",
        reads=("readers",),
        broken=lambda o: o["no_readers_because"] is not None and o["readers"] != 0,
        allowed="left out, or with 0 'readers'",
        why="with readers no safeguard is given away",
    ),
    named("instance", facts.CLASSES, "a class without 'db.', such as 'r7g.large'"),
    Rule(
        option="serverless",
        broken=_bad_serverless,
        allowed="(least, most) in half steps, 0 to 256 with a most of 1 or more",
        why=facts.CAPACITY.says,
        source=facts.CAPACITY.source,
    ),
    Rule(
        option="vpc",
        broken=lambda o: o["zones"] < facts.ZONES.value.low,
        allowed="isolated (or chosen) subnets in two Availability Zones or more, better three",
        why=facts.ZONES.says,
        source=facts.ZONES.source,
    ),
)
_OPERATION_RULES = (
    lasting("backup_retention", facts.BACKUP_RETENTION, days),
    Rule(
        option="backup_retention",
        broken=_broken_days,
        allowed="whole days",
        why=facts.BACKUP_RETENTION.says,
        source=facts.BACKUP_RETENTION.source,
    ),
    Rule(
        option="backup_window",
        reads=("maintenance_window",),
        broken=_bad_backup_window,
        allowed=lambda o: f"'hh:mm-hh:mm' in UTC, 30 minutes or more, apart from '{o['maintenance_window']}'",
        why=facts.BACKUP_WINDOW.says,
        source=facts.BACKUP_WINDOW.source,
    ),
    Rule(
        option="maintenance_window",
        broken=_bad_maintenance_window,
        allowed="'ddd:hh:mm-ddd:hh:mm' in UTC, 30 minutes or more, such as 'sun:02:30-sun:03:30'",
        why=facts.MAINTENANCE_WINDOW.says,
        source=facts.MAINTENANCE_WINDOW.source,
    ),
    one_of(
        "monitoring_interval",
        facts.MONITORING_INTERVALS.value,
        why=facts.MONITORING_INTERVALS.says,
        source=facts.MONITORING_INTERVALS.source,
    ),
    Rule(
        option="monitoring_interval",
        reads=("no_monitoring_because",),
        broken=lambda o: (o["monitoring_interval"] == 0) != (o["no_monitoring_because"] is not None),
        allowed="0 together with 'no_monitoring_because', or neither",
        why="who looks for the cause of an outage misses the figures of the hosts",
        source=facts.MONITORING_INTERVALS.source,
    ),
    one_of(
        "insights",
        tuple(facts.INSIGHTS_DAYS.value),
        why=facts.INSIGHTS_DAYS.says,
        source=facts.INSIGHTS_DAYS.source,
    ),
    *starmap(_not_here, _FORCED.items()),
)
_NAME_RULES = (
    identifier("cluster_identifier", "it names the cluster in its Region"),
    named("database_name", facts.DATABASE_NAME, "up to 63 letters, digits and underscores, starting with a letter"),
    named(
        "master_username",
        facts.MASTER_USERNAME,
        "up to 16 letters, digits and underscores, starting with a letter, but not 'admin' or 'rdsadmin'",
    ),
)
RULES = (
    one_of("engine", facts.ENGINES.value, why=facts.ENGINES.says, source=facts.ENGINES.source),
    VERSION,
    *_SIZE_RULES,
    *_OPERATION_RULES,
    *_NAME_RULES,
    _of_the_region("vpc", "instances live in the cluster's Region", facts.ZONES.source),
    _of_the_region("key", "a key encrypts in its own Region only", _KEYS),
    _of_the_region(
        "alarms",
        "alarms and events tell topics of their own Region only",
        "https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Notify_Users_Alarm_Changes.html",
    ),
    *FEATURE_RULES,
    *GLOBAL_RULES,
)
