"""S3: buckets that replicate to one another, and the one address that may lead to them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from ..facts import Fact, Range
from ..facts import recovery_times as times
from ..facts import s3 as facts
from ..graph import Graph, Key, Resource
from ..intrinsics import known, references_in
from ..objectives import Fault
from ..outcomes import Case, Judgement, Stage, by_itself, by_runbook, lost, survives, unknown
from ..plain import list_of, within
from ._judge import Judge, not_vital, restored_elsewhere, restored_here, served_elsewhere, serves_everywhere

_LOGGERS = frozenset({"AWS::CloudTrail::Trail", "AWS::EC2::FlowLog", "AWS::ElasticLoadBalancingV2::LoadBalancer"})
_BESIDE = frozenset({"AWS::S3::BucketPolicy", "Custom::S3AutoDeleteObjects"})
"""What says nothing about a bucket's content."""


def bucket_zone(graph: Graph, resource: Resource, _case: Case) -> Judgement | None:
    """A bucket, a zone lost: what it moved to One Zone-Infrequent Access was nowhere else."""
    rules = [r for r in resource.items("LifecycleConfiguration", "Rules") if r.get("Status") == "Enabled"]
    moves = [move for rule in rules for move in (*list_of(rule.get("Transitions")), rule.get("Transition"))]
    if all(within(move, "StorageClass") not in facts.ONE_ZONE.value for move in moves):
        return None
    if copied := _lag(_rules(resource)):
        return by_runbook("readers move to the bucket it replicates to", times.AT_ONCE, copied)
    gone = lost(facts.ONE_ZONE.says, replace(times.ONE_ZONE, source=facts.ONE_ZONE.source), StorageClass="ONEZONE_IA")
    return restored_here(graph, resource) or gone


def _rules(resource: Resource) -> list[dict[str, Any]]:
    """The rules that replicate: those that leave encrypted objects behind are none for a bucket that has only such."""
    encryption = resource.items("BucketEncryption", "ServerSideEncryptionConfiguration")
    by_key = any(
        str(within(each, "ServerSideEncryptionByDefault", "SSEAlgorithm")).startswith("aws:kms") for each in encryption
    )
    return [
        rule
        for rule in resource.items("ReplicationConfiguration", "Rules")
        if rule.get("Status") == "Enabled"
        and not (by_key and within(rule, "SourceSelectionCriteria", "SseKmsEncryptedObjects", "Status") != "Enabled")
    ]


def _lag(rules: list[dict[str, Any]]) -> Fact[Range] | None:
    """How far the copies lag behind; None when there are none."""
    in_time = all(within(rule, "Destination", "ReplicationTime", "Status") == "Enabled" for rule in rules)
    return None if not rules else facts.REPLICATION_TIME if in_time else facts.REPLICATION_WITHOUT_TIME


def _copy(graph: Graph, rule: dict[str, Any]) -> Resource | None:
    """The bucket that a rule copies to, as far as it is in the templates."""
    arn = within(rule, "Destination", "Bucket")
    return graph.named(arn.rpartition(":")[2] if isinstance(arn, str) else arn, "BucketName", "AWS::S3::Bucket")


def _leaves(graph: Graph, rule: dict[str, Any], region: str) -> bool:
    """Whether a rule copies to another Region; when its bucket is not in the templates, that is taken for granted."""
    copy = _copy(graph, rule)
    return copy is None or not region or copy.region != region


def _source(graph: Graph, resource: Resource) -> Resource | None:
    """The bucket of another Region that is replicated to this one."""
    return graph.remembered("sources of buckets", lambda: _sources(graph)).get(resource.key)


def _sources(graph: Graph) -> dict[Key, Resource]:
    found: dict[Key, Resource] = {}
    for source in graph.of_type("AWS::S3::Bucket"):
        for rule in _rules(source):
            copy = _copy(graph, rule)
            if copy is not None and copy.region and source.region and copy.region != source.region:
                found[copy.key] = source
    return found


def bucket_region(graph: Graph, resource: Resource, case: Case) -> Judgement | None:
    """A bucket, its Region lost: its objects are where it replicates to, as far as they had arrived."""
    rules = [rule for rule in _rules(resource) if _leaves(graph, rule, resource.region)]
    lag = _lag(rules)
    in_time = lag is facts.REPLICATION_TIME
    if lag and serves_everywhere(graph, resource):
        says = "the other Regions use the buckets it replicates to"
        judged = by_itself(says, times.AT_ONCE, lag.value, rules=len(rules), time_control=in_time)
        return replace(judged, facts=(times.AT_ONCE, lag))
    if waiting := served_elsewhere(graph, resource, case):
        return waiting
    if lag:
        says = "readers move to the bucket it replicates to"
        return by_runbook(says, times.AT_ONCE, lag, rules=len(rules), time_control=in_time)
    return _alone(graph, resource)


def _alone(graph: Graph, resource: Resource) -> Judgement | None:
    """A bucket that replicates nowhere."""
    if resource.get("LoggingConfiguration") is None and only_logs(graph, resource):
        return not_vital(lost("the logs in it are gone until the Region returns", times.ONE_REGION))
    if not known(resource.get("ReplicationConfiguration")):
        return unknown("whether it replicates is known only at deployment")
    if source := _source(graph, resource):
        return survives(f"it holds copies of {source.name}, which goes on", times.AT_ONCE, source=source.name)
    rules = resource.items("ReplicationConfiguration", "Rules")
    left_out = any(rule.get("Status") == "Enabled" for rule in rules) and not _rules(resource)
    why = facts.ENCRYPTED.says if left_out else "no replication to another Region"
    return restored_elsewhere(graph, resource) or lost(why, times.ONE_REGION)


def bucket_deletion(graph: Graph, resource: Resource) -> Judgement | None:
    """A bucket whose objects were deleted: replication deletes them everywhere, versions bring them back."""
    if resource.text("VersioningConfiguration", "Status") == "Enabled":
        return by_runbook("earlier versions are brought back", times.OBJECT_RESTORE, versioning="Enabled")
    if not says_versions(resource):
        return restored_here(graph, resource) or unknown("whether it keeps versions is known only at deployment")
    judged = restored_here(graph, resource) or lost("not versioned, and no backup holds the objects", times.NO_BACKUP)
    return not_vital(judged) if only_logs(graph, resource) else judged


def says_versions(bucket: Resource) -> bool:
    """Whether the template says if a bucket keeps earlier versions."""
    said = bucket.get("VersioningConfiguration")
    return known(said) and known(within(said, "Status"))


def only_logs(graph: Graph, bucket: Resource) -> bool:
    """Whether a bucket only takes access logs, trails or flow logs, on which nobody depends."""
    users = [user for user in graph.users_of(bucket) if user.type not in _BESIDE]
    return bool(users) and all(_logs_into(user, bucket) for user in users)


def _logs_into(user: Resource, bucket: Resource) -> bool:
    said = references_in(user.get("LoggingConfiguration")) if user.type == "AWS::S3::Bucket" else ()
    return user.type in _LOGGERS or any((r.template, r.logical_id) == bucket.key for r in said)


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
