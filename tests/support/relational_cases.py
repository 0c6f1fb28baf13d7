"""Every relational construct that keeps data: as somebody deployed it, and what they change later."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import aws_cdk as cdk
from aws_cdk import Duration
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from aws_cdk import aws_route53 as route53
from constructs import Construct

import cdk_standby.relational
from cdk_standby.relational._credentials import SecretReplica
from cdk_standby.relational._replica_source import SourceInstance
from cdk_standby.relational._restore import Restore
from cdk_standby.relational.aurora import AuroraCluster
from cdk_standby.relational.aurora_limitless import AuroraLimitless
from cdk_standby.relational.database_names import DatabaseNames
from cdk_standby.relational.database_proxy import DatabaseProxy
from cdk_standby.relational.dsql import DsqlCluster
from cdk_standby.relational.global_aurora import GlobalAurora
from cdk_standby.relational.multi_az_cluster import MultiAzCluster
from cdk_standby.relational.multi_az_instance import MultiAzInstance
from cdk_standby.relational.read_replica import ReadReplica

KEY = "arn:aws:kms:eu-west-1:111111111111:key/{}2345678-1234-1234-1234-123456789012"
REPLICAS = (SecretReplica(region="eu-central-1", key="alias/shop-eu-central-1-data"),)
OPERATED: dict[str, Any] = {
    "secret_replicas": REPLICAS,
    "backup_retention": Duration.days(35),
    "backup_window": "04:00-04:45",
    "maintenance_window": "mon:05:30-mon:06:30",
    "log_retention": logs.RetentionDays.ONE_YEAR,
    "monitoring_interval": 15,
    "insights": "standard",
    "alarm_thresholds": {"Cpu": 95},
    "alarms_off_because": {"Memory": "a cache fills it"},
}
"""How every database that runs on instances is operated: all of it may change on any day."""


@dataclass(frozen=True, kw_only=True)
class Case:
    """A construct as somebody deployed it, and what they change later."""

    of: type[Construct]
    base: Mapping[str, Any]
    grown: Mapping[str, Any]
    """All at once: whatever AWS changes in place."""
    anew: Mapping[str, Any] = field(default_factory=dict[str, Any])
    """One at a time: whatever replaces the data, and says so."""
    with_vpc: bool = True
    beside: tuple[Callable[[cdk.Stack, Any], object], ...] = ()
    """What is put beside the database later."""


def proxy(stack: cdk.Stack, database: Any) -> DatabaseProxy:
    return DatabaseProxy(stack, "Proxy", database=database, vpc=network(stack, "ProxyVpc"))


def names(stack: cdk.Stack, database: Any) -> DatabaseNames:
    zone = route53.PrivateHostedZone(stack, "Zone", zone_name="shop.internal", vpc=network(stack, "ZoneVpc"))
    return DatabaseNames(stack, "Names", zone=zone, database=database, writer="writer")


def put(stack: cdk.Stack, case: Case, changes: Mapping[str, Any], *, beside: bool = False) -> Construct:
    """Build a case with changed options; None takes an option away."""
    given = {option: value for option, value in {**case.base, **changes}.items() if value is not None}
    if "key" in options_of(case.of):
        given["key"] = kms.Key.from_key_arn(stack, "Key", str(given.get("key", KEY.format(1))))
    if case.with_vpc:
        given["vpc"] = network(stack)
    database = case.of(stack, "Database", **given)
    for add in case.beside if beside else ():
        add(stack, database)
    return database


def network(stack: cdk.Stack, id: str = "Vpc") -> ec2.IVpc:
    return ec2.Vpc.from_vpc_attributes(
        stack,
        id,
        vpc_id="vpc-0123456789abcdef0",
        availability_zones=[f"eu-west-1{zone}" for zone in "abc"],
        isolated_subnet_ids=[f"subnet-0aaaaaaaaaaaaaaa{n}" for n in range(3)],
        isolated_subnet_route_table_ids=[f"rtb-0aaaaaaaaaaaaaaa{n}" for n in range(3)],
    )


SQL_SERVER = {"engine": "sqlserver-se", "version": "16.00.4185.3.v1"}
SOURCE = SourceInstance(identifier="shop", region="eu-central-1", engine="postgres", version="17.6", storage=200)
POSTGRES = {"engine": "postgres", "version": "17.6", "instance_identifier": "shop"}
CASES: dict[str, Case] = {
    "MultiAzInstance": Case(
        of=MultiAzInstance,
        base=POSTGRES,
        grown={
            **OPERATED,
            "version": "18.1",
            "major_upgrades": True,
            "instance": "r7g.4xlarge",
            "storage": 500,
            "max_storage": 2000,
            "storage_type": "io2",
            "iops": 10000,
            "single_az_because": "a lab from now on",
            "minor_upgrades": False,
            "ca": "rds-ca-ecc384-g1",
            "log_types": ["postgresql"],
            "parameters": {"max_connections": "500"},
        },
        anew={
            "engine": {"engine": "mysql", "version": "8.4.6"},
            "key": {"key": KEY.format(9)},
            "instance_identifier": {"instance_identifier": "shop-2"},
            "database_name": {"database_name": "shop"},
            "character_set": {**SQL_SERVER, "character_set": "Latin1_General_CI_AS"},
            "timezone": {**SQL_SERVER, "timezone": "UTC"},
            "master_username": {"master_username": "chief"},
            "restore": {"restore": Restore.from_snapshot("before")},
        },
        beside=(proxy, names),
    ),
    "MultiAzCluster": Case(
        of=MultiAzCluster,
        base={"engine": "postgres", "version": "16.4", "cluster_identifier": "shop"},
        grown={
            **OPERATED,
            "version": "17.4",
            "instance": "r6gd.4xlarge",
            "storage": 500,
            "storage_type": "io2",
            "iops": 10000,
            "minor_upgrades": False,
            "parameters": {"max_connections": "500"},
        },
        anew={
            "engine": {"engine": "mysql", "version": "8.4.6"},
            "key": {"key": KEY.format(9)},
            "cluster_identifier": {"cluster_identifier": "shop-2"},
            "database_name": {"database_name": "shop"},
            "master_username": {"master_username": "chief"},
            "restore": {"restore": Restore.from_snapshot("before")},
        },
        beside=(names,),
    ),
    "ReadReplica": Case(
        of=ReadReplica,
        base={"source": SOURCE, "instance_identifier": "shop-replica"},
        grown={
            **OPERATED,
            "secret_replicas": None,
            "promoted_because": "the other Region is lost",
            "version": "18.1",
            "major_upgrades": True,
            "instance": "r7g.4xlarge",
            "storage": 500,
            "minor_upgrades": False,
            "parameters": {"max_connections": "500"},
        },
        anew={
            "source": {"source": replace(SOURCE, identifier="shop-2")},
            "key": {"key": KEY.format(9)},
            "zone": {"single_az_because": "one of three", "zone": "eu-west-1b"},
            "instance_identifier": {"instance_identifier": "shop-replica-2"},
        },
    ),
    "AuroraCluster": Case(
        of=AuroraCluster,
        base={"engine": "aurora-postgresql", "version": "16.4", "cluster_identifier": "shop"},
        grown={
            **OPERATED,
            "version": "17.4",
            "instance": "r8g.4xlarge",
            "readers": 5,
            "local_write_forwarding": True,
            "parameters": {"max_connections": "500"},
            "plaintext_because": "an old driver",
        },
        anew={
            "engine": {"engine": "aurora-mysql", "version": "8.0.mysql_aurora.3.08.0"},
            "key": {"key": KEY.format(9)},
            "cluster_identifier": {"cluster_identifier": "shop-2"},
            "global_cluster": {"global_cluster": "shop-everywhere"},
            "database_name": {"database_name": "shop"},
            "master_username": {"master_username": "chief"},
            "restore": {"restore": Restore.from_snapshot("before")},
        },
        beside=(proxy, names),
    ),
    "AuroraLimitless": Case(
        of=AuroraLimitless,
        base={"version": "16.6-limitless", "capacity": (16.0, 768.0), "cluster_identifier": "shop"},
        grown={
            **{option: value for option, value in OPERATED.items() if option not in {"insights", "alarms_off_because"}},
            "alarm_thresholds": {"Capacity": 70},
            "capacity": (32.0, 1536.0),
            "standbys": 1,
            "fewer_standbys_because": "two zones are enough",
            "parameters": {"max_connections": "500"},
        },
        anew={
            "key": {"key": KEY.format(9)},
            "cluster_identifier": {"cluster_identifier": "shop-2"},
            "shard_group_identifier": {"shard_group_identifier": "shop-shards"},
            "master_username": {"master_username": "chief"},
            "restore": {"restore": Restore.from_snapshot("before")},
        },
    ),
    "GlobalAurora": Case(
        of=GlobalAurora,
        base={"engine": "aurora-postgresql", "version": "16.4", "identifier": "shop"},
        grown={"version": "17.4"},
        anew={
            "engine": {"engine": "aurora-mysql", "version": "8.0.mysql_aurora.3.08.0"},
            "identifier": {"identifier": "shop-2"},
            "source": {"source": "arn:aws:rds:eu-west-1:111111111111:cluster:shop"},
        },
        with_vpc=False,
    ),
    "DsqlCluster": Case(
        of=DsqlCluster,
        base={"name": "shop"},
        grown={
            "key": KEY.format(9),
            "name": "Shop of shoes",
            "public_because": "it is for everybody",
            "alarm_thresholds": {"Conflicts": 20},
            "deletable_because": "a lab from now on",
        },
        with_vpc=False,
    ),
}


def options_of(construct: type[Construct]) -> set[str]:
    return set(inspect.signature(construct.__init__).parameters) - {"self"}


def keeps_data() -> dict[str, type[Construct]]:
    """The public relational constructs that can be told that their data may go, and are not about another's."""
    home = cdk_standby.relational
    modules = [
        importlib.import_module(f"{home.__name__}.{found.name}") for found in pkgutil.iter_modules(home.__path__)
    ]
    return {
        name: one
        for module in modules
        for name, one in inspect.getmembers(module, inspect.isclass)
        if one.__module__ == module.__name__ and issubclass(one, Construct) and not name.startswith("_")
        if {"deletable_because"} == {"deletable_because", "database"} & options_of(one)
    }


PUBLIC = keeps_data()
