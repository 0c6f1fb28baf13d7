"""Databases for those who operate on them: one cluster and one instance, in anyone's VPC."""

from __future__ import annotations

from typing import Any

import aws_cdk as cdk
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_kms as kms
from aws_cdk import aws_rds as rds
from constructs import Construct

from cdk_standby.keys import DataKey
from cdk_standby.relational._access import InstanceAccess
from cdk_standby.relational.aurora import AuroraCluster
from cdk_standby.relational.multi_az_cluster import MultiAzCluster
from cdk_standby.relational.multi_az_instance import MultiAzInstance
from cdk_standby.relational.read_replica import ReadReplica


def vpc(stack: cdk.Stack) -> ec2.IVpc:
    zones = range(3)
    return stack.node.try_find_child("Vpc") or ec2.Vpc.from_vpc_attributes(
        stack,
        "Vpc",
        vpc_id="vpc-0123456789abcdef0",
        availability_zones=[stack.region + "abc"[n] for n in zones],
        isolated_subnet_ids=[f"subnet-0aaaaaaaaaaaaaaa{n}" for n in zones],
        isolated_subnet_route_table_ids=[f"rtb-0aaaaaaaaaaaaaaa{n}" for n in zones],
    )


def key(stack: cdk.Stack) -> kms.IKey:
    made = stack.node.try_find_child("Key") or DataKey(stack, "Key")
    return made.key


def aurora(stack: cdk.Stack, id: str = "Aurora", **options: Any) -> AuroraCluster:
    usual = {"engine": "aurora-postgresql", "version": "17.4", "vpc": vpc(stack), "key": key(stack)}
    return AuroraCluster(stack, id, **{**usual, **options})


class Instance(InstanceAccess):
    """What an operator sees of an instance, with nothing around it."""

    def __init__(self, scope: Construct, id: str, key: kms.IKey, **given: Any) -> None:
        super().__init__(scope, id)
        self.key, self.secret, self.port = key, None, 5432
        usual = {"engine": "postgres", "engine_version": "17.4", "multi_az": True, "backup_retention_period": 14}
        self.instance = rds.CfnDBInstance(self, "Instance", db_instance_class="db.r7g.large", **{**usual, **given})


def instance(stack: cdk.Stack, id: str = "Instance", **given: Any) -> Instance:
    return Instance(stack, id, key(stack), **given)


def cluster(stack: cdk.Stack, id: str = "Cluster", **options: Any) -> MultiAzCluster:
    usual = {"engine": "postgres", "version": "17.5", "vpc": vpc(stack), "key": key(stack)}
    return MultiAzCluster(stack, id, **{**usual, **options})


def followed(stack: cdk.Stack, id: str = "Followed", *, follower: cdk.Stack | None = None) -> MultiAzInstance:
    """An instance with a read replica, in another stack or beside it."""
    made = MultiAzInstance(
        stack, id, engine="postgres", version="17.5", vpc=vpc(stack), key=key(stack), instance_identifier="followed"
    )
    beside = follower or stack
    ReadReplica(beside, "Follower", source=made, vpc=vpc(beside), key=key(beside), instance_identifier="follower")
    return made
