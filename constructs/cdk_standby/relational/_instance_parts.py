"""What a Multi-AZ instance is made with besides itself."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from aws_cdk import aws_kms as kms
from aws_cdk import aws_rds as rds
from constructs import Construct

from cdk_standby_review.facts import rds as facts
from cdk_standby_review.facts import rds_engines as engines

from .._checks import Options
from ._engines import Engine
from ._instance_storage_rules import growth
from ._instance_values import BackupsTo, DatabaseOption
from ._parts import IN_A_PLAN, NIST, UNMONITORED, accept

UNENCRYPTED = ("AwsSolutions::AwsSolutions-RDS2", NIST + "RDSStorageEncrypted")
SINGLE = ("AwsSolutions::AwsSolutions-RDS3", NIST + "RDSMultiAZSupport")
USUAL_PORT = "AwsSolutions::AwsSolutions-RDS11"
_NEW = ("db2-ce",)
UNLOGGED = NIST + "RDSLoggingEnabled[LogExport::{}]"
_ENCRYPTED = {
    "SQLNET.ENCRYPTION_SERVER": "REQUIRED",
    "SQLNET.ENCRYPTION_TYPES_SERVER": "AES256,AES192,AES128",
    "SQLNET.CRYPTO_CHECKSUM_SERVER": "REQUIRED",
    "SQLNET.CRYPTO_CHECKSUM_TYPES_SERVER": "SHA256,SHA384,SHA512",
}


def parameter_group(
    scope: Construct, engine: Engine, version: str, parameters: Mapping[str, str]
) -> rds.CfnDBParameterGroup:
    """A group of the instance's own, since defaults cannot be changed.

    RDS names it: a new major version has another family, and the group of the old one is left beside it.
    """
    return rds.CfnDBParameterGroup(
        scope,
        "Parameters",
        family=engine.family(version),
        description=f"Database {scope.node.path}",
        parameters=dict(parameters),
    )


def ibm_ids(customer: str | None, site: str | None) -> dict[str, str]:
    """How IBM knows whoever brings a licence, as parameters."""
    given = dict(zip(facts.IBM_IDS.value, (customer, site), strict=True))
    return {name: value for name, value in given.items() if value is not None}


def option_group(
    scope: Construct,
    engine: Engine,
    version: str,
    asked: Sequence[DatabaseOption] | None,
    *,
    plaintext: bool,
    door: str,
) -> rds.CfnOptionGroup | None:
    """The options of the engine, and for Oracle the one that encrypts every session; None: the default group.

    Oracle has a group even without options: RDS would keep the old one when none is named any more.
    """
    oracle = engine.family_of == "oracle"
    if not engine.has_options or (asked is None and not oracle):
        return None
    forced = oracle and not plaintext
    own = [DatabaseOption(name=facts.ORACLE_ENCRYPTION.value, settings=_ENCRYPTED)] if forced else []
    return rds.CfnOptionGroup(
        scope,
        "Options",
        engine_name=engine.name,
        major_engine_version=engine.major_of(version),
        option_group_description=f"Database {scope.node.path}",
        option_configurations=[_option(option, door) for option in (*own, *(asked or ()))],
    )


def _option(option: DatabaseOption, door: str) -> rds.CfnOptionGroup.OptionConfigurationProperty:
    settings = [
        rds.CfnOptionGroup.OptionSettingProperty(name=name, value=value) for name, value in option.settings.items()
    ]
    return rds.CfnOptionGroup.OptionConfigurationProperty(
        option_name=option.name,
        option_settings=settings or None,
        option_version=option.version,
        port=option.port,
        vpc_security_group_memberships=[door] if option.port else None,
    )


def lifecycle(engine: Engine, *, extended: bool) -> str | None:
    """What becomes of the engine after its standard support, where it has another."""
    return "open-source-rds-extended-support" + ("" if extended else "-disabled") if engine.lifecycle else None


def storage(options: Options) -> dict[str, Any]:
    """The properties of the storage; it grows unless a reason says otherwise."""
    fixed = options["fixed_storage_because"] is not None
    return {
        "allocated_storage": str(options["storage"]),
        "max_allocated_storage": None if fixed else options["max_storage"] or growth(options),
        "storage_type": options["storage_type"],
        "iops": options["iops"],
        "storage_throughput": options["throughput"],
    }


def backups_elsewhere(copies: BackupsTo | None) -> dict[str, Any]:
    """The properties that copy automated backups to another Region."""
    if copies is None:
        return {}
    return {
        "automatic_backup_replication_region": copies.region,
        "automatic_backup_replication_kms_key_id": copies.key,
        "automatic_backup_replication_retention_period": copies.retention.to_days(),
    }


def encrypted(key: kms.IKey, *, inherited: bool) -> dict[str, Any]:
    """What is restored keeps the encryption of its origin, and CloudFormation takes no other."""
    return {} if inherited else {"storage_encrypted": True, "kms_key_id": key.key_arn}


def insights(engine: Engine, mode: str, key: kms.IKey, *, instance: str, off: bool) -> dict[str, Any]:
    """Database Insights, where engine and class have them; turned off by name, since RDS would keep them otherwise."""
    without = engines.WITHOUT_INSIGHTS.value.get(engine.name)
    if without is not None and re.fullmatch(without, instance):
        return {}
    if off:
        return {"enable_performance_insights": False, "database_insights_mode": "standard"}
    return {
        "database_insights_mode": mode,
        "enable_performance_insights": True,
        "performance_insights_kms_key_id": key.key_arn,
        "performance_insights_retention_period": facts.INSIGHTS_DAYS.value[mode],
    }


def accept_instance(instance: rds.CfnDBInstance, engine: Engine, exported: Sequence[str], options: Options) -> None:
    """Tell the validators what is meant about an instance."""
    accept(instance, "the port that clients expect; it opens to peers by name, one by one", USUAL_PORT)
    accept(instance, "backed up by RDS to any second; a BackupPlan adds copies that nobody can delete", IN_A_PLAN)
    for kind in engine.known_log_types:
        if kind not in exported:
            accept(instance, "written only where a parameter or an option turns it on", UNLOGGED.format(kind))
    if engine.name in _NEW:
        accept(instance, "the validator's list of engines is older than this one", "CloudFormation-Validate::E9006")
        instance.add_metadata("cfn-lint", {"config": {"ignore_checks": ["E3691"]}})
    if options["restore"] is not None:
        accept(instance, "what is restored keeps the encryption of its origin", *UNENCRYPTED)
    if options["single_az_because"]:
        accept(instance, options["single_az_because"], *SINGLE)
    if options["no_monitoring_because"]:
        accept(instance, options["no_monitoring_because"], UNMONITORED)
