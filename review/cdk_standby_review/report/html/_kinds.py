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
_SERVICES: dict[str, tuple[str, Tier]] = {
    "AmazonMQ": ("MQ", Tier.STORE),
    "ApiGateway": ("API Gateway", Tier.DOOR),
    "ApiGatewayV2": ("API Gateway", Tier.DOOR),
    "AppRunner": ("App Runner", Tier.SERVICE),
    "AppSync": ("AppSync", Tier.DOOR),
    "Batch": ("Batch", Tier.SERVICE),
    "Cassandra": ("Keyspaces", Tier.STORE),
    "DocDB": ("DocumentDB", Tier.STORE),
    "DocDBElastic": ("DocumentDB", Tier.STORE),
    "EC2": ("", Tier.NETWORK),
    "ECS": ("ECS", Tier.SERVICE),
    "EFS": ("EFS", Tier.STORE),
    "EKS": ("EKS", Tier.SERVICE),
    "EMR": ("EMR", Tier.STORE),
    "EMRServerless": ("EMR", Tier.STORE),
    "ElastiCache": ("ElastiCache", Tier.STORE),
    "ElasticBeanstalk": ("Beanstalk", Tier.SERVICE),
    "Elasticsearch": ("Elasticsearch", Tier.STORE),
    "Events": ("EventBridge", Tier.SERVICE),
    "FSx": ("FSx", Tier.STORE),
    "GlobalAccelerator": ("Accelerator", Tier.DOOR),
    "Kinesis": ("Kinesis", Tier.STORE),
    "KinesisFirehose": ("Firehose", Tier.STORE),
    "MSK": ("MSK", Tier.STORE),
    "MemoryDB": ("MemoryDB", Tier.STORE),
    "Neptune": ("Neptune", Tier.STORE),
    "NeptuneGraph": ("Neptune", Tier.STORE),
    "NetworkFirewall": ("Network", Tier.NETWORK),
    "OpenSearchServerless": ("OpenSearch", Tier.STORE),
    "OpenSearchService": ("OpenSearch", Tier.STORE),
    "RDS": ("RDS", Tier.STORE),
    "Redshift": ("Redshift", Tier.STORE),
    "RedshiftServerless": ("Redshift", Tier.STORE),
    "Route53": ("DNS", Tier.DOOR),
    "Route53RecoveryControl": ("ARC", Tier.SUPPORT),
    "Route53Resolver": ("", Tier.NETWORK),
    "S3Express": ("S3", Tier.STORE),
    "S3Tables": ("S3", Tier.STORE),
    "StepFunctions": ("", Tier.SERVICE),
    "Timestream": ("Timestream", Tier.STORE),
}
"""By the middle of a type: what to call the service before the thing, and where its things stand."""
_ACRONYMS = {"Api": "API", "Http": "HTTP", "Rest": "REST", "Vpc": "VPC", "Vpn": "VPN"}
_WORDS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


def kind_of(type: str) -> str:
    """What to call a type on a picture: the service, and the thing in words."""
    if type in _NAMES:
        return _NAMES[type]
    service, _, thing = type.removeprefix("AWS::").rpartition("::")
    if not service or service == "Custom":
        return type
    words = [word if word.isupper() else _ACRONYMS.get(word, word.lower()) for word in _WORDS.sub(" ", thing).split()]
    name = " ".join(filter(None, (_SERVICES.get(service, (service,))[0], *words)))
    return f"{name[:1].upper()}{name[1:]}"


def tier_of(type: str) -> Tier:
    """Where a type stands."""
    if type in DOORS or type in GLOBAL_TYPES:
        return Tier.DOOR
    if type in SERVICES:
        return Tier.SERVICE
    if type in STORES or type == "AWS::EC2::Volume":
        return Tier.STORE
    return _SERVICES.get(type.split("::")[1] if "::" in type else "", ("", Tier.SUPPORT))[1]
