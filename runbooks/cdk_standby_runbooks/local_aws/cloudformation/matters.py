"""Properties that decide whether a workload survives a fault: a model that drops one of them fails the deployment.

Everything else that a model drops is listed in the report of the local AWS. A path names a property or one inside it.
"""

from __future__ import annotations

ENCRYPTION = frozenset(
    {"KmsKeyId", "StorageEncrypted", "KMSMasterKeyID", "KmsMasterKeyId", "EncryptionKeyArn", "Encrypted"}
)
GUARDS = frozenset({"DeletionProtection", "DeletionProtectionEnabled", "BackupRetentionPeriod", "MultiAZ"})

# Besides these, by type.
BY_TYPE: dict[str, frozenset[str]] = {
    "AWS::RDS::DBCluster": frozenset(
        {
            "AllocatedStorage",
            "AvailabilityZones",
            "DBClusterInstanceClass",
            "DBSubnetGroupName",
            "Engine",
            "EngineVersion",
            "GlobalClusterIdentifier",
            "Iops",
            "MasterUsername",
            "PreferredBackupWindow",
            "ReplicationSourceIdentifier",
            "ServerlessV2ScalingConfiguration",
            "SnapshotIdentifier",
            "SourceDBClusterIdentifier",
            "SourceRegion",
            "StorageType",
            "VpcSecurityGroupIds",
        }
    ),
    "AWS::RDS::DBInstance": frozenset(
        {
            "AllocatedStorage",
            "AutomaticBackupReplicationRegion",
            "AvailabilityZone",
            "DBClusterIdentifier",
            "DBInstanceClass",
            "DBSnapshotIdentifier",
            "DBSubnetGroupName",
            "Engine",
            "EngineVersion",
            "Iops",
            "MaxAllocatedStorage",
            "PromotionTier",
            "SourceDBInstanceIdentifier",
            "StorageType",
        }
    ),
    "AWS::RDS::DBProxy": frozenset({"Auth", "EngineFamily", "RequireTLS", "VpcSubnetIds"}),
    "AWS::RDS::DBProxyEndpoint": frozenset({"TargetRole", "VpcSubnetIds"}),
    "AWS::RDS::DBProxyTargetGroup": frozenset({"DBClusterIdentifiers", "DBInstanceIdentifiers"}),
    "AWS::RDS::EventSubscription": frozenset({"EventCategories", "SnsTopicArn", "SourceIds", "SourceType"}),
    "AWS::Events::Rule": frozenset({"EventPattern", "ScheduleExpression", "State", "Targets"}),
    "AWS::DSQL::Cluster": frozenset({"MultiRegionProperties"}),
    "AWS::RDS::DBSubnetGroup": frozenset({"SubnetIds"}),
    "AWS::RDS::GlobalCluster": frozenset(
        {"Engine", "EngineVersion", "GlobalClusterIdentifier", "SourceDBClusterIdentifier"}
    ),
    "AWS::AutoScaling::AutoScalingGroup": frozenset(
        {
            "AvailabilityZoneDistribution",
            "AvailabilityZones",
            "HealthCheckType",
            "LaunchTemplate",
            "MaxSize",
            "MinSize",
            "DesiredCapacity",
            "TargetGroupARNs",
            "VPCZoneIdentifier",
        }
    ),
    "AWS::AutoScaling::ScalingPolicy": frozenset({"AutoScalingGroupName", "PolicyType", "TargetTrackingConfiguration"}),
    "AWS::ElasticLoadBalancingV2::LoadBalancer": frozenset(
        {"Scheme", "SecurityGroups", "Subnets", "SubnetMappings", "Type"}
    ),
    "AWS::ElasticLoadBalancingV2::TargetGroup": frozenset(
        {"HealthCheckPath", "HealthCheckProtocol", "Port", "TargetType"}
    ),
    "AWS::ElasticLoadBalancingV2::Listener": frozenset(
        {"Certificates", "DefaultActions", "LoadBalancerArn", "Port", "Protocol"}
    ),
    "AWS::EC2::Subnet": frozenset({"AvailabilityZone", "CidrBlock", "VpcId"}),
    "AWS::EC2::NatGateway": frozenset({"AvailabilityMode", "SubnetId"}),
    "AWS::EC2::Route": frozenset({"GatewayId", "NatGatewayId", "RouteTableId"}),
    "AWS::Route53::RecordSet": frozenset(
        {
            "AliasTarget",
            "Failover",
            "HealthCheckId",
            "Region",
            "ResourceRecords",
            "SetIdentifier",
            "TTL",
            "Type",
            "Weight",
        }
    ),
    "AWS::Route53::HealthCheck": frozenset({"HealthCheckConfig"}),
    "AWS::Backup::BackupVault": frozenset({"LockConfiguration"}),
    "AWS::Backup::BackupPlan": frozenset({"BackupPlan.BackupPlanRule"}),
    "AWS::Backup::BackupSelection": frozenset({"BackupSelection"}),
    "AWS::CloudWatch::Alarm": frozenset(
        {
            "ActionsEnabled",
            "AlarmActions",
            "ComparisonOperator",
            "DatapointsToAlarm",
            "Dimensions",
            "EvaluationPeriods",
            "MetricName",
            "Metrics",
            "Namespace",
            "Period",
            "Statistic",
            "Threshold",
            "TreatMissingData",
        }
    ),
    "AWS::DynamoDB::GlobalTable": frozenset({"MultiRegionConsistency", "Replicas", "SSESpecification"}),
    "AWS::DynamoDB::Table": frozenset({"PointInTimeRecoverySpecification", "SSESpecification"}),
    "AWS::S3::Bucket": frozenset(
        {
            "BucketEncryption",
            "ObjectLockConfiguration",
            "ObjectLockEnabled",
            "ReplicationConfiguration",
            "VersioningConfiguration",
        }
    ),
    "AWS::SecretsManager::Secret": frozenset({"ReplicaRegions"}),
    "AWS::KMS::Key": frozenset({"EnableKeyRotation", "MultiRegion"}),
    "AWS::ElastiCache::ReplicationGroup": frozenset(
        {
            "AutomaticFailoverEnabled",
            "GlobalReplicationGroupId",
            "MultiAZEnabled",
            "NumCacheClusters",
            "NumNodeGroups",
            "ReplicasPerNodeGroup",
            "SnapshotRetentionLimit",
        }
    ),
}


def matters(type: str, path: str) -> bool:
    """Whether dropping this property changes what a fault would do."""
    listed = BY_TYPE.get(type, frozenset()) | ENCRYPTION | GUARDS
    return any(path == name or path.startswith(f"{name}.") or name.startswith(f"{path}.") for name in listed)
