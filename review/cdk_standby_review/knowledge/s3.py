"""S3: buckets that replicate to one another, and the one address that may lead to them."""

from __future__ import annotations

from dataclasses import replace

from ..facts import recovery_times as times
from ..facts import s3 as facts
from ..graph import Graph, Resource
from ..intrinsics import known
from ..objectives import Fault
from ..outcomes import Case, Judgement, Stage, by_itself, by_runbook, lost, survives, unknown
from ..plain import within
from ._judge import Judge, not_vital, restored_elsewhere, restored_here, served_elsewhere, serves_everywhere

_LOG_TAKERS = frozenset(
    {
        "AWS::S3::BucketPolicy",
        "AWS::ElasticLoadBalancingV2::LoadBalancer",
        "AWS::EC2::FlowLog",
        "AWS::S3::Bucket",
    }
)


def bucket_region(graph: Graph, resource: Resource, case: Case) -> Judgement | None:
    """A bucket, its Region lost: its objects are where it replicates to, as far as they had arrived."""
    rules = [rule for rule in resource.items("ReplicationConfiguration", "Rules") if rule.get("Status") == "Enabled"]
    in_time = all(within(rule, "Destination", "ReplicationTime", "Status") == "Enabled" for rule in rules)
    lag = facts.REPLICATION_TIME if in_time else facts.REPLICATION_WITHOUT_TIME
    if rules and serves_everywhere(graph, resource):
        says = "the other Regions use the buckets it replicates to"
        judged = by_itself(says, times.AT_ONCE, lag.value, rules=len(rules), time_control=in_time)
        return replace(judged, facts=(times.AT_ONCE, lag))
    if waiting := served_elsewhere(graph, resource, case):
        return waiting
    if rules:
        says = "readers move to the bucket it replicates to"
        return by_runbook(says, times.AT_ONCE, lag, rules=len(rules), time_control=in_time)
    if resource.get("LoggingConfiguration") is None and graph.users_of(resource) and _only_logs(graph, resource):
        return not_vital(lost("the logs in it are gone until the Region returns", times.ONE_REGION))
    return restored_elsewhere(graph, resource) or lost("no replication to another Region", times.ONE_REGION)


def bucket_deletion(graph: Graph, resource: Resource) -> Judgement | None:
    """A bucket whose objects were deleted: replication deletes them everywhere, versions bring them back."""
    if resource.text("VersioningConfiguration", "Status") == "Enabled":
        return by_runbook("earlier versions are brought back", times.OBJECT_RESTORE, versioning="Enabled")
    judged = restored_here(graph, resource) or lost("not versioned, and no backup holds the objects", times.NO_BACKUP)
    return not_vital(judged) if graph.users_of(resource) and _only_logs(graph, resource) else judged


def _only_logs(graph: Graph, bucket: Resource) -> bool:
    """Whether a bucket only takes access logs or flow logs, on which nobody depends."""
    return all(user.type in _LOG_TAKERS for user in graph.users_of(bucket))


def access_point(graph: Graph, resource: Resource, case: Case) -> Judgement | None:
    """A Multi-Region Access Point: an address that outlives Regions, and whose routes somebody moves."""
    if case.fault is not Fault.REGION:
        return None
    if not known(resource.get("Regions")):
        return unknown("Regions is known only at deployment")
    named = [graph.named(each.get("Bucket"), "BucketName", "AWS::S3::Bucket") for each in resource.items("Regions")]
    regions = sorted({bucket.region for bucket in named if bucket is not None and bucket.region})
    if regions and len(regions) == len(named) and case.region not in regions:
        return survives("it leads to buckets of other Regions", times.AT_ONCE, regions=regions)
    if len(named) < facts.ACCESS_POINT_REGIONS.value.low:
        return lost("it leads to one bucket", times.ONE_REGION)
    moved = by_runbook("its routes are moved to the other buckets", facts.ROUTING, buckets=len(named))
    return replace(moved, stage=Stage.TRAFFIC)


JUDGES: dict[str, Judge] = {"AWS::S3::MultiRegionAccessPoint": access_point}
