"""DynamoDB Accelerator (DAX): a cache in front of tables, with nodes in several zones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import jsii
from aws_cdk import Annotations, Duration, RemovalPolicy, Stack
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_dax as dax
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from constructs import Construct

from cdk_standby_review.facts import dax as facts

from .._alarms import add_alarms
from .._checks import check
from .._named_zones import zone_is_meant, zones_are_meant
from .._reasons import weakened
from ..alarm_topic import AlarmTopic
from ..relational._parts import accept, security_group
from ..relational._place import Place, lower
from . import _dax_parts as parts
from ._dax_alarms import cluster_alarms
from ._dax_rules import RULES
from ._dax_tables import CachedTable, accept_indexes, allow, unfit

__all__ = ["DaxCluster"]

ELEVEN_NODES = "cdk-standby:dax-eleven-nodes"
"""The id by which the warning about the eleventh node is acknowledged."""
TWICE = "CloudFormation-Validate::W9007"
_READ = ("dax:BatchGetItem", "dax:ConditionCheckItem", "dax:GetItem", "dax:Query", "dax:Scan")
_WRITE = ("dax:BatchWriteItem", "dax:DeleteItem", "dax:PutItem", "dax:UpdateItem")


@jsii.implements(ec2.IConnectable)
class DaxCluster(Construct):
    """A DAX cluster that answers reads of DynamoDB from memory, and survives the loss of a node and of a zone.

    Node or zone loss: a replica in another zone becomes the primary, and clients go to the nodes that are left. Region
    loss: not survived; the cluster of the other Region caches the replicas of its tables there. Deletion: nothing is
    lost but time, since a write is in the table before it is in the cache: so the cluster goes with its stack, and the
    tables behind it feel all reads until another one is warm.

    It is an eventually consistent cache: strongly consistent reads pass it by, and what is written past it is seen
    when the time to live ends.
    """

    cluster: dax.CfnCluster
    role: iam.Role
    """What DAX may do with the tables."""
    security_group: ec2.SecurityGroup
    port: int
    """On which the nodes listen: 9111, or 8111 without encryption."""
    alarms: dict[str, cloudwatch.Alarm]

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        vpc: ec2.IVpc,
        tables: Sequence[CachedTable],
        read_only: bool = False,
        nodes: int = 3,
        few_nodes_because: str | None = None,
        node_type: str = "dax.r7i.large",
        name: str | None = None,
        subnets: ec2.SubnetSelection | None = None,
        item_ttl: Duration | None = None,
        query_ttl: Duration | None = None,
        plaintext_because: str | None = None,
        maintenance_window: str = "sun:03:00-sun:04:00",
        alarms: AlarmTopic | None = None,
        alarm_thresholds: Mapping[str, float] | None = None,
        alarms_off_because: Mapping[str, str] | None = None,
    ) -> None:
        """Build the cluster.

        Args:
            scope: the parent.
            id: unique among the parent's children; another id is another, empty cluster.
            vpc: any VPC with subnets in two zones or more.
            tables: a `Table`, or one of the CDK, of this Region, 1 to 500; the role of the cluster reaches these and no
                others.
            read_only: True keeps the cluster from writing; left out: clients write through it.
            nodes: 1 to 11, the first of them the primary, over as many zones as there are, up to three; left out: 3.
                Others are added and taken away in place.
            few_nodes_because: why one or two nodes are enough.
            node_type: such as ``"dax.r5.large"``; left out: dax.r7i.large. Each node holds the whole cache.
                Create-only.
            name: a physical name, that public logs of certificates show; left out: AWS makes one up. Create-only.
            subnets: where nodes may live; left out: the isolated subnets.
            item_ttl: how long an item is kept; left out: five minutes. Nodes take another value when they are rebooted.
            query_ttl: how long the results of queries and scans are kept; left out: five minutes. Writes do not refresh
                them: that is how stale they may be. Nodes take another value when they are rebooted.
            plaintext_because: why clients may connect without encryption; otherwise only TLS is spoken. Create-only.
            maintenance_window: weekly, in UTC, as ``ddd:hh:mm-ddd:hh:mm``; left out: Sundays 03:00-04:00.
            alarms: who is told of alarms, and by DAX of lost and replaced nodes; left out: alarms exist, but notify
                nobody.
            alarm_thresholds: other thresholds by name: Cpu, Memory (%), Evictions (bytes a minute), Throttles, Faults,
                Errors (a minute), Connections, CpuCredits (burstable nodes).
            alarms_off_because: alarms to leave out, by name, with reasons.

        Raises:
            InvalidOptions: with every option that cannot work, and the AWS page that says so
                (https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_dax_CreateCluster.html).
        """
        super().__init__(scope, id)
        place = Place.of(self, vpc, subnets)
        ttl = Duration.millis(facts.TTL.value)
        item_ttl, query_ttl = item_ttl or ttl, query_ttl or ttl
        options = {**locals(), **_placed(self, vpc, alarms), "zones": len(place.zones)}
        check(self, RULES, options, also=unfit(self, tables))
        for option in ("few_nodes", "plaintext"):
            weakened(self, option, options[f"{option}_because"])
        if nodes > facts.NODES_OF_THE_API.value:
            Annotations.of(self).add_warning_v2(ELEVEN_NODES, f"{self.node.path}: {facts.NODES_OF_THE_API.says}")

        encryption = "TLS" if plaintext_because is None else "NONE"
        self.tables, self.port = tuple(tables), facts.PORTS.value[encryption]
        self.security_group = security_group(self, vpc)
        self.role = self._role(read_only=read_only)
        self.cluster = dax.CfnCluster(
            self,
            "Cluster",
            cluster_name=lower(name),
            description=f"Cache {self.node.path}",
            node_type=node_type,
            replication_factor=nodes,
            availability_zones=parts.zones(place, nodes),
            subnet_group_name=parts.subnet_group(self, place).ref,
            parameter_group_name=parts.parameter_group(self, item_ttl, query_ttl).ref,
            security_group_ids=[self.security_group.security_group_id],
            iam_role_arn=self.role.role_arn,
            sse_specification=dax.CfnCluster.SSESpecificationProperty(sse_enabled=True),
            cluster_endpoint_encryption_type=encryption,
            preferred_maintenance_window=maintenance_window,
            notification_topic_arn=parts.tell(alarms) if alarms is not None else None,
        )
        self.cluster.apply_removal_policy(RemovalPolicy.DESTROY)
        zones_are_meant(self, "each node stands in a zone of the subnets that were chosen")
        zone_is_meant(self.cluster)
        accept(self.cluster, "DAX wants a zone for every node, so a zone of two nodes is named twice", TWICE)
        specs = cluster_alarms(self, node_type)
        self.alarms = add_alarms(self, specs, topic=alarms, thresholds=alarm_thresholds, off_because=alarms_off_because)

    @property
    def connections(self) -> ec2.Connections:
        """Who may reach the cluster: nobody until let in here."""
        return ec2.Connections(security_groups=[self.security_group], default_port=ec2.Port.tcp(self.port))

    @property
    def cluster_name(self) -> str:
        """The cluster's name in its Region."""
        return self.cluster.ref

    @property
    def cluster_arn(self) -> str:
        """For permissions."""
        return self.cluster.attr_arn

    @property
    def endpoint(self) -> str:
        """What clients are given: the URL by which they find all nodes, ``daxs://...`` with TLS."""
        return self.cluster.attr_cluster_discovery_endpoint_url

    def let_in(self, peer: ec2.IConnectable) -> None:
        """Let a peer of another stack reach the cluster; the rule belongs to the peer's stack, which may come and go.

        Within one stack `connections` does the same.
        """
        for group in peer.connections.security_groups:
            self.security_group.add_ingress_rule(group, ec2.Port.tcp(self.port), f"from {group.node.path}", True)

    def grant_read(self, grantee: iam.IGrantable) -> None:
        """Let a client read through the cluster and, where that is gone, from the tables themselves."""
        self._grant(grantee, _READ)
        allow(self.tables, grantee, write=False)

    def grant_read_write(self, grantee: iam.IGrantable) -> None:
        """Let a client read and write through the cluster and, where that is gone, the tables themselves."""
        self._grant(grantee, (*_READ, *_WRITE))
        allow(self.tables, grantee, write=True)

    def metric(self, name: str, *, statistic: str = "Average", period: Duration | None = None) -> cloudwatch.Metric:
        """A metric over all nodes, such as ``ItemCacheMisses``; by the minute."""
        return cloudwatch.Metric(
            namespace="AWS/DAX",
            metric_name=name,
            dimensions_map={"ClusterId": self.cluster_name},
            statistic=statistic,
            period=period or Duration.minutes(1),
        )

    def _grant(self, grantee: iam.IGrantable, actions: Sequence[str]) -> None:
        iam.Grant.add_to_principal(grantee=grantee, actions=sorted(actions), resource_arns=[self.cluster_arn])

    def _role(self, *, read_only: bool) -> iam.Role:
        policy = iam.ManagedPolicy(self, "Policy", description=f"The tables behind {self.node.path}")
        allow(self.tables, policy, write=not read_only)
        accept_indexes(policy, self.tables)
        principal = iam.ServicePrincipal("dax.amazonaws.com")
        return iam.Role(self, "Role", assumed_by=principal, managed_policies=[policy])


def _placed(cluster: Construct, vpc: ec2.IVpc, alarms: AlarmTopic | None) -> dict[str, Any]:
    """What was given, by path and Region, for the rules: messages show paths."""
    regions = {"vpc": vpc.env.region, "alarms": Stack.of(alarms).region if alarms else None}
    paths = {"vpc": vpc.node.path, "alarms": alarms.node.path if alarms else None}
    return {"region": Stack.of(cluster).region, "regions": regions, "kind": "cluster", **paths}
