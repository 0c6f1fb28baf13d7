"""What a resource is called by AWS, as far as its template tells, and which patterns of ARNs mean it."""

from __future__ import annotations

import fnmatch
import re
from typing import Final

from .graph import Resource

ANY: Final = "a-name-that-aws-gives"
"""What stands for a name that the template does not give: no pattern means it but one that means every name."""
KINDS: Final[dict[str, tuple[str, str, str]]] = {
    "AWS::DSQL::Cluster": ("dsql", "cluster/{}", ""),
    "AWS::DocDB::DBCluster": ("rds", "cluster:{}", "DBClusterIdentifier"),
    "AWS::DynamoDB::GlobalTable": ("dynamodb", "table/{}", "TableName"),
    "AWS::DynamoDB::Table": ("dynamodb", "table/{}", "TableName"),
    "AWS::EC2::Instance": ("ec2", "instance/{}", ""),
    "AWS::EC2::Volume": ("ec2", "volume/{}", ""),
    "AWS::EFS::FileSystem": ("elasticfilesystem", "file-system/{}", ""),
    "AWS::FSx::FileSystem": ("fsx", "file-system/{}", ""),
    "AWS::Neptune::DBCluster": ("rds", "cluster:{}", "DBClusterIdentifier"),
    "AWS::RDS::DBCluster": ("rds", "cluster:{}", "DBClusterIdentifier"),
    "AWS::RDS::DBInstance": ("rds", "db:{}", "DBInstanceIdentifier"),
    "AWS::Redshift::Cluster": ("redshift", "cluster:{}", "ClusterIdentifier"),
    "AWS::RedshiftServerless::Namespace": ("redshift-serverless", "namespace/{}", ""),
    "AWS::S3::Bucket": ("s3", "{}", "BucketName"),
    "AWS::Timestream::Table": ("timestream", "database/{}", "DatabaseName"),
}
"""What AWS Backup takes, by type: the service of its ARN, the end of it, and the property that names it."""


def means(pattern: str, resource: Resource) -> bool:
    """Whether a pattern of ARNs is about a resource; what only a deployment tells of the pattern is taken as its own.

    Args:
        pattern: An ARN, with `*` and `?` for what may be anything.
        resource: What is asked about.
    """
    if pattern == "*":
        return True
    parts = re.sub(r"\$\{AWS::[^}]+\}", "*", pattern).split(":", 5)
    if resource.type not in KINDS or len(parts) != 6:
        return False
    service, end, named_by = KINDS[resource.type]
    name = (resource.text(named_by) if named_by else None) or ANY
    here = not (resource.region and parts[3]) or fnmatch.fnmatchcase(resource.region, parts[3])
    return here and fnmatch.fnmatchcase(service, parts[2]) and fnmatch.fnmatchcase(end.format(name), parts[5])
