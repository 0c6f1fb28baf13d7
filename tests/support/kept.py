"""What CloudFormation would replace if it changed: the create-only properties of everything that holds data."""

from __future__ import annotations

import functools
from typing import Any

from cfnlint.schema import PROVIDER_SCHEMA_MANAGER

KEEP = {
    "AWS::RDS::GlobalCluster",
    "AWS::RDS::DBCluster",
    "AWS::RDS::DBInstance",
    "AWS::RDS::DBSubnetGroup",
    "AWS::SecretsManager::Secret",
    "AWS::KMS::Key",
    "AWS::Backup::BackupVault",
    "AWS::Backup::LogicallyAirGappedBackupVault",
    "AWS::DSQL::Cluster",
    "AWS::DynamoDB::GlobalTable",
    "AWS::ElastiCache::ReplicationGroup",
    "AWS::ElastiCache::SubnetGroup",
    "AWS::ECR::Repository",
    "AWS::S3::Bucket",
    "AWS::SQS::Queue",
}
PARTS = {
    "AWS::EC2::SecurityGroup",
    "AWS::ElastiCache::ParameterGroup",
    "AWS::ElastiCache::User",
    "AWS::ElastiCache::UserGroup",
    "AWS::IAM::Role",
    "AWS::Logs::LogGroup",
    "AWS::RDS::DBClusterParameterGroup",
    "AWS::RDS::DBParameterGroup",
}
"""What data stands on: it counts where it is retained, as the data is."""


@functools.cache
def create_only(kind: str) -> set[str]:
    """The properties whose change replaces a resource, by AWS's own schema, conditional ones included."""
    schema = PROVIDER_SCHEMA_MANAGER.get_resource_schema("us-east-1", kind).schema
    listed = [*schema.get("createOnlyProperties", []), *schema.get("conditionalCreateOnlyProperties", [])]
    return {path.split("/")[2] for path in listed}


def kept(templates: Any) -> dict[tuple[str, str], dict[str, Any]]:
    """What would be replaced if it changed: the create-only properties of everything that holds data."""
    return {
        (stack, name): {
            key: value for key, value in resource.get("Properties", {}).items() if key in create_only(resource["Type"])
        }
        for stack, template in templates.items()
        for name, resource in template["Resources"].items()
        if resource["Type"] in KEEP
        or (resource["Type"] in PARTS and resource.get("DeletionPolicy", "Delete") != "Delete")
    }
