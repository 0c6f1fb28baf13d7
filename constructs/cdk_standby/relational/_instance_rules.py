"""What the options of a Multi-AZ instance must be: engine, version, class, place, names and company."""

from __future__ import annotations

import re

from constructs import Construct

from cdk_standby_review.facts import rds as facts
from cdk_standby_review.facts import rds_engines as engines

from .._checks import InvalidOptions, Options, Problem, Rule, one_of, shown
from ._aurora_names import named
from ._engines import ENGINES, Engine
from ._instance_feature_rules import FEATURE_RULES
from ._instance_storage_rules import STORAGE_RULES
from ._restore import Restore
from ._rules import neighbours, retention, windows

_KEYS = "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Overview.Encryption.html"
_NAMES = facts.DATABASE_NAME.value


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(number) for number in re.findall(r"\d+", version))


def _written(options: Options) -> bool:
    pattern = engines.VERSIONS.value.get(options["engine"])
    return pattern is None or re.fullmatch(pattern, options["version"]) is not None


def _oldest(options: Options) -> str:
    """The first version of this major one that RDS still makes; of the first major one, if it is older."""
    known = engines.OLDEST.value[options["engine"]]
    major = Engine.of(options["engine"]).major_of(options["version"])
    return known.get(major) or (next(iter(known.values())) if _numbers(major) < _numbers(next(iter(known))) else "0")


def _deprecated(options: Options) -> bool:
    if options["engine"] not in ENGINES or not _written(options):
        return False  # other rules speak of it
    oldest = _numbers(_oldest(options))
    return _numbers(options["version"])[: len(oldest)] < oldest


def _bad_class(options: Options) -> bool:
    pattern = engines.CLASSES.value.get(options["engine"])
    given = options["instance"]
    return pattern is not None and given is not None and re.fullmatch(pattern, given) is None


def _without_standby(engine: str) -> Rule:
    return Rule(
        option="engine",
        broken=lambda o: o["engine"] == engine,
        allowed=", ".join(map(shown, ENGINES)),
        why=engines.WITHOUT_STANDBY.value[engine],
        source=(engines.WITHOUT_STANDBY if engine.startswith("sqlserver") else engines.ENGINES).source,
    )


def _bad_database_name(options: Options) -> bool:
    name, engine = options["database_name"], ENGINES.get(options["engine"])
    if name is None or engine is None:
        return False
    pattern = _NAMES.get(engine.family_of, _NAMES["others"])
    return not engine.named_database or re.fullmatch(pattern, name) is None


def _bad_username(options: Options) -> bool:
    name, engine = options["master_username"], ENGINES.get(options["engine"])
    kept = engine.deny if engine else ()
    return re.fullmatch(facts.MASTER_USERNAME.value, name) is None or name.lower() in kept


def no_iam(where: Construct, user: str) -> InvalidOptions:
    """What to say to somebody who is to connect by IAM where the engine does not know it."""
    problem = Problem(
        where=where.node.path,
        option="user",
        got=shown(user),
        allowed="left out: the grantee reads the credentials instead",
        why=engines.IAM_ENGINES.says,
        source=engines.IAM_ENGINES.source,
    )
    return InvalidOptions([problem])


_ENGINE_RULES = (
    *map(_without_standby, engines.WITHOUT_STANDBY.value),
    Rule(
        option="engine",
        broken=lambda o: o["engine"] not in ENGINES and o["engine"] not in engines.WITHOUT_STANDBY.value,
        allowed=", ".join(map(shown, ENGINES)),
        why=engines.ENGINES.says,
        source=engines.ENGINES.source,
    ),
    Rule(
        option="version",
        reads=("engine",),
        broken=lambda o: not _written(o),
        allowed=lambda o: f"a full version such as {shown(engines.EXAMPLES[o['engine']])}",
        why=engines.VERSIONS.says,
        source=engines.VERSIONS.source,
    ),
    Rule(
        option="version",
        reads=("engine", "outdated_because"),
        broken=lambda o: o["outdated_because"] is None and _deprecated(o),
        allowed=lambda o: f"'{_oldest(o)}' or newer, or with 'outdated_because'",
        why=engines.OLDEST.says,
        source=engines.OLDEST.source,
    ),
    Rule(
        option="instance",
        reads=("engine",),
        broken=_bad_class,
        allowed=lambda o: f"a class of the engine without 'db.', such as '{Engine.of(o['engine']).instance}'",
        why=engines.CLASSES.says,
        source=engines.CLASSES.source,
    ),
    Rule(
        option="vpc",
        broken=lambda o: o["zones"] < facts.ZONES.value.low,
        allowed="isolated (or chosen) subnets in two Availability Zones or more",
        why=facts.ZONES.says,
        source=facts.ZONES.source,
    ),
)
_NAME_RULES = (
    named(
        "instance_identifier",
        facts.IDENTIFIER,
        "up to 63 letters, digits and single hyphens, starting with a letter",
        why="it names the instance in its Region",
    ),
    Rule(
        option="database_name",
        reads=("engine",),
        broken=_bad_database_name,
        allowed="up to 63 letters, digits and underscores, starting with a letter; 8 for Oracle, none for SQL Server",
        why=facts.DATABASE_NAME.says,
        source=facts.DATABASE_NAME.source,
    ),
    Rule(
        option="master_username",
        reads=("engine",),
        broken=_bad_username,
        allowed="up to 16 letters, digits and underscores, starting with a letter, but no name such as 'admin'",
        why=facts.MASTER_USERNAME.says,
        source=facts.MASTER_USERNAME.source,
    ),
    one_of("ca", facts.CERTIFICATES.value, why=facts.CERTIFICATES.says, source=facts.CERTIFICATES.source),
)
RULES = (
    *_ENGINE_RULES,
    *STORAGE_RULES,
    *retention(facts.BACKUP_RETENTION),
    *windows(facts.BACKUP_WINDOW, facts.MAINTENANCE_WINDOW),
    *_NAME_RULES,
    *neighbours(facts.ZONES, _KEYS),
    *FEATURE_RULES,
    *Restore.rules("restore"),
)
