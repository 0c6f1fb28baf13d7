"""The shop with a tier of each kind, for what has to hold whatever the strategy is."""

from __future__ import annotations

from typing import Any

import aws_cdk as cdk
from shop import shop

from cdk_standby_stacks import (
    AuroraPostgres,
    BackupRestore,
    Bucket,
    Images,
    MultiAz,
    MultiSite,
    Objectives,
    PilotLight,
    Queue,
    Recovery,
    Secret,
    Table,
    Valkey,
    WarmStandby,
    Workload,
)

WORDS = (MultiAz, BackupRestore, PilotLight, WarmStandby, MultiSite)
HERE, THERE, NORTH = "eu-west-1", "eu-central-1", "eu-north-1"

KEPT = Objectives(region=Recovery(rto=cdk.Duration.minutes(30), rpo=cdk.Duration.minutes(15)))
"""What a pilot light and a warm standby of it keep: objects arrive within 15 minutes, and no sooner for sure."""


def tiers() -> dict[str, Any]:
    """A tier of each kind, as any strategy takes it, by the field of the workload that takes it."""
    return {
        "database": AuroraPostgres(version="17.4", forward_writes=True),
        "tables": [Table("orders", "order_id", last_writer_wins_because="each order has one cart")],
        "buckets": [Bucket("uploads", last_writer_wins_because="names of objects are random")],
        "secrets": [Secret("payments")],
        "images": [Images("web")],
        "cache": Valkey(version="8.2"),
        "queues": [Queue("jobs", bridges=cdk.Duration.days(2))],
    }


def serving(**changes: Any) -> Workload:
    """The shop with all of them."""
    return shop(**{**tiers(), **changes})
