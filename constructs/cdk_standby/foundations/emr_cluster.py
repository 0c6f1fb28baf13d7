"""An EMR cluster, which lives in one zone, and its way into another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import jsii
from aws_cdk import Stack
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_emr as emr
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from aws_cdk import aws_s3 as s3
from constructs import Construct

from .._alarms import add_alarms
from .._checks import check
from .._reasons import all_weakened
from ..alarm_topic import AlarmTopic
from ..relational._place import Place
from . import _emr_parts as parts
from ._emr_relaunch import Relaunch
from ._emr_request import ClusterRequest, fleets
from ._emr_rules import CLUSTER
from ._subnet_rules import zone_of_each

__all__ = ["EmrCluster"]


@jsii.implements(ec2.IConnectable)
class EmrCluster(Construct):
    """An EMR cluster of three primary nodes that is launched again in another zone when its zone is lost.

    Loss of a primary or core node: goes on, and EMR replaces the node. Zone loss: **the cluster is lost**. Every EMR
    cluster lives in one zone, whatever its primary nodes; what survives is the data in S3, and a function that launches
    the same cluster in a zone that is left, by itself when EMR says that the cluster failed, or when it is invoked.
    Jobs that ran start anew; HDFS is empty: keep in it nothing that S3 does not have. Region loss: not survived; launch
    the same in the other Region on a bucket that replicates.

    `EmrServerlessApplication` spans zones by itself: prefer it for jobs that need no cluster.
    """

    cluster: emr.CfnCluster
    role: iam.Role
    """What jobs may do; grant to it."""
    service_role: iam.Role
    security_groups: dict[str, ec2.SecurityGroup]
    """By the property of the cluster that they belong to."""
    function: lambda_.Function
    """Launches the cluster elsewhere."""
    alarms: dict[str, cloudwatch.Alarm]

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        vpc: ec2.IVpc,
        key: kms.IKey,
        data: s3.IBucket,
        log_bucket: s3.IBucket,
        release: str,
        name: str | None = None,
        applications: Sequence[str] = ("Spark",),
        primary_types: Sequence[str] = ("m7g.xlarge", "m6g.xlarge"),
        core_types: Sequence[str] = ("m7g.xlarge", "m6g.xlarge"),
        core_nodes: int = 4,
        few_core_nodes_because: str | None = None,
        spot_task_nodes: int = 0,
        configurations: Mapping[str, Mapping[str, str]] | None = None,
        certificates: str | None = None,
        plaintext_because: str | None = None,
        subnets: ec2.SubnetSelection | None = None,
        manual_relaunch_because: str | None = None,
        unprotected_because: str | None = None,
        log_retention: logs.RetentionDays = logs.RetentionDays.THREE_MONTHS,
        alarms: AlarmTopic | None = None,
        alarm_thresholds: Mapping[str, float] | None = None,
        alarms_off_because: Mapping[str, str] | None = None,
    ) -> None:
        """Build the cluster.

        Args:
            scope: the parent.
            id: unique among the parent's children; another id is another cluster.
            vpc: any VPC with subnets in two zones or more that reach S3 and EMR.
            key: encrypts disks, what EMR writes to S3, and the logs of the function; of this Region. Create-only.
            data: the bucket that jobs read and write; all that outlives the cluster is in it.
            log_bucket: where EMR keeps the logs of nodes and jobs, below ``emr/``. Create-only.
            release: such as ``"emr-7.10.0"``; fleets have three primary nodes from 5.36.1, 6.8.1, 6.9.1, 6.10.1, 6.11.1
                and 6.12.0 on. Create-only.
            name: shown by EMR; left out: the construct path. Create-only.
            applications: what is installed; left out: Spark. Hive and Oozie need a metastore of their own. Create-only.
            primary_types: instance types for the three primary nodes, On-Demand, all of the cheapest that there is;
                left out: m7g.xlarge or m6g.xlarge. Create-only.
            core_types: instance types for core and task nodes; left out: m7g.xlarge or m6g.xlarge. Create-only.
            core_nodes: On-Demand nodes that hold HDFS; left out: 4, from which on HDFS keeps a block twice.
            few_core_nodes_because: why 1 to 3 core nodes are enough.
            spot_task_nodes: nodes on Spot, which hold nothing and may go at any time; On-Demand where there is no Spot
                within 20 minutes; left out: none.
            configurations: settings by classification, such as ``{"spark-defaults": {...}}``; left out: those of EMR.
                Create-only.
            certificates: a zip file in S3 with the certificates for TLS between nodes; required, unless
                `plaintext_because` says otherwise. Create-only.
            plaintext_because: why nodes may talk without TLS. Create-only.
            subnets: where EMR may put the cluster, one subnet of them it will be; left out: the private ones with a way
                out. Create-only.
            manual_relaunch_because: why nothing is launched before a person says so.
            unprotected_because: why the cluster may be terminated without switching its protection off first.
            log_retention: how long the logs of the function are kept; left out: three months.
            alarms: who is told of alarms, and of a cluster that ends with errors; left out: alarms exist, but notify
                nobody.
            alarm_thresholds: other thresholds by name: PrimaryNodes (%), CoreNodes, Hdfs (%), UnhealthyNodes,
                NotRelaunched.
            alarms_off_because: alarms to leave out, by name, with reasons.

        Raises:
            InvalidOptions: with every option that cannot work, and the AWS page that says so
                (https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-plan-ha-considerations.html).
        """
        super().__init__(scope, id)
        chosen = subnets or ec2.SubnetSelection(subnet_type=ec2.SubnetType.PRIVATE_WITH_EGRESS)
        place = Place.of(self, vpc, chosen)
        options: dict[str, Any] = {**locals(), "configurations": configurations or {}}
        check(self, CLUSTER, {**options, **given(self, vpc, key, alarms), "number_of_zones": len(place.zones)})
        all_weakened(self, {option: value for option, value in options.items() if option.endswith("_because")})
        self.role = parts.instance_role(self, key)
        parts.grant_objects(data, self.role)
        parts.grant_objects(log_bucket, self.role, logs_only=True)
        self.service_role = parts.service_role(self, place.subnets, self.role, key)
        self.security_groups = parts.groups(self, vpc)
        profile = parts.instance_profile(self, self.role)
        request = ClusterRequest(
            family=self.node.path,
            name=name or self.node.path,
            release=release,
            applications=applications,
            configurations=configurations or {},
            fleets=fleets(primary_types, core_types, core_nodes, spot_task_nodes),
            subnets=place.subnets,
            service_role=self.service_role.role_arn,
            instance_profile=profile.ref,
            security_configuration=parts.security_configuration(self, key, certificates).ref,
            log_uri=f"s3://{log_bucket.bucket_name}/emr/",
            protected=unprotected_because is None,
            groups={of: group.security_group_id for of, group in self.security_groups.items()},
        )
        self.cluster = emr.CfnCluster(self, "Cluster", **request.cfn())
        self.cluster.node.add_dependency(self.service_role, self.role)
        parts.accept_findings(self.cluster, encrypted=certificates is not None)
        relaunch = Relaunch(
            self,
            "Relaunch",
            request=request.api(),
            zones=zone_of_each(vpc, chosen, place),
            key=key,
            roles={"elasticmapreduce": self.service_role, "ec2": self.role},
            log_retention=log_retention,
            automatic=manual_relaunch_because is None,
        )
        self.function = relaunch.function
        specs = [*parts.cluster_alarms(self.cluster.ref, core_nodes), relaunch.alarm()]
        self.alarms = add_alarms(self, specs, topic=alarms, thresholds=alarm_thresholds, off_because=alarms_off_because)
        if alarms is not None:
            alarms.notify_of(relaunch.rule)

    @property
    def connections(self) -> ec2.Connections:
        """Who may reach the nodes, primary and core: nobody until let in here, by port."""
        names = ("EmrManagedMasterSecurityGroup", "EmrManagedSlaveSecurityGroup")
        return ec2.Connections(security_groups=[self.security_groups[name] for name in names])

    @property
    def cluster_id(self) -> str:
        """Of the cluster that CloudFormation made, such as ``j-1K48XXXXXXHCB``; one launched elsewhere has another."""
        return self.cluster.ref


def given(where: Construct, vpc: ec2.IVpc, key: kms.IKey | None, alarms: AlarmTopic | None) -> dict[str, Any]:
    """What was given, by path and Region, for the rules: messages show paths."""
    things = {"vpc": vpc, "key": key, "alarms": alarms}
    regions = {
        "vpc": vpc.env.region,
        "key": key.env.region if key is not None else None,
        "alarms": Stack.of(alarms).region if alarms else None,
    }
    paths = {option: thing.node.path for option, thing in things.items() if thing is not None}
    return {"region": Stack.of(where).region, "regions": regions, "kind": "cluster", **paths}
