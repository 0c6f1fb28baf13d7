"""Which resources a lock holds: those with data, and what data cannot be read or run without.

A type that is not listed can be made anew from the template alone.
"""

from __future__ import annotations

from typing import Final

DATA: Final[dict[str, str | None]] = {
    "AWS::RDS::DBInstance": "DBInstanceIdentifier",
    "AWS::RDS::DBCluster": "DBClusterIdentifier",
    "AWS::RDS::GlobalCluster": "GlobalClusterIdentifier",
    "AWS::RDS::DBShardGroup": "DBShardGroupIdentifier",
    "AWS::RDS::DBSnapshot": "DBSnapshotIdentifier",
    "AWS::RDS::ClusterSnapshot": "DBClusterSnapshotIdentifier",
    "AWS::DSQL::Cluster": None,
    "AWS::DocDB::DBCluster": "DBClusterIdentifier",
    "AWS::DocDB::DBInstance": "DBInstanceIdentifier",
    "AWS::DocDB::GlobalCluster": "GlobalClusterIdentifier",
    "AWS::DocDBElastic::Cluster": "ClusterName",
    "AWS::Neptune::DBCluster": "DBClusterIdentifier",
    "AWS::Neptune::DBInstance": "DBInstanceIdentifier",
    "AWS::Neptune::GlobalCluster": "GlobalClusterIdentifier",
    "AWS::NeptuneGraph::Graph": "GraphName",
    "AWS::DynamoDB::Table": "TableName",
    "AWS::DynamoDB::GlobalTable": "TableName",
    "AWS::DAX::Cluster": "ClusterName",
    "AWS::Cassandra::Keyspace": "KeyspaceName",
    "AWS::Cassandra::Table": "TableName",
    "AWS::Timestream::Database": "DatabaseName",
    "AWS::Timestream::Table": "TableName",
    "AWS::Timestream::InfluxDBInstance": "Name",
    "AWS::Timestream::InfluxDBCluster": "Name",
    "AWS::ElastiCache::CacheCluster": "ClusterName",
    "AWS::ElastiCache::ReplicationGroup": "ReplicationGroupId",
    "AWS::ElastiCache::GlobalReplicationGroup": "GlobalReplicationGroupIdSuffix",
    "AWS::ElastiCache::ServerlessCache": "ServerlessCacheName",
    "AWS::MemoryDB::Cluster": "ClusterName",
    "AWS::MemoryDB::MultiRegionCluster": "MultiRegionClusterNameSuffix",
    "AWS::Redshift::Cluster": "ClusterIdentifier",
    "AWS::RedshiftServerless::Namespace": "NamespaceName",
    "AWS::OpenSearchService::Domain": "DomainName",
    "AWS::OpenSearchServerless::Collection": "Name",
    "AWS::Elasticsearch::Domain": "DomainName",
    "AWS::S3::Bucket": "BucketName",
    "AWS::S3Express::DirectoryBucket": "BucketName",
    "AWS::S3Outposts::Bucket": "BucketName",
    "AWS::S3Tables::TableBucket": "TableBucketName",
    "AWS::S3Tables::Table": "TableName",
    "AWS::S3Vectors::VectorBucket": "VectorBucketName",
    "AWS::S3Vectors::Index": "IndexName",
    "AWS::S3Files::FileSystem": None,
    "AWS::EFS::FileSystem": None,
    "AWS::FSx::FileSystem": None,
    "AWS::FSx::StorageVirtualMachine": "Name",
    "AWS::FSx::Volume": "Name",
    "AWS::EC2::Volume": None,
    "AWS::StorageGateway::Volume": None,
    "AWS::StorageGateway::Tape": None,
    "AWS::Kinesis::Stream": "Name",
    "AWS::MSK::Cluster": "ClusterName",
    "AWS::MSK::ServerlessCluster": "ClusterName",
    "AWS::AmazonMQ::Broker": "BrokerName",
    "AWS::SQS::Queue": "QueueName",
    "AWS::Events::Archive": "ArchiveName",
    "AWS::CloudTrail::EventDataStore": "Name",
    "AWS::HealthLake::FHIRDatastore": "DatastoreName",
    "AWS::Backup::BackupVault": "BackupVaultName",
    "AWS::Backup::LogicallyAirGappedBackupVault": "BackupVaultName",
    "AWS::ECR::Repository": "RepositoryName",
    "AWS::CodeCommit::Repository": "RepositoryName",
    "AWS::Cognito::UserPool": "UserPoolName",
    "AWS::Cognito::IdentityPool": "IdentityPoolName",
    "AWS::Route53::HostedZone": "Name",
    "AWS::GlobalAccelerator::Accelerator": "Name",
    "AWS::SecretsManager::Secret": "Name",
    "AWS::KMS::Key": None,
    "AWS::KMS::ReplicaKey": None,
}
"""Whoever replaces one of these loses data, or what opens it: type, and the property that names it, if any does.

SNS topics are none: what they held has been delivered.
"""

PARTS: Final[dict[str, str | None]] = {
    "AWS::RDS::DBSubnetGroup": "DBSubnetGroupName",
    "AWS::RDS::DBParameterGroup": "DBParameterGroupName",
    "AWS::RDS::DBClusterParameterGroup": "DBClusterParameterGroupName",
    "AWS::RDS::OptionGroup": "OptionGroupName",
    "AWS::DocDB::DBSubnetGroup": "DBSubnetGroupName",
    "AWS::DocDB::DBClusterParameterGroup": "Name",
    "AWS::Neptune::DBSubnetGroup": "DBSubnetGroupName",
    "AWS::Neptune::DBParameterGroup": "Name",
    "AWS::Neptune::DBClusterParameterGroup": "Name",
    "AWS::DAX::SubnetGroup": "SubnetGroupName",
    "AWS::DAX::ParameterGroup": "ParameterGroupName",
    "AWS::ElastiCache::SubnetGroup": "CacheSubnetGroupName",
    "AWS::ElastiCache::ParameterGroup": "CacheParameterGroupName",
    "AWS::MemoryDB::SubnetGroup": "SubnetGroupName",
    "AWS::MemoryDB::ParameterGroup": "ParameterGroupName",
    "AWS::Redshift::ClusterSubnetGroup": "ClusterSubnetGroupName",
    "AWS::Redshift::ClusterParameterGroup": "ParameterGroupName",
}
"""Without data of their own, but a database that was retained cannot run or be restored as it was without them."""

NAMES_REPEAT: Final = frozenset(
    {
        "AWS::Cognito::IdentityPool",
        "AWS::Cognito::UserPool",
        "AWS::FSx::StorageVirtualMachine",
        "AWS::FSx::Volume",
        "AWS::Route53::HostedZone",
    }
)
"""Types of which there may be two of one name."""

WRITTEN_ANEW: Final[dict[str, tuple[str, ...]]] = {"AWS::SecretsManager::Secret": ("GenerateSecretString",)}
"""Properties whose change keeps the resource and makes CloudFormation write another value into it.

The password of a database that was made with the old one stays the old one.
https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-secretsmanager-secret.html
"""

LOCKED: Final[dict[str, str | None]] = DATA | PARTS
SETTINGS: Final = frozenset(kind for kind in PARTS if kind.endswith(("ParameterGroup", "OptionGroup")))
"""Groups of settings: a new one takes the place of the old one without harm to the database."""
