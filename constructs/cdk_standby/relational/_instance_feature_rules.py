"""What an instance's logs, parameters, options, licence and backups must be."""

from __future__ import annotations

import re
from collections.abc import Mapping

from cdk_standby_review.facts import rds as facts
from cdk_standby_review.facts import rds_engines as engines
from cdk_standby_review.facts import regions, restores

from .._checks import Options, Rule, shown
from .._durations import days
from .._tokens import is_token
from ._engines import ENGINES, Engine
from ._instance_values import BackupsTo
from ._rules import SECRET_REPLICAS, monitoring, without_managed_password

_WITH_IBM_IDS = ("db2-ae", "db2-se")
_OWN = {
    "rds.force_ssl": "'plaintext_because' is the option for it",
    "require_secure_transport": "'plaintext_because' is the option for it",
    "db2comm": "'plaintext_because' is the option for it",
    "ssl_svcename": "the security group opens the port that is set here",
    "rds.ibm_customer_id": "'ibm_customer_id' is the option for it",
    "rds.ibm_site_id": "'ibm_site_id' is the option for it",
    "default_storage_engine": "InnoDB alone comes through a crash whole, and is replicated",
}
"""Parameters that are not free, in small letters, and why."""


def _engine(options: Options) -> Engine | None:
    return ENGINES.get(options["engine"])


def _bad_logs(options: Options) -> bool:
    engine, asked = _engine(options), options["log_types"]
    if engine is None or asked is None:
        return False
    return not asked or not set(asked) <= set(engine.known_log_types) or len(set(asked)) < len(asked)


def _not_free(parameter: str, instead: str) -> Rule:
    def broken(options: Options) -> bool:
        given: Mapping[str, str] = options["parameters"] or {}
        return parameter in map(str.lower, given)

    return Rule(
        option="parameters",
        broken=broken,
        allowed=f"others than '{parameter}': {instead}",
        why="what weakens or binds the database stands in an option, with its reason or its range",
    )


def _names(options: Options) -> list[str]:
    return [option.name.upper() for option in options["options"] or ()]


def _has_plain_oracle(options: Options) -> bool:
    engine = _engine(options)
    own = {facts.ORACLE_ENCRYPTION.value, "SSL"} & set(_names(options))
    return engine is not None and engine.family_of == "oracle" and bool(own) and options["plaintext_because"] is None


def _brought(options: Options) -> bool:
    """Whether a licence of Db2 is brought along."""
    given = options["license"] or "bring-your-own-license"
    return options["engine"] in _WITH_IBM_IDS and bool(given == "bring-your-own-license")


def _ibm(option: str) -> Rule:
    return Rule(
        option=option,
        reads=("engine", "license"),
        broken=lambda o: (o[option] is not None) != _brought(o),
        allowed=lambda o: "the number that IBM gave" if _brought(o) else "left out, unless a licence of Db2 is brought",
        why=facts.IBM_IDS.says,
        source=facts.IBM_IDS.source,
    )


def _bad_copies(options: Options) -> bool:
    copies: BackupsTo | None = options["backups_to"]
    if copies is None:
        return False
    if not is_token(copies.region) and (
        copies.region not in regions.REGIONS.value or copies.region == options["region"]
    ):
        return True
    kept = days(copies.retention)
    if kept is not None and (kept not in facts.COPIED_RETENTION.value or not float(kept).is_integer()):
        return True
    found = re.fullmatch(r"arn:[\w-]+:kms:([\w-]+):\d{12}:(key|alias)/.+", copies.key)
    return not is_token([copies.key, copies.region]) and (found is None or found[1] != copies.region)


def _without_insights(options: Options) -> bool:
    pattern = engines.WITHOUT_INSIGHTS.value.get(options["engine"])
    return pattern is not None and re.fullmatch(pattern, options["instance"] or "") is not None


def _only_of(option: str, *families: str) -> Rule:
    def broken(options: Options) -> bool:
        engine = _engine(options)
        return options[option] is not None and engine is not None and engine.family_of not in families

    return Rule(
        option=option,
        reads=("engine",),
        broken=broken,
        allowed=f"left out, unless the engine is {' or '.join(families)}",
        why="other engines have a parameter for it, or set it for each database",
        source=engines.LICENSES.source,
    )


def _past_standard_support(options: Options) -> bool:
    ended = engines.STANDARD_SUPPORT_ENDED.value.get(options["engine"], ())
    return Engine.of(options["engine"]).major_of(options["version"]) in ended if ended else False


def _inherited(option: str) -> Rule:
    return Rule(
        option=option,
        reads=("restore",),
        broken=lambda o: bool(o["restore"] is not None and o[option]),
        allowed="left out with 'restore'",
        why=restores.INHERITED.says,
        source=restores.INHERITED.source,
    )


_OPTION_RULES = (
    Rule(
        option="options",
        reads=("engine",),
        broken=lambda o: bool(o["options"]) and not getattr(_engine(o), "has_options", True),
        allowed="nothing for PostgreSQL",
        why="PostgreSQL has extensions and parameters, and no option groups",
        source="https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_WorkingWithOptionGroups.html",
    ),
    Rule(
        option="options",
        broken=lambda o: "MIRRORING" in _names(o),
        allowed="others than 'Mirroring'",
        why=engines.MIRRORING.says,
        source=engines.MIRRORING.source,
    ),
    Rule(
        option="options",
        broken=lambda o: len(set(_names(o))) < len(_names(o)),
        allowed="each option once",
        why="an option group holds an option once",
    ),
    Rule(
        option="options",
        reads=("engine",),
        broken=_has_plain_oracle,
        allowed="neither 'SSL' nor 'NATIVE_NETWORK_ENCRYPTION', which is set here, unless with 'plaintext_because'",
        why=facts.ORACLE_ENCRYPTION.says,
        source=facts.ORACLE_ENCRYPTION.source,
    ),
)
FEATURE_RULES = (
    Rule(
        option="log_types",
        reads=("engine",),
        broken=_bad_logs,
        allowed=lambda o: "one or more of " + ", ".join(map(shown, Engine.of(o["engine"]).known_log_types)),
        why=engines.LOG_TYPES.says,
        source=engines.LOG_TYPES.source,
    ),
    *(_not_free(parameter, instead) for parameter, instead in _OWN.items()),
    *_OPTION_RULES,
    Rule(
        option="license",
        reads=("engine",),
        broken=lambda o: (
            o["license"] is not None and o["engine"] in ENGINES and o["license"] not in Engine.of(o["engine"]).licenses
        ),
        allowed=lambda o: ", ".join(map(shown, Engine.of(o["engine"]).licenses)),
        why=engines.LICENSES.says,
        source=engines.LICENSES.source,
    ),
    _ibm("ibm_customer_id"),
    _ibm("ibm_site_id"),
    *monitoring(facts.MONITORING_INTERVALS, facts.INSIGHTS_DAYS),
    Rule(
        option="instance",
        reads=("engine", "no_insights_because"),
        broken=lambda o: (
            o["no_insights_because"] is None and not o["engine"].startswith("db2") and _without_insights(o)
        ),
        allowed="a class of medium size or more, or with 'no_insights_because'",
        why=engines.WITHOUT_INSIGHTS.says,
        source=engines.WITHOUT_INSIGHTS.source,
    ),
    Rule(
        option="backups_to",
        broken=_bad_copies,
        allowed=lambda o: f"a Region other than {o['region']}, the ARN of a key there, and 1 to 35 days",
        why=facts.COPIES.says,
        source=facts.COPIES.source,
    ),
    _only_of("character_set", "oracle", "sqlserver"),
    _only_of("timezone", "sqlserver", "db2"),
    Rule(
        option="extended_support",
        reads=("engine",),
        broken=lambda o: o["extended_support"] and o["engine"] in ENGINES and not Engine.of(o["engine"]).lifecycle,
        allowed="left out, unless the engine is MySQL or PostgreSQL",
        why=engines.LIFECYCLES.says,
        source=engines.LIFECYCLES.source,
    ),
    Rule(
        option="extended_support",
        reads=("engine", "version"),
        broken=lambda o: not o["extended_support"] and _past_standard_support(o),
        allowed=lambda o: f"True with '{o['version']}', or a newer major version",
        why=engines.STANDARD_SUPPORT_ENDED.says,
        source=engines.STANDARD_SUPPORT_ENDED.source,
    ),
    SECRET_REPLICAS,
    *map(_inherited, ("database_name", "character_set", "timezone", "secret_replicas")),
    *(
        without_managed_password(option, facts.MANAGED_PASSWORDS.source)
        for option in ("secret_name", "secret_replicas")
    ),
)
