"""ElastiCache: Memcached nodes over several zones, each of which knows nothing of the others."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from aws_cdk import Duration, RemovalPolicy, Stack
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_elasticache as elasticache
from aws_cdk import aws_rds as rds
from aws_cdk import aws_sns as sns
from constructs import Construct

from .._alarms import AlarmSpec, add_alarms
from .._checks import check
from .._reasons import weakened
from ..alarm_topic import AlarmTopic
from ..relational._aurora_names import unknown
from ..relational._parts import accept, security_group
from ..relational._place import Place
from . import _cache_parts as parts
from ._cache_access import CacheAccess
from ._cache_build import bad_events
from ._memcached_rules import RULES

__all__ = ["MemcachedCache"]

PORT = 11211


class MemcachedCache(CacheAccess):
    """Memcached nodes in several zones: the loss of one loses what it held, and no more.

    Node or zone loss: what the lost nodes held is gone; the others go on, and ElastiCache replaces the lost ones, which
    are empty then. Clients spread keys over nodes, so three nodes lose a third. Region loss: not survived. There is no
    replication, no persistence, no snapshot, no user and no encryption at rest: nothing may be here that exists nowhere
    else. For any of that take a `ValkeyCache`.
    """

    cluster: elasticache.CfnCacheCluster
    subnet_group: elasticache.CfnSubnetGroup
    parameter_group: elasticache.CfnParameterGroup
    events: sns.ITopic | None
    """Whom ElastiCache tells; None: nobody."""
    alarms: dict[str, cloudwatch.Alarm]

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        vpc: ec2.IVpc,
        version: str = "1.6.22",
        node_type: str = "cache.r7g.large",
        nodes: int = 3,
        single_node_because: str | None = None,
        more_nodes_because: str | None = None,
        zones: Sequence[str] | None = None,
        name: str | None = None,
        port: int = PORT,
        subnets: ec2.SubnetSelection | None = None,
        plaintext_because: str | None = None,
        parameters: Mapping[str, str] | None = None,
        maintenance_window: str = "sun:03:00-sun:04:00",
        minor_upgrades: bool = True,
        deletable_because: str | None = None,
        events: sns.ITopic | None = None,
        alarms: AlarmTopic | None = None,
        alarm_thresholds: Mapping[str, float] | None = None,
        alarms_off_because: Mapping[str, str] | None = None,
    ) -> None:
        """Build the cache.

        Args:
            scope: the parent.
            id: unique among the parent's children; another id is another cache, so keep it.
            vpc: any VPC with subnets in two zones or more.
            version: of Memcached; left out: 1.6.22. Another one empties the cache.
            node_type: left out: cache.r7g.large. Another one empties the cache.
            nodes: 1 to 40; left out: 3, one in each zone. More and fewer move keys between nodes, as clients spread
                them.
            single_node_because: why losing all of the cache with one node is acceptable.
            more_nodes_because: how it is known that AWS raised the quota: 41 to 60 nodes.
            zones: a zone for each node; left out: ElastiCache spreads nodes over the zones of the subnets. Create-only.
            name: a physical name; left out: AWS makes one up. Create-only.
            port: left out: 11211. Create-only.
            subnets: where nodes may live; left out: the isolated subnets.
            plaintext_because: why connections need not be encrypted. ElastiCache knows it when a cluster is made only,
                so another choice takes another id.
            parameters: further parameters of the engine; left out: its defaults.
            maintenance_window: weekly, in UTC, as ``ddd:hh:mm-ddd:hh:mm``; left out: Sundays 03:00-04:00.
            minor_upgrades: False keeps the version until `version` says otherwise; left out: ElastiCache upgrades it in
                the maintenance window, and empties nodes by it.
            deletable_because: why the cache and its parts may be deleted with their stack; otherwise all of them are
                retained, since a cold cache is an outage of the database behind it.
            events: a standard topic that is not encrypted, for lost and replaced nodes; left out: one of the cache's
                own when `alarms` are given, for somebody to subscribe to, otherwise none.
            alarms: who is told of alarms; left out: alarms exist, but notify nobody.
            alarm_thresholds: other thresholds by name: Cpu (%), Evictions (a minute), Connections, Swap (bytes).
            alarms_off_because: alarms to leave out, by name, with reasons.

        Raises:
            InvalidOptions: with every option that cannot work, and the AWS page that says so
                (https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_CreateCacheCluster.html).
        """
        super().__init__(scope, id)
        place = Place.of(self, vpc, subnets)
        given: dict[str, Any] = {**locals(), **_placed(self, vpc, events, alarms), "known_zones": place.zones}
        given |= {"number_of_zones": len(place.zones), "bad_events": bad_events(events)}
        check(self, RULES, given, also=unknown(self, given, ("version", "node_type", "nodes")))
        for option in ("single_node", "more_nodes", "plaintext", "deletable"):
            weakened(self, option, given[f"{option}_because"])

        self.port = port
        self.subnet_group = parts.subnet_group(self, place.subnets)
        self.security_group = security_group(self, vpc)
        self.parameter_group = parts.parameter_group(self, "Parameters", "memcached", version, parameters or {})
        self.events = events or (parts.events_topic(self) if alarms is not None else None)
        self.cluster = elasticache.CfnCacheCluster(
            self,
            "Cache",
            engine="memcached",
            engine_version=version,
            cache_node_type=node_type,
            num_cache_nodes=nodes,
            az_mode="cross-az" if nodes > 1 else "single-az",
            preferred_availability_zones=list(zones) if zones is not None else None,
            cluster_name=name,
            port=port,
            cache_subnet_group_name=self.subnet_group.ref,
            cache_parameter_group_name=self.parameter_group.ref,
            vpc_security_group_ids=[self.security_group.security_group_id],
            transit_encryption_enabled=plaintext_because is None,
            preferred_maintenance_window=maintenance_window,
            auto_minor_version_upgrade=minor_upgrades,
            notification_topic_arn=self.events.topic_arn if self.events else None,
        )
        if port == PORT:
            accept(
                self.cluster,
                "the security group is closed: who is not let in by name finds no port",
                parts.OF_ITS_OWN,
            )
        parts.keep(
            self.cluster,
            self.subnet_group,
            self.security_group,
            self.parameter_group,
            deletable_because=deletable_because,
            last=RemovalPolicy.DESTROY,
        )
        self.alarms = add_alarms(
            self, _alarms(self), topic=alarms, thresholds=alarm_thresholds, off_because=alarms_off_because
        )

    @property
    def cache_name(self) -> str:
        """The cache's name in its Region."""
        return self.cluster.ref

    @property
    def dimensions(self) -> Mapping[str, str]:
        """By what CloudWatch knows all nodes together."""
        return {"CacheClusterId": self.cluster.ref}

    @property
    def endpoint(self) -> rds.Endpoint:
        """Tells clients that ask (auto discovery) all nodes there are, replaced ones too."""
        return rds.Endpoint(self.cluster.attr_configuration_endpoint_address, self.port)


def _placed(cache: Construct, vpc: ec2.IVpc, events: sns.ITopic | None, alarms: AlarmTopic | None) -> dict[str, Any]:
    regions = {
        "vpc": vpc.env.region,
        "events": events.env.region if events else None,
        "alarms": Stack.of(alarms).region if alarms else None,
    }
    paths = {
        "vpc": vpc.node.path,
        "events": events.node.path if events else None,
        "alarms": alarms.node.path if alarms else None,
    }
    return {"region": Stack.of(cache).region, "regions": regions, "kind": "cache", **paths}


def _alarms(cache: MemcachedCache) -> Iterator[AlarmSpec]:
    yield AlarmSpec(
        name="Cpu",
        metric=cache.metric("CPUUtilization", statistic="Maximum"),
        threshold=90,
        periods=5,
        says="A node is busier than this (%): take larger nodes, or more of them.",
    )
    yield AlarmSpec(
        name="Evictions",
        metric=cache.metric("Evictions", statistic="Sum", period=Duration.minutes(1)),
        threshold=1000,
        periods=5,
        says="More keys than this are evicted in a minute: the working set does not fit, and the database behind the "
        "cache feels it.",
    )
    yield AlarmSpec(
        name="Connections",
        metric=cache.metric("CurrConnections", statistic="Maximum"),
        threshold=50_000,
        periods=5,
        says="A node has more connections than this, of 65,000: look for clients that open without closing.",
    )
    yield AlarmSpec(
        name="Swap",
        metric=cache.metric("SwapUsage", statistic="Maximum"),
        threshold=50_000_000,
        periods=5,
        says="A node swaps more than this (bytes): give connections more memory (memcached_connections_overhead).",
    )
