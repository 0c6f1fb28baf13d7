"""What the options of Multi-AZ DB clusters must be."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from constructs import Construct

from cdk_standby_review.facts import Fact, rds, rds_engines, restores
from cdk_standby_review.facts import rds_clusters as facts

from .._checks import InvalidOptions, Options, Problem, Rule, one_of, shown
from .._tokens import is_token
from ._aurora_names import named, written
from ._engines import Engine
from ._restore import Restore
from ._rules import SECRET_REPLICAS, monitoring, neighbours, retention, windows, without_managed_password

_KEYS = "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Overview.Encryption.html"
_PASSWORDS = rds.MANAGED_PASSWORDS.source
_DATABASE_NAME = Fact(
    value=rds.DATABASE_NAME.value["others"],
    unit=rds.DATABASE_NAME.unit,
    says="a database has up to 63 letters, digits and underscores, starting with a letter",
    source=rds.DATABASE_NAME.source,
    date=rds.DATABASE_NAME.date,
)
_DECIDED = ("engine", "version", "storage", "storage_type", "iops", "monitoring_interval", "insights")


def undecided(where: Construct, options: Options, decide: tuple[str, ...] = _DECIDED) -> Iterator[Problem]:
    """What only the deployment knows, though it decides at synth which resources there are, and what they hold."""
    for option in decide:
        if is_token(options[option]):
            yield Problem(
                where=where.node.path,
                option=option,
                got="a token",
                allowed="a value known at synth",
                why="it decides which resources there are, and what they hold",
            )


def stated_iops(storage: int, storage_type: str, iops: int | None) -> int | None:
    """What CloudFormation has to be told: of gp3 its baseline, unless more was asked for."""
    if iops is not None or storage_type != "gp3":
        return iops
    striped = storage >= facts.GP3_STRIPED.value
    return int(facts.GP3_IOPS.value.low if striped else facts.GP3_BASELINE.value)


def numbers(version: str) -> tuple[int, ...]:
    """A version as numbers to compare, without what RDS hangs on to it."""
    return tuple(int(part) for part in re.findall(r"\d+", version.split("-", maxsplit=1)[0]))


def reaches(version: str, since: Mapping[int, tuple[int, ...]]) -> bool:
    """Whether a version is not older than the first ones, by major version; what is newer than all of them is fine."""
    ours = numbers(version)
    if not ours or ours[0] < min(since):
        return False
    return ours >= since.get(ours[0], ours)


def _bad_version(options: Options) -> bool:
    engine, version = options["engine"], options["version"]
    if engine not in facts.ENGINES.value:
        return False
    return not written_for(engine, version) or not reaches(version, facts.VERSIONS.value[engine])


def written_for(engine: str, version: str) -> bool:
    """Whether a version is written as those of the engine are."""
    return re.fullmatch(rds_engines.VERSIONS.value[engine], version) is not None


def _bad_class(options: Options) -> bool:
    instance = options["instance"]
    family, _, size = instance.partition(".")
    return not written(facts.CLASSES, instance) or (size == "medium" and family not in facts.MEDIUM.value)


def _bad_storage(options: Options) -> bool:
    kind, storage = options["storage_type"], options["storage"]
    return kind in facts.STORAGE.value and not (isinstance(storage, int) and storage in facts.STORAGE.value[kind])


def _bad_iops(options: Options) -> bool:
    if options["storage_type"] not in facts.STORAGE_TYPES.value or _bad_storage(options):
        return False  # other rules speak of it
    kind, storage = options["storage_type"], options["storage"]
    iops = stated_iops(storage, kind, options["iops"])
    if iops is None:
        return True
    if kind != "gp3":
        return iops not in facts.IOPS.value or iops / storage not in facts.IOPS_RATIO.value
    if storage < facts.GP3_STRIPED.value:
        return iops != facts.GP3_BASELINE.value
    return iops not in facts.GP3_IOPS.value


def _allowed_iops(options: Options) -> str:
    storage = options["storage"]
    if options["storage_type"] != "gp3":
        low = max(facts.IOPS.value.low, facts.IOPS_RATIO.value.low * storage)
        high = min(facts.IOPS.value.high, facts.IOPS_RATIO.value.high * storage)
        return f"{low:.0f} to {high:.0f} for {storage} GiB"
    if storage < facts.GP3_STRIPED.value:
        return f"left out below {facts.GP3_STRIPED.value} GiB"
    return f"left out, or {facts.GP3_IOPS.value.low:.0f} to {facts.GP3_IOPS.value.high:.0f}"


def _unknown_logs(options: Options) -> list[str]:
    known = facts.LOG_TYPES.value.get(options["engine"])
    return [kind for kind in options["log_types"] or () if known is not None and kind not in known]


def _forced(options: Options) -> str | None:
    if options["engine"] not in facts.ENGINES.value:
        return None
    tls = Engine.of(options["engine"]).tls
    return tls[0] if tls and tls[0] in (options["parameters"] or {}) else None


def _without(option: str, other: str, because: str, source: str) -> Rule:
    return Rule(
        option=option,
        reads=(other,),
        broken=lambda o: bool(o[other] and o[option]),
        allowed=f"left out with '{other}'",
        why=because,
        source=source,
    )


def no_iam(where: Construct, user: str) -> InvalidOptions:
    """What to say to somebody who is to connect by IAM."""
    fact = facts.IAM_AUTHENTICATION
    problem = Problem(
        where=where.node.path,
        option="user",
        got=shown(user),
        allowed="left out: the grantee reads the credentials instead",
        why=fact.says,
        source=fact.source,
    )
    return InvalidOptions([problem])


_SIZE_RULES = (
    one_of("engine", facts.ENGINES.value, why=facts.ENGINES.says, source=facts.ENGINES.source),
    Rule(
        option="version",
        reads=("engine",),
        broken=_bad_version,
        allowed=lambda o: f"a full version such as '{rds_engines.EXAMPLES[o['engine']]}', not older than these",
        why=f"{rds_engines.VERSIONS.says}; {facts.VERSIONS.says}",
        source=facts.VERSIONS.source,
    ),
    Rule(
        option="instance",
        broken=_bad_class,
        allowed="a class without 'db.', such as 'r6gd.large'",
        why=f"{facts.CLASSES.says}; {facts.MEDIUM.says}",
        source=facts.CLASSES.source,
    ),
    Rule(
        option="vpc",
        broken=lambda o: o["zones"] < facts.ZONES.value,
        allowed="isolated (or chosen) subnets in three Availability Zones",
        why=facts.ZONES.says,
        source=facts.ZONES.source,
    ),
    one_of("storage_type", facts.STORAGE_TYPES.value, why=facts.STORAGE_TYPES.says, source=facts.STORAGE_TYPES.source),
    Rule(
        option="storage",
        reads=("storage_type",),
        broken=_bad_storage,
        allowed=lambda o: f"{facts.STORAGE.value[o['storage_type']]} GiB",
        why=facts.STORAGE.says,
        source=facts.STORAGE.source,
    ),
    Rule(
        option="iops",
        reads=("storage_type", "storage"),
        broken=_bad_iops,
        allowed=_allowed_iops,
        why=f"{facts.STORAGE_TYPES.says}; {facts.GP3_STRIPED.says}; {facts.IOPS_RATIO.says}",
        source=facts.GP3_STRIPED.source,
    ),
)
_OPERATION_RULES = (
    *retention(facts.BACKUP_RETENTION),
    *windows(rds.BACKUP_WINDOW, rds.MAINTENANCE_WINDOW),
    *monitoring(rds.MONITORING_INTERVALS, rds.INSIGHTS_DAYS),
    Rule(
        option="log_types",
        reads=("engine",),
        broken=lambda o: bool(_unknown_logs(o)),
        allowed=lambda o: ", ".join(map(shown, facts.LOG_TYPES.value[o["engine"]])),
        why=facts.LOG_TYPES.says,
        source=facts.LOG_TYPES.source,
    ),
    Rule(
        option="parameters",
        reads=("engine",),
        broken=lambda o: _forced(o) is not None,
        allowed=lambda o: f"others than '{_forced(o)}': 'plaintext_because' is the option for it",
        why="what weakens or binds the database stands in an option, with its reason or its range",
    ),
)
_NAME_RULES = (
    named(
        "cluster_identifier",
        facts.IDENTIFIER,
        "up to 52 letters, digits and single hyphens, starting with a letter",
        why=facts.IDENTIFIER.says,
    ),
    named("database_name", _DATABASE_NAME, "up to 63 letters, digits and underscores, starting with a letter"),
    Rule(
        option="master_username",
        broken=lambda o: (
            not written(rds.MASTER_USERNAME, o["master_username"]) or o["master_username"] in Engine.of("postgres").deny
        ),
        allowed="up to 16 letters, digits and underscores, starting with a letter, but not 'admin' or 'rdsadmin'",
        why=rds.MASTER_USERNAME.says,
        source=rds.MASTER_USERNAME.source,
    ),
    SECRET_REPLICAS,
    *(without_managed_password(option, _PASSWORDS) for option in ("secret_name", "secret_replicas")),
    _without("secret_replicas", "restore", restores.INHERITED.says, restores.INHERITED.source),
    _without("database_name", "restore", restores.INHERITED.says, restores.INHERITED.source),
)
RULES = (
    *_SIZE_RULES,
    *_OPERATION_RULES,
    *_NAME_RULES,
    *neighbours(rds.ZONES, _KEYS),
    *Restore.rules(of="cluster"),
    Rule(
        option="restore",
        broken=lambda o: o["restore"] is not None and o["restore"].clone,
        allowed="a full copy",
        why="only Aurora clusters are cloned, since only their storage can be shared",
        source=restores.CLONES.source,
    ),
)
