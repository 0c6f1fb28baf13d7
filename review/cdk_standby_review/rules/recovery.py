"""Rules about the way to recovery itself: what runs it, how soon it begins, and what it leaves empty."""

from __future__ import annotations

from collections.abc import Iterable

from ..databases import is_primary, is_replica, others_of_global, replicas_of
from ..facts.control_planes import CHANGED_IN, FAILS_OVER, STICKY
from ..findings import Found, Severity, rule
from ..graph import Graph, Resource
from ..knowledge.elasticache import MADE_ANEW, members_of_datastore
from ..protection import tags_of
from ..reactions import may_call, reactions
from ..spans import span
from ..traffic import detection, is_failover, leads_to, record_ttl, shares_name

_DETECTION = (
    "https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/dns-failover-determining-health-of-endpoints.html"
)
_SESSIONS = "https://docs.aws.amazon.com/wellarchitected/latest/reliability-pillar/rel_mitigate_interaction_failure_stateless.html"
_CACHES = (
    "AWS::ElastiCache::CacheCluster",
    "AWS::ElastiCache::ReplicationGroup",
    "AWS::ElastiCache::ServerlessCache",
)
_SERVERS = (
    "AWS::AutoScaling::AutoScalingGroup",
    "AWS::EC2::Instance",
    "AWS::ECS::Service",
    "AWS::EKS::Cluster",
    "AWS::ElasticBeanstalk::Environment",
    "AWS::ElasticLoadBalancingV2::LoadBalancer",
)
"""What a Region takes over with."""


def control_planes(graph: Graph) -> Iterable[Found]:
    """What an alarm starts, and which changes a global service in order to fail over."""
    for starter, runner in reactions(graph):
        calls = may_call(graph, runner, tuple(CHANGED_IN.value))
        if calls and _several_regions(graph, runner):
            where = ", ".join(sorted({CHANGED_IN.value[call] for call in calls}))
            yield (
                runner,
                f"{starter.name} starts it, and it calls {', '.join(calls)}, which {where} alone answers",
                "prepare the records, and turn them by a health check, a routing control or ARC Region switch",
            )


def in_lost_region(graph: Graph) -> Iterable[Found]:
    """What fails a Region over, and stands in it, with nothing like it anywhere else."""
    runners = {runner.key: (starter, runner) for starter, runner in reactions(graph)}
    for starter, runner in runners.values():
        calls = may_call(graph, runner, FAILS_OVER.value)
        if calls and runner.region and runner.region in _left(graph, runner) and graph.twin(runner) is None:
            yield (
                runner,
                f"{starter.name} starts it in {runner.region}, and it calls {calls[0]} when that Region is lost",
                "run it, and the alarm that starts it, in the Region that takes over",
            )


def _several_regions(graph: Graph, resource: Resource) -> bool:
    return len(graph.deployment_of(resource).regions) > 1


def _left(graph: Graph, resource: Resource) -> set[str]:
    """The Regions that a deployment fails over from."""
    deployment = graph.deployment_of(resource)
    if deployment.active or len(deployment.regions) < 2:
        return {deployment.active}
    mine = [r for r in graph.of_type("AWS::RDS::DBCluster", "AWS::RDS::DBInstance") if _leads(graph, r)]
    records = [r for r in graph.of_type("AWS::Route53::RecordSet") if r.text("Failover") == "PRIMARY"]
    return {r.region for r in mine} | {leads_to(graph, record) for record in records}


def _leads(graph: Graph, database: Resource) -> bool:
    """Whether replicas in other Regions follow a database."""
    followers = [] if is_replica(database) else [*replicas_of(graph, database)]
    is_cluster = database.type == "AWS::RDS::DBCluster"
    followers += others_of_global(graph, database) if is_cluster and is_primary(graph, database) else []
    return any(other.region != database.region for other in followers)


def late_detection(graph: Graph) -> Iterable[Found]:
    """A record whose check and time to live alone take longer than was promised."""
    for record in graph.of_type("AWS::Route53::RecordSet"):
        promise = graph.deployment_of(record).objectives.region
        turned = record.text("Failover") == "PRIMARY" if is_failover(record) else len(shares_name(graph, record)) > 1
        seen = detection(graph, record) if promise and turned else None
        if promise is None or seen is None:
            continue
        check, kept = seen.value.high, record_ttl(record).value.high
        promised = promise.rto.total_seconds()
        if check + kept > promised:
            yield (
                record,
                f"a dead endpoint is seen after up to {span(check)} and the old answer kept for {span(kept)} more, "
                f"while {span(promised)} are promised",
                "check every 10 seconds (RequestInterval 10), and set TTL to 60 or less",
            )


def empty_caches(graph: Graph) -> Iterable[Found]:
    """A cache that a failover does not take along, of which nobody said that it may be empty."""
    for cache in graph.of_type(*_CACHES):
        deployment = graph.deployment_of(cache)
        others = sorted(region for region in deployment.regions if region != cache.region and _serves(graph, region))
        waits = deployment.active not in {"", cache.region}
        if not cache.region or not others or waits or MADE_ANEW in tags_of(cache) or _joined(graph, cache):
            continue
        yield (
            cache,
            f"a failover to {', '.join(others)} begins with an empty one",
            "join the caches in a global datastore, keep sessions in a global table, or tag a cache whose content is "
            f"made anew with {MADE_ANEW}",
        )


def _serves(graph: Graph, region: str) -> bool:
    """Whether anything stands in a Region that could take over; a certificate of CloudFront, say, does not."""
    return any(resource.region == region for resource in graph.of_type(*_SERVERS, *_CACHES))


def _joined(graph: Graph, cache: Resource) -> bool:
    """Whether a cache is a member of a global datastore."""
    return cache.get("GlobalReplicationGroupId") is not None or bool(members_of_datastore(graph, cache))


def sticky_sessions(graph: Graph) -> Iterable[Found]:
    """A target group whose users stay with one target."""
    for group in graph.of_type("AWS::ElasticLoadBalancingV2::TargetGroup"):
        chosen = {str(item.get("Key")): item.get("Value") for item in group.items("TargetGroupAttributes")}
        by_address = str(chosen.get("stickiness.type", "")).startswith("source_ip")
        if str(chosen.get(STICKY.value)).lower() == "true" and not by_address:
            yield group, "sessions stick to a target", "keep sessions in a store that all targets share"


RULES = (
    rule("failover-by-control-plane", control_planes, CHANGED_IN.says, CHANGED_IN.source, Severity.WARNING),
    rule("failover-runs-in-lost-region", in_lost_region, FAILS_OVER.says, FAILS_OVER.source, Severity.WARNING),
    rule(
        "failover-detected-late",
        late_detection,
        "the objective is missed before anybody acts",
        _DETECTION,
        Severity.WARNING,
    ),
    rule(
        "failover-empties-cache",
        empty_caches,
        "sessions are gone, and everybody asks the database at once",
        _SESSIONS,
        Severity.WARNING,
    ),
    rule("sticky-sessions", sticky_sessions, STICKY.says, STICKY.source, Severity.INFO),
)
