"""Of which types CloudFormation takes a last snapshot before it deletes a resource, where a policy asks for it."""

from __future__ import annotations

SNAPSHOTS = frozenset(
    {
        "AWS::DocDB::DBCluster",
        "AWS::EC2::Volume",
        "AWS::ElastiCache::CacheCluster",
        "AWS::ElastiCache::ReplicationGroup",
        "AWS::Neptune::DBCluster",
        "AWS::RDS::DBCluster",
        "AWS::RDS::DBInstance",
        "AWS::Redshift::Cluster",
    }
)
"""https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-deletionpolicy.html"""


def has_snapshots(kind: str, engine: str) -> bool:
    """Whether a resource can have a snapshot; nodes with Memcached have none:
    https://docs.aws.amazon.com/AmazonElastiCache/latest/mem-ug/backups.html.
    """
    return kind in SNAPSHOTS and not (kind == "AWS::ElastiCache::CacheCluster" and engine.lower() == "memcached")
