"""What the options of a read replica must be."""

from __future__ import annotations

from cdk_standby_review.facts import rds as rds_facts
from cdk_standby_review.facts import rds_replicas as facts

from .._checks import Options, Rule, shown
from ._engines import ENGINES
from ._instance_feature_rules import FEATURE_RULES
from ._instance_rules import RULES as INSTANCE_RULES
from ._instance_storage_rules import STORAGE_RULES
from ._replica_source_rules import SOURCE_RULES, has_backups, has_replicas, replicates
from ._rules import retention

_AS_AN_INSTANCE = {
    "instance",
    "vpc",
    "key",
    "alarms",
    "instance_identifier",
    "ca",
    "backup_window",
    "maintenance_window",
}
_AS_ITS_FEATURES = {
    "log_types",
    "parameters",
    "ibm_customer_id",
    "ibm_site_id",
    "monitoring_interval",
    "insights",
    "instance",
}


def _bad_mode(options: Options) -> bool:
    engine = ENGINES.get(options["engine"])
    return (
        options["replica_mode"] is not None
        and engine is not None
        and options["replica_mode"] not in engine.replica_modes
    )


def _modes(options: Options) -> str:
    return ", ".join(map(shown, ENGINES[options["engine"]].replica_modes)) or f"left out for {options['engine']}"


def _backs_up_in_vain(options: Options) -> bool:
    known = has_replicas(options) and replicates(options)
    return options["backup_retention"] is not None and known and not has_backups(options["source"])


def _bad_options(options: Options) -> bool:
    family = options["source"].family
    closed = family in facts.OPTION_GROUPS.value and (replicates(options) or family == "postgres")
    return options["option_group"] is not None and closed


RULES = (
    *SOURCE_RULES,
    *(rule for rule in INSTANCE_RULES if rule.option in _AS_AN_INSTANCE),
    *(rule for rule in FEATURE_RULES if rule.option in _AS_ITS_FEATURES),
    *STORAGE_RULES,
    *retention(rds_facts.BACKUP_RETENTION),
    Rule(
        option="backup_retention",
        reads=("promoted_because",),
        broken=_backs_up_in_vain,
        allowed="left out until the replica is promoted",
        why=facts.WITHOUT_BACKUPS.says,
        source=facts.WITHOUT_BACKUPS.source,
    ),
    Rule(
        option="no_backups_because",
        reads=("backup_retention", "promoted_because"),
        broken=lambda o: (
            o["no_backups_because"] is not None and (o["backup_retention"] is not None or not replicates(o))
        ),
        allowed="left out with 'backup_retention' and with 'promoted_because'",
        why="a database that stands for itself is not left without backups, nor one that is told how long to keep them",
        source=facts.SOURCE_BACKUPS.source,
    ),
    Rule(
        option="promoted_by_api",
        reads=("promoted_because",),
        broken=lambda o: o["promoted_by_api"] and replicates(o),
        allowed="left out, or with 'promoted_because'",
        why=facts.PROMOTED_TWICE.says,
        source=facts.PROMOTED_TWICE.source,
    ),
    Rule(
        option="replica_mode",
        broken=_bad_mode,
        allowed=_modes,
        why=facts.MODES.says,
        source=facts.MODES.source,
    ),
    Rule(
        option="insights",
        reads=("promoted_because",),
        broken=lambda o: o["insights"] == "advanced" and replicates(o),
        allowed=", ".join(map(shown, facts.INSIGHTS_MODE.value)),
        why=facts.INSIGHTS_MODE.says,
        source=facts.INSIGHTS_MODE.source,
    ),
    Rule(
        option="option_group",
        broken=_bad_options,
        allowed="left out",
        why=facts.OPTION_GROUPS.says,
        source=facts.OPTION_GROUPS.source,
    ),
)
