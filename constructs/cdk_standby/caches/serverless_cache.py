"""ElastiCache: a cache without nodes, that grows and moves by itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from aws_cdk import Duration, Names, RemovalPolicy
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_elasticache as elasticache
from aws_cdk import aws_events as events
from aws_cdk import aws_kms as kms
from aws_cdk import aws_rds as rds
from constructs import Construct

from .._alarms import add_alarms
from .._checks import check
from .._reasons import weakened
from .._tokens import is_token
from ..alarm_topic import AlarmTopic
from ..relational._aurora_names import unknown
from ..relational._parts import security_group
from ..relational._place import Place, placed
from ._cache_access import UsersAccess
from ._cache_common import in_days
from ._cache_parts import keep
from ._cache_users import CacheUser, made
from ._serverless_alarms import serverless_alarms
from ._serverless_rules import RULES

__all__ = ["CacheUser", "ServerlessCache"]

PORTS = {"valkey": (6379, 6380), "redis": (6379, 6380), "memcached": (11211, 11212)}
"""For writes and for reads: https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/WhatIs.corecomponents.html"""
EVENTS = ("Cache Limit Approaching", "Cache Update Failed", "Snapshot Creation Failed", "Snapshot Copy Failed")


class ServerlessCache(UsersAccess):
    """A Valkey (Redis OSS, Memcached) cache without nodes, encrypted and closed to strangers, that grows with the load.

    Node or zone loss: ElastiCache keeps copies in several zones, and moves by itself. Region loss: not survived; a
    snapshot's copy has to be restored elsewhere, or the cache is filled anew. Deletion: retained with its parts, since
    a cold cache is an outage of the database behind it; and daily snapshots, which lose up to a day.
    """

    engine: str
    cache: elasticache.CfnServerlessCache
    alarms: dict[str, cloudwatch.Alarm]
    kind = "serverlesscache"

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        vpc: ec2.IVpc,
        key: kms.IKey,
        engine: str = "valkey",
        version: str | None = None,
        name: str | None = None,
        subnets: ec2.SubnetSelection | None = None,
        min_storage: int | None = None,
        max_storage: int | None = None,
        min_rate: int | None = None,
        max_rate: int | None = None,
        users: Sequence[CacheUser] | None = None,
        restore: Sequence[str] = (),
        snapshot_retention: Duration | None = None,
        no_snapshots_because: str | None = None,
        snapshot_time: str = "01:00",
        deletable_because: str | None = None,
        alarms: AlarmTopic | None = None,
        alarm_thresholds: Mapping[str, float] | None = None,
        alarms_off_because: Mapping[str, str] | None = None,
    ) -> None:
        """Build the cache.

        Args:
            scope: the parent.
            id: unique among the parent's children; another id is another cache, so keep it.
            vpc: any VPC with subnets in two zones or more. Create-only.
            key: encrypts data, snapshots and credentials. Create-only.
            engine: ``"valkey"``, ``"redis"`` or ``"memcached"``; left out: valkey. Redis OSS becomes Valkey in
                place; any other change takes another `id`.
            version: the major version, such as ``"8"``; left out: 8 of Valkey, 7 of Redis OSS, 1.6 of Memcached.
            name: a physical name; left out: one after the construct's path. Create-only.
            subnets: where its endpoints stand, in two or three zones; left out: the isolated subnets. Create-only.
            min_storage: GB that are there, and paid, before they are needed; left out: none.
            max_storage: GB at which keys are evicted, or writes refused; left out: as many as AWS allows, and bills.
            min_rate: ECPUs a second that are there, and paid, before they are needed; left out: none.
            max_rate: ECPUs a second at which requests are throttled; left out: as many as AWS allows, and bills.
            users: who may do what; left out: one, ``app``, with a password in a secret, who may do all but what is
                dangerous; none with Memcached, which knows no users.
            restore: the ARNs of snapshots, or of files in S3, from which the cache starts; left out: it is born empty.
                Create-only.
            snapshot_retention: how long daily snapshots are kept, 1 to 35 days; left out: 15.
            no_snapshots_because: why nothing has to come back: no snapshots.
            snapshot_time: when they are taken, daily, in UTC, as ``hh:mm``; left out: 01:00.
            deletable_because: why the cache and its parts may be deleted with their stack, in a lab, leaving a
                snapshot; left out: all of them are retained.
            alarms: who is told of alarms and of limits that come near; left out: alarms exist, but notify nobody.
            alarm_thresholds: other thresholds by name: Throttled (commands in a minute), Evictions (a minute), Latency
                (microseconds of reads), Refused (logins a minute), Storage (bytes, with `max_storage`), Rate (ECPUs a
                minute, with `max_rate`).
            alarms_off_because: alarms to leave out, by name, with reasons.

        Raises:
            InvalidOptions: with every option that cannot work, and the AWS page that says so
                (https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_CreateServerlessCache.html).
        """
        super().__init__(scope, id)
        place = Place.of(self, vpc, subnets)
        given: dict[str, Any] = {**locals(), **placed(self, vpc, key, alarms), "number_of_zones": len(place.zones)}
        given |= {"kind": "cache", "version": version or {"valkey": "8", "redis": "7", "memcached": "1.6"}.get(engine)}
        given["users"] = (CacheUser(name="app"),) if users is None and engine != "memcached" else users
        also = [*unknown(self, given, ("engine", "version")), *in_days(self, given)]
        check(self, RULES, given, also=also)
        for option in ("no_snapshots", "deletable"):
            weakened(self, option, given[f"{option}_because"])

        self.engine, self.key, self.port = engine, key, PORTS[engine][0]
        self.security_group = security_group(self, vpc)
        self.users = made(self, engine, given["users"], key) if given["users"] else None
        known = _name(self) if name is None else name if is_token(name) else name.lower()
        kept = 15 if snapshot_retention is None else snapshot_retention.to_days()
        self.cache = elasticache.CfnServerlessCache(
            self,
            "Cache",
            serverless_cache_name=known,
            description=f"Cache {self.node.path}"[:255],
            engine=engine,
            major_engine_version=given["version"],
            kms_key_id=key.key_arn,
            subnet_ids=list(place.subnets),
            security_group_ids=[self.security_group.security_group_id],
            user_group_id=self.users.group.ref if self.users else None,
            cache_usage_limits=_limits(given),
            snapshot_arns_to_restore=list(restore) or None,
            snapshot_retention_limit=kept if no_snapshots_because is None else 0,
            daily_snapshot_time=snapshot_time if no_snapshots_because is None else None,
            final_snapshot_name=f"{known}-final" if deletable_because else None,
        )
        keep(
            self.cache,
            self.security_group,
            *(self.users.parts if self.users else ()),
            deletable_because=deletable_because,
            last=RemovalPolicy.DESTROY,
        )
        if alarms is not None:
            _tell(self, alarms)
        specs = serverless_alarms(self, given)
        self.alarms = add_alarms(self, specs, topic=alarms, thresholds=alarm_thresholds, off_because=alarms_off_because)

    @property
    def connections(self) -> ec2.Connections:
        """Who may reach the cache, for writes and for reads: nobody until let in here."""
        first, last = PORTS[self.engine]
        return ec2.Connections(security_groups=[self.security_group], default_port=ec2.Port.tcp_range(first, last))

    @property
    def cache_name(self) -> str:
        """The cache's name in its Region."""
        return self.cache.ref

    @property
    def dimensions(self) -> Mapping[str, str]:
        """By what CloudWatch knows the cache."""
        return {"clusterId": self.cache.ref}

    @property
    def endpoint(self) -> rds.Endpoint:
        """For reads and writes."""
        return rds.Endpoint(self.cache.attr_endpoint_address, self.port)

    @property
    def reader_endpoint(self) -> rds.Endpoint:
        """For reads that may be a little old, from the nearest zone."""
        return rds.Endpoint(self.cache.attr_reader_endpoint_address, PORTS[self.engine][1])


def _name(cache: Construct) -> str:
    """ServerlessCacheName is required: one after the construct's path, which is as unique."""
    return Names.unique_resource_name(cache, max_length=34).lower()


def _limits(given: Mapping[str, Any]) -> elasticache.CfnServerlessCache.CacheUsageLimitsProperty | None:
    own = elasticache.CfnServerlessCache
    storage = rate = None
    if given["min_storage"] is not None or given["max_storage"] is not None:
        storage = own.DataStorageProperty(unit="GB", minimum=given["min_storage"], maximum=given["max_storage"])
    if given["min_rate"] is not None or given["max_rate"] is not None:
        rate = own.ECPUPerSecondProperty(minimum=given["min_rate"], maximum=given["max_rate"])
    if storage is None and rate is None:
        return None
    return own.CacheUsageLimitsProperty(data_storage=storage, ecpu_per_second=rate)


def _tell(cache: ServerlessCache, alarms: AlarmTopic) -> None:
    """https://docs.aws.amazon.com/eventbridge/latest/ref/events-ref-elasticache.html."""
    rule = events.Rule(
        cache,
        "Events",
        description=f"What goes wrong with {cache.node.path}",
        event_pattern=events.EventPattern(
            source=["aws.elasticache"],
            detail_type=list(EVENTS),
            detail={"SourceIdentifier": [cache.cache_name]},
        ),
    )
    what, who = (events.EventField.from_path(f"$.detail.{field}") for field in ("Message", "SourceIdentifier"))
    alarms.notify_of(rule, events.RuleTargetInput.from_text(f"{who}: {what}"))
