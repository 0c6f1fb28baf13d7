"""What the options of Aurora clusters must be, wherever they stand."""

from __future__ import annotations

from itertools import starmap

from cdk_standby_review.facts import aurora as facts

from .._checks import Options, Rule, within
from ._aurora_birth_rules import BIRTH_RULES
from ._aurora_feature_rules import FEATURE_RULES
from ._aurora_global_rules import GLOBAL_RULES
from ._aurora_names import ENGINE, VERSION, identifier, named
from ._aurora_roster import ROSTER_RULES
from ._rules import monitoring, neighbours, retention, windows

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


def not_here(parameter: str, instead: str) -> Rule:
    """The parameter is set by an option of its own."""
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
    *retention(facts.BACKUP_RETENTION),
    *windows(facts.BACKUP_WINDOW, facts.MAINTENANCE_WINDOW),
    *monitoring(facts.MONITORING_INTERVALS, facts.INSIGHTS_DAYS),
    *starmap(not_here, _FORCED.items()),
)
MASTER_USERNAME = named(
    "master_username",
    facts.MASTER_USERNAME,
    "up to 16 letters, digits and underscores, starting with a letter, but not 'admin' or 'rdsadmin'",
)
_NAME_RULES = (
    identifier("cluster_identifier", "it names the cluster in its Region"),
    named("database_name", facts.DATABASE_NAME, "up to 63 letters, digits and underscores, starting with a letter"),
    MASTER_USERNAME,
)
RULES = (
    *ENGINE,
    VERSION,
    *_SIZE_RULES,
    *ROSTER_RULES,
    *_OPERATION_RULES,
    *_NAME_RULES,
    *neighbours(facts.ZONES, _KEYS),
    *FEATURE_RULES,
    *GLOBAL_RULES,
    *BIRTH_RULES,
)
