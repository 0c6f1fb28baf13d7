"""Highly available building blocks for the AWS CDK.

Each name is imported when it is first used, with the AWS modules it needs and no others, so that
``import cdk_standby`` costs next to nothing (https://peps.python.org/pep-0562/).
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ._checks import InvalidOptions, Problem
    from ._cidrs import check_cidrs_disjoint
    from .accelerated_zone import AcceleratedZone
    from .access_logs import AccessLogs
    from .alarm_topic import AlarmTopic
    from .audit_trail import AuditTrail
    from .backup_plan import BackupPlan
    from .capacity import group_size
    from .keys import DataKey
    from .locked_vault import LockedVault
    from .network import Network
    from .relational._restore import Restore
    from .relational.aurora import AuroraCluster, SecretReplica
    from .relational.aurora_limitless import AuroraLimitless
    from .relational.blue_green import BlueGreen
    from .relational.database_drill import DatabaseDrill
    from .relational.database_events import DatabaseEvents
    from .relational.database_names import DatabaseNames
    from .relational.database_proxy import DatabaseProxy
    from .relational.database_runbooks import DatabaseRunbooks
    from .relational.database_snapshot import DatabaseSnapshot
    from .relational.dsql import DsqlCluster, DsqlEndpoint
    from .relational.global_aurora import GlobalAurora
    from .relational.keep_awake import KeepAwake
    from .relational.multi_az_cluster import MultiAzCluster
    from .relational.multi_az_instance import BackupsTo, DatabaseOption, MultiAzInstance
    from .relational.read_replica import ReadReplica, SourceInstance
    from .relational.region_switch import DatabaseRegionSwitch
    from .relational.stop_schedule import StopSchedule
    from .replacement_guard import ReplacementGuard
    from .review_gate import ReviewGate
    from .service import Service
    from .traffic import FailoverRecords, FailoverSite, RegionalRecord
    from .traffic_switch import AlarmId, TrafficSwitch

_HOME = {
    "AcceleratedZone": "accelerated_zone",
    "AccessLogs": "access_logs",
    "AlarmId": "traffic_switch",
    "AlarmTopic": "alarm_topic",
    "AuditTrail": "audit_trail",
    "AuroraCluster": "relational.aurora",
    "AuroraLimitless": "relational.aurora_limitless",
    "BackupPlan": "backup_plan",
    "BackupsTo": "relational.multi_az_instance",
    "BlueGreen": "relational.blue_green",
    "DataKey": "keys",
    "DatabaseDrill": "relational.database_drill",
    "DatabaseEvents": "relational.database_events",
    "DatabaseNames": "relational.database_names",
    "DatabaseOption": "relational.multi_az_instance",
    "DatabaseProxy": "relational.database_proxy",
    "DatabaseRegionSwitch": "relational.region_switch",
    "DatabaseRunbooks": "relational.database_runbooks",
    "DatabaseSnapshot": "relational.database_snapshot",
    "DsqlCluster": "relational.dsql",
    "DsqlEndpoint": "relational.dsql",
    "FailoverRecords": "traffic",
    "FailoverSite": "traffic",
    "GlobalAurora": "relational.global_aurora",
    "InvalidOptions": "_checks",
    "KeepAwake": "relational.keep_awake",
    "LockedVault": "locked_vault",
    "MultiAzCluster": "relational.multi_az_cluster",
    "MultiAzInstance": "relational.multi_az_instance",
    "Network": "network",
    "Problem": "_checks",
    "ReadReplica": "relational.read_replica",
    "RegionalRecord": "traffic",
    "ReplacementGuard": "replacement_guard",
    "Restore": "relational._restore",
    "ReviewGate": "review_gate",
    "SecretReplica": "relational.aurora",
    "Service": "service",
    "SourceInstance": "relational.read_replica",
    "StopSchedule": "relational.stop_schedule",
    "TrafficSwitch": "traffic_switch",
    "check_cidrs_disjoint": "_cidrs",
    "group_size": "capacity",
}

__all__ = [
    "AcceleratedZone",
    "AccessLogs",
    "AlarmId",
    "AlarmTopic",
    "AuditTrail",
    "AuroraCluster",
    "AuroraLimitless",
    "BackupPlan",
    "BackupsTo",
    "BlueGreen",
    "DataKey",
    "DatabaseDrill",
    "DatabaseEvents",
    "DatabaseNames",
    "DatabaseOption",
    "DatabaseProxy",
    "DatabaseRegionSwitch",
    "DatabaseRunbooks",
    "DatabaseSnapshot",
    "DsqlCluster",
    "DsqlEndpoint",
    "FailoverRecords",
    "FailoverSite",
    "GlobalAurora",
    "InvalidOptions",
    "KeepAwake",
    "LockedVault",
    "MultiAzCluster",
    "MultiAzInstance",
    "Network",
    "Problem",
    "ReadReplica",
    "RegionalRecord",
    "ReplacementGuard",
    "Restore",
    "ReviewGate",
    "SecretReplica",
    "Service",
    "SourceInstance",
    "StopSchedule",
    "TrafficSwitch",
    "check_cidrs_disjoint",
    "group_size",
]


def __getattr__(name: str) -> Any:
    try:
        module = _HOME[name]
    except KeyError:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}") from None
    value = getattr(importlib.import_module(f".{module}", __name__), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
