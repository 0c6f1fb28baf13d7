"""The faults that FIS makes, as data: what each strikes, how, and what it has to be allowed.

Tags and zones select: targets by ARN take no zone. What is not tagged for this workload is never struck, since the
role may not touch it either. https://docs.aws.amazon.com/fis/latest/userguide/fis-actions-reference.html
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

TAG = "cdk-standby:experiments"
"""The tag of what may be struck; its value is the name of the workload."""


@dataclass(frozen=True, slots=True, kw_only=True)
class May:
    """A statement of the role: actions on ARNs of this account and Region, on tagged ones, or anywhere to look."""

    actions: Sequence[str]
    on: Sequence[str] = ()
    """``service:resource``; left out: anything, as describing needs."""
    tagged: bool = False
    """Only what carries the workload's tag."""
    where: Mapping[str, Any] = field(default_factory=dict[str, Any])
    """Further conditions."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One action of an experiment, with its only target."""

    name: str
    action: str
    resource: str
    target: str
    """What the action calls its target."""
    may: Sequence[May]
    parameters: Mapping[str, str] = field(default_factory=dict[str, str])
    filters: Mapping[str, str] = field(default_factory=dict[str, str])
    chosen_by: Mapping[str, str] = field(default_factory=dict[str, str])
    """Parameters of the target."""
    strikes: str = ""
    """The type in a template that it strikes, by its tag; left out: named ones."""


_MINE = {"aws:ResourceTag/managedByFIS": "true"}
_NEW = {"aws:RequestTag/managedByFIS": "true"}
_BY_TAG = May(actions=["tag:GetResources"])


def _made(kind: str, create: str, delete: Sequence[str]) -> list[May]:
    """What FIS makes for the time of an experiment, and takes away again: told by its own tag."""
    everything = f"ec2:{kind}/*"
    labels = {"StringEquals": {"ec2:CreateAction": create, **_NEW}}
    return [
        May(actions=[f"ec2:{create}"], on=[everything], where={"StringEquals": _NEW}),
        May(actions=["ec2:CreateTags"], on=[everything], where=labels),
        May(actions=delete, on=[everything], where={"StringEquals": _MINE}),
    ]


def zone_faults(zone: str, duration: str, network: str) -> tuple[Fault, ...]:
    """A zone without power, in the parts that AWS's own scenario has."""
    grant = {"Bool": {"kms:GrantIsForAWSResource": "true"}}
    capacity = "aws:ec2:asg-insufficient-instance-capacity-error"
    return (
        Fault(
            name="StopInstances",
            strikes="AWS::AutoScaling::AutoScalingGroup",
            action="aws:ec2:stop-instances",
            resource="aws:ec2:instance",
            target="Instances",
            parameters={"completeIfInstancesTerminated": "true", "startInstancesAfterDuration": duration},
            filters={"Placement.AvailabilityZone": zone, "State.Name": "running"},
            may=[
                May(actions=["ec2:StartInstances", "ec2:StopInstances"], on=["ec2:instance/*"], tagged=True),
                May(actions=["kms:CreateGrant"], on=["kms:key/*"], where=grant),
                May(actions=["ec2:DescribeInstances"]),
            ],
        ),
        Fault(
            name="RefuseCapacity",
            strikes="AWS::AutoScaling::AutoScalingGroup",
            action=capacity,
            resource="aws:ec2:autoscaling-group",
            target="AutoScalingGroups",
            parameters={"availabilityZoneIdentifiers": zone, "duration": duration, "percentage": "100"},
            may=[
                May(
                    actions=["ec2:InjectApiError"],
                    where={"ForAnyValue:StringEquals": {"ec2:FisActionId": [capacity]}},
                ),
                May(actions=["autoscaling:DescribeAutoScalingGroups"]),
            ],
        ),
        Fault(
            name="CutSubnets",
            strikes="AWS::EC2::Subnet",
            action="aws:network:disrupt-connectivity",
            resource="aws:ec2:subnet",
            target="Subnets",
            parameters={"duration": network, "scope": "all"},
            filters={"AvailabilityZone": zone},
            may=[
                *_made("network-acl", "CreateNetworkAcl", ["ec2:CreateNetworkAclEntry", "ec2:DeleteNetworkAcl"]),
                May(actions=["ec2:CreateNetworkAcl"], on=["ec2:vpc/*"]),
                May(actions=["ec2:ReplaceNetworkAclAssociation"], on=["ec2:network-acl/*"]),
                May(actions=["ec2:ReplaceNetworkAclAssociation"], on=["ec2:subnet/*"], tagged=True),
                May(actions=["ec2:GetManagedPrefixListEntries"], on=["ec2:prefix-list/*"]),
                May(
                    actions=[
                        "ec2:DescribeManagedPrefixLists",
                        "ec2:DescribeNetworkAcls",
                        "ec2:DescribeSubnets",
                        "ec2:DescribeVpcs",
                    ]
                ),
            ],
        ),
        Fault(
            name="FailDatabaseOver",
            strikes="AWS::RDS::DBCluster",
            action="aws:rds:failover-db-cluster",
            resource="aws:rds:cluster",
            target="Clusters",
            chosen_by={"writerAvailabilityZoneIdentifiers": zone},
            may=[
                May(actions=["rds:FailoverDBCluster"], on=["rds:cluster:*"], tagged=True),
                May(actions=["rds:DescribeDBClusters", "rds:DescribeDBInstances"]),
                _BY_TAG,
            ],
        ),
        Fault(
            name="FailInstanceOver",
            strikes="AWS::RDS::DBInstance",
            action="aws:rds:reboot-db-instances",
            resource="aws:rds:db",
            target="DBInstances",
            parameters={"forceFailover": "true"},
            chosen_by={"availabilityZoneIdentifiers": zone},
            may=[
                May(actions=["rds:RebootDBInstance"], on=["rds:db:*"], tagged=True),
                May(actions=["rds:DescribeDBInstances"]),
                _BY_TAG,
            ],
        ),
        Fault(
            name="StopCacheNodes",
            strikes="AWS::ElastiCache::ReplicationGroup",
            action="aws:elasticache:replicationgroup-interrupt-az-power",
            resource="aws:elasticache:replicationgroup",
            target="ReplicationGroups",
            parameters={"duration": duration},
            chosen_by={"availabilityZoneIdentifier": zone},
            may=[
                May(
                    actions=["elasticache:InterruptClusterAzPower"],
                    on=["elasticache:replicationgroup:*"],
                    tagged=True,
                ),
                May(actions=["elasticache:DescribeReplicationGroups"]),
                _BY_TAG,
            ],
        ),
        Fault(
            name="PauseVolumes",
            strikes="AWS::EC2::Volume",
            action="aws:ebs:pause-volume-io",
            resource="aws:ec2:ebs-volume",
            target="Volumes",
            parameters={"duration": duration},
            chosen_by={"availabilityZoneIdentifier": zone},
            may=[
                May(actions=["ec2:PauseVolumeIO"], on=["ec2:volume/*"], tagged=True),
                May(actions=["ec2:DescribeVolumes"]),
                _BY_TAG,
            ],
        ),
    )


def region_cut(region: str, duration: str) -> Fault:
    """Subnets that no longer reach another Region, over peering or the internet."""
    routes = ["ec2:CreateRoute", "ec2:DeleteRouteTable", "ec2:DisassociateRouteTable"]
    lists = ["ec2:DeleteManagedPrefixList", "ec2:ModifyManagedPrefixList"]
    moved = ["ec2:AssociateRouteTable", "ec2:DisassociateRouteTable", "ec2:ReplaceRouteTableAssociation"]
    return Fault(
        name="CutRoutes",
        strikes="AWS::EC2::Subnet",
        action="aws:network:route-table-disrupt-cross-region-connectivity",
        resource="aws:ec2:subnet",
        target="Subnets",
        parameters={"duration": duration, "region": region},
        may=[
            *_made("route-table", "CreateRouteTable", [*routes, "ec2:ModifyVpcEndpoint"]),
            *_made("network-interface", "CreateNetworkInterface", ["ec2:DeleteNetworkInterface"]),
            *_made("prefix-list", "CreateManagedPrefixList", lists),
            May(actions=["ec2:CreateRouteTable", "ec2:DeleteRouteTable"], on=["ec2:vpc/*"]),
            May(actions=["ec2:CreateNetworkInterface"], on=["ec2:subnet/*", "ec2:security-group/*"]),
            May(actions=moved, on=["ec2:subnet/*"], tagged=True),
            May(actions=moved[::2], on=["ec2:route-table/*"]),
            May(actions=["ec2:GetManagedPrefixListEntries"], on=["ec2:prefix-list/*"]),
            May(actions=["ec2:ModifyVpcEndpoint"], on=["ec2:vpc-endpoint/*"]),
            May(
                actions=[
                    "ec2:DescribeManagedPrefixLists",
                    "ec2:DescribeNetworkInterfaces",
                    "ec2:DescribeRouteTables",
                    "ec2:DescribeSecurityGroups",
                    "ec2:DescribeSubnets",
                    "ec2:DescribeVpcEndpoints",
                    "ec2:DescribeVpcPeeringConnections",
                    "ec2:DescribeVpcs",
                ]
            ),
        ],
    )


def bucket_pause(region: str, duration: str, arns: Sequence[str]) -> Fault:
    """Objects wait that should go to another Region."""
    asked = {"BoolIfExists": {"s3:isReplicationPauseRequest": "true"}}
    return Fault(
        name="PauseBuckets",
        action="aws:s3:bucket-pause-replication",
        resource="aws:s3:bucket",
        target="Buckets",
        parameters={"duration": duration, "region": region},
        may=[
            May(actions=["s3:PauseReplication"], on=arns, where={"StringEquals": {"s3:DestinationRegion": region}}),
            May(actions=["s3:GetReplicationConfiguration", "s3:PutReplicationConfiguration"], on=arns, where=asked),
            May(actions=["s3:ListAllMyBuckets"]),
        ],
    )


def table_pause(duration: str, arns: Sequence[str]) -> Fault:
    """Items wait that should go to any other Region, and those that should come."""
    policies = ["dynamodb:DeleteResourcePolicy", "dynamodb:GetResourcePolicy", "dynamodb:PutResourcePolicy"]
    return Fault(
        name="PauseTables",
        action="aws:dynamodb:global-table-pause-replication",
        resource="aws:dynamodb:global-table",
        target="Tables",
        parameters={"duration": duration},
        may=[May(actions=["dynamodb:DescribeTable", "dynamodb:InjectError", *policies], on=arns)],
    )
