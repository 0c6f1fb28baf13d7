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
    from .backup_plan import BackupPlan
    from .capacity import group_size
    from .keys import DataKey
    from .locked_vault import LockedVault
    from .network import Network
    from .relational.aurora import AuroraCluster, SecretReplica
    from .relational.global_aurora import GlobalAurora
    from .review_gate import ReviewGate
    from .service import Service
    from .traffic import FailoverRecords, FailoverSite, RegionalRecord
    from .traffic_switch import AlarmId, TrafficSwitch

_HOME = {
    "AcceleratedZone": "accelerated_zone",
    "AccessLogs": "access_logs",
    "AlarmId": "traffic_switch",
    "AlarmTopic": "alarm_topic",
    "AuroraCluster": "relational.aurora",
    "BackupPlan": "backup_plan",
    "DataKey": "keys",
    "FailoverRecords": "traffic",
    "FailoverSite": "traffic",
    "GlobalAurora": "relational.global_aurora",
    "InvalidOptions": "_checks",
    "LockedVault": "locked_vault",
    "Network": "network",
    "Problem": "_checks",
    "RegionalRecord": "traffic",
    "ReviewGate": "review_gate",
    "SecretReplica": "relational.aurora",
    "Service": "service",
    "TrafficSwitch": "traffic_switch",
    "check_cidrs_disjoint": "_cidrs",
    "group_size": "capacity",
}

__all__ = [
    "AcceleratedZone",
    "AccessLogs",
    "AlarmId",
    "AlarmTopic",
    "AuroraCluster",
    "BackupPlan",
    "DataKey",
    "FailoverRecords",
    "FailoverSite",
    "GlobalAurora",
    "InvalidOptions",
    "LockedVault",
    "Network",
    "Problem",
    "RegionalRecord",
    "ReviewGate",
    "SecretReplica",
    "Service",
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
