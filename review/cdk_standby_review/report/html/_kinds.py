"""Types of resources as a picture shows them: a short name, and the tier that they stand in."""

from __future__ import annotations

import re
from enum import IntEnum

from ...faults import GLOBAL_TYPES
from ...user_paths import DOORS, SERVICES, STORES


class Tier(IntEnum):
    """From where users come in to what only helps, top to bottom."""

    DOOR = 0
    SERVICE = 1
    STORE = 2
    NETWORK = 3
    SUPPORT = 4
    UNKNOWN = 5


_NAMES = {
    "AWS::AutoScaling::AutoScalingGroup": "Auto Scaling group",
    "AWS::Backup::BackupVault": "Backup vault",
    "AWS::Backup::LogicallyAirGappedBackupVault": "Air-gapped vault",
    "AWS::CloudFront::Distribution": "CloudFront",
    "AWS::CloudWatch::Alarm": "Alarm",
    "AWS::CloudWatch::CompositeAlarm": "Composite alarm",
    "AWS::DAX::Cluster": "DAX cluster",
    "AWS::DSQL::Cluster": "Aurora DSQL",
    "AWS::DynamoDB::GlobalTable": "DynamoDB global table",
    "AWS::DynamoDB::Table": "DynamoDB table",
    "AWS::EC2::Instance": "EC2 instance",
    "AWS::EC2::NatGateway": "NAT gateway",
    "AWS::EC2::VPCEndpoint": "VPC endpoint",
    "AWS::EC2::Volume": "EBS volume",
    "AWS::ECR::Repository": "ECR repository",
    "AWS::EFS::FileSystem": "EFS file system",
    "AWS::ElastiCache::CacheCluster": "Cache cluster",
    "AWS::ElastiCache::ReplicationGroup": "ElastiCache",
    "AWS::ElastiCache::ServerlessCache": "Serverless cache",
    "AWS::ElasticLoadBalancing::LoadBalancer": "Classic balancer",
    "AWS::ElasticLoadBalancingV2::LoadBalancer": "Load balancer",
    "AWS::GlobalAccelerator::Accelerator": "Global Accelerator",
    "AWS::KMS::Key": "KMS key",
    "AWS::Lambda::Function": "Lambda function",
    "AWS::Logs::LogGroup": "Log group",
    "AWS::RDS::DBCluster": "DB cluster",
    "AWS::RDS::DBInstance": "DB instance",
    "AWS::RDS::DBProxy": "RDS proxy",
    "AWS::Route53::HealthCheck": "Health check",
    "AWS::Route53::HostedZone": "Hosted zone",
    "AWS::Route53::RecordSet": "DNS record",
    "AWS::S3::Bucket": "S3 bucket",
    "AWS::S3::MultiRegionAccessPoint": "Multi-Region access point",
    "AWS::SNS::Topic": "SNS topic",
    "AWS::SQS::Queue": "SQS queue",
    "AWS::SSM::Parameter": "SSM parameter",
    "AWS::SecretsManager::Secret": "Secret",
}
_SUPPORT = ("AWS::Backup::", "AWS::CloudWatch::", "AWS::ECR::", "AWS::KMS::", "AWS::Logs::", "AWS::SSM::")
_STORES = ("AWS::EC2::Volume", "AWS::EMR::", "AWS::ElastiCache::", "AWS::MemoryDB::", "AWS::RDS::")


def kind_of(type: str) -> str:
    """What to call a type on a picture: `Thing` of `AWS::Service::Thing` with its service, in words."""
    if type in _NAMES:
        return _NAMES[type]
    service, _, thing = type.removeprefix("AWS::").removeprefix("Custom::").rpartition("::")
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", thing)
    return f"{service} {words}".strip()


def tier_of(type: str) -> Tier:
    """Where a type stands."""
    if type in DOORS or type in GLOBAL_TYPES:
        return Tier.DOOR
    if type in SERVICES:
        return Tier.SERVICE
    if type in STORES or type.startswith(_STORES):
        return Tier.STORE
    return Tier.NETWORK if type.startswith("AWS::EC2::") else Tier.SUPPORT
