"""Rules about parity: what takes over is configured as what it stands for, reachable, and heard when it rings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ..databases import members
from ..facts.restore_times import BY_TYPE
from ..findings import Found, Severity, rule
from ..graph import Graph, Resource
from ..intrinsics import known
from ..parity import replicas, twins
from ..placement import placement
from ..plain import list_of, object_of
from ..restored import DATABASES, copies_of
from ..traffic import is_failover, leads_to, shares_name

_DRIFT = (
    "https://docs.aws.amazon.com/wellarchitected/latest/reliability-pillar/rel_planning_for_recovery_config_drift.html"
)
_CERTIFICATES = "https://docs.aws.amazon.com/acm/latest/userguide/acm-regions.html"
_ALARMS = "https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Notify_Users_Alarm_Changes.html"
_IMAGES = "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/CopyingAMIs.html"
_LOGS = "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/USER_LogAccess.Procedural.UploadtoCloudWatch.html"
_PARAMETERS = "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-global-database-modifying.html"
_COPIES = "https://docs.aws.amazon.com/aws-backup/latest/devguide/cross-region-backup.html"
_ALARM, _CERTIFICATE = "AWS::CloudWatch::Alarm", "AWS::CertificateManager::Certificate"
_GROUPS = {
    "AWS::RDS::DBCluster": ("DBClusterParameterGroupName", "AWS::RDS::DBClusterParameterGroup"),
    "AWS::RDS::DBInstance": ("DBParameterGroupName", "AWS::RDS::DBParameterGroup"),
}
"""By the type of a database: which property names its parameter group, and the type of that."""


_ALIKE: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "AWS::EC2::LaunchTemplate": (("LaunchTemplateData", "InstanceType"),),
    "AWS::ECS::TaskDefinition": (("Cpu",), ("Memory",)),
    "AWS::ElastiCache::ReplicationGroup": (("Engine",), ("EngineVersion",), ("CacheNodeType",)),
    "AWS::ElasticLoadBalancingV2::Listener": (("Port",), ("Protocol",), ("SslPolicy",)),
    "AWS::ElasticLoadBalancingV2::TargetGroup": (("Port",), ("Protocol",), ("HealthCheckPath",)),
    "AWS::Lambda::Function": (("Runtime",), ("Handler",), ("MemorySize",), ("Timeout",)),
    "AWS::SQS::Queue": (("FifoQueue",), ("VisibilityTimeout",), ("MessageRetentionPeriod",)),
}
"""What two sites have in common, whatever their strategy: what differs was changed in one of them only."""


def drift(graph: Graph) -> Iterable[Found]:
    """A resource of a site that takes over, which differs from its twin in what makes it work."""
    for standby, primary in twins(graph, *_ALIKE):
        if standby.logical_id != primary.logical_id:  # the only ones of their type need not be of one description
            continue
        for names in _ALIKE[standby.type]:
            ours, theirs = standby.get(*names), primary.get(*names)
            if known(ours) and known(theirs) and _said(ours) != _said(theirs):
                yield (
                    standby,
                    f"{names[-1]} is {_said(ours)}, {primary.name} has {_said(theirs)}",
                    "make both of the same description",
                )


def _said(value: Any) -> str:
    return "left out" if value is None else str(value)


def parameters(graph: Graph) -> Iterable[Found]:
    """A replica whose parameters have other values than those of its source."""
    for replica, source in replicas(graph):
        pairs = [(replica, source)]
        ours, theirs = members(graph, replica), members(graph, source)
        pairs += [(ours[0], theirs[0])] if ours and theirs else []
        for one, other in pairs:
            here, there = _values(graph, one), _values(graph, other)
            if here is None or there is None:
                continue
            names = sorted(name for name in {*here, *there} if here.get(name) != there.get(name))
            if names:
                said = ", ".join(
                    f"{name} is {here.get(name, 'left out')} and not {there.get(name, 'left out')}" for name in names
                )
                yield one, f"{said}, as of {other.name}", "give both parameter groups the same values"


def _values(graph: Graph, database: Resource) -> Mapping[str, str] | None:
    """The parameters of a database, as far as they are known; None when its group is outside of the templates."""
    named_by, kind = _GROUPS.get(database.type, ("", ""))
    group = graph.at(database.get(named_by)) if named_by else None
    if group is None or group.type != kind:
        return None
    return {name: str(value) for name, value in object_of(group.get("Parameters")).items() if known(value)}


def log_exports(graph: Graph) -> Iterable[Found]:
    """A replica that exports fewer logs than its source."""
    for replica, source in replicas(graph):
        ours, theirs = (set(map(str, list_of(r.get("EnableCloudwatchLogsExports")))) for r in (replica, source))
        if missing := sorted(theirs - ours):
            yield replica, f"it does not export {', '.join(missing)}, as {source.name} does", "export the same logs"


def certificates(graph: Graph) -> Iterable[Found]:
    """A Region that users are led to by a name for which it has no certificate, as another one has."""
    for record in graph.of_type("AWS::Route53::RecordSet"):
        if not (is_failover(record) or len(shares_name(graph, record)) > 1):
            continue
        name, region = str(record.get("Name")).lower().rstrip("."), leads_to(graph, record)
        covering = {c.region for c in _of_deployment(graph, record, _CERTIFICATE) if _covers(c, name)}
        if region and covering and region not in covering and not _foreign(graph, record, region):
            where = ", ".join(sorted(covering))
            yield record, f"no certificate in {region} is for {name}, as in {where}", f"request one in {region}"


def _covers(certificate: Resource, name: str) -> bool:
    said = [certificate.get("DomainName"), *list_of(certificate.get("SubjectAlternativeNames"))]
    names = {str(value).lower().rstrip(".") for value in said}
    return name in names or "*." + name.partition(".")[2] in names


def _foreign(graph: Graph, record: Resource, region: str) -> bool:
    """Whether a listener there takes a certificate that is not in the templates."""
    listeners = _of_deployment(graph, record, "AWS::ElasticLoadBalancingV2::Listener")
    asked = [
        each.get("CertificateArn") for one in listeners if one.region == region for each in one.items("Certificates")
    ]
    return any(graph.at(value) is None for value in asked)


def _of_deployment(graph: Graph, resource: Resource, type: str) -> list[Resource]:
    templates = graph.deployment_of(resource).templates
    return [other for other in graph.of_type(type) if other.template.name in templates]


def topics_elsewhere(graph: Graph) -> Iterable[Found]:
    """An alarm that tells a topic of another Region."""
    for alarm in graph.of_type(_ALARM, "AWS::CloudWatch::CompositeAlarm"):
        for action in _actions(alarm):
            told = _region_of(graph, action)
            if told and alarm.region and told != alarm.region:
                yield alarm, f"it tells a topic in {told}", f"tell a topic in {alarm.region}"


def silent_alarms(graph: Graph) -> Iterable[Found]:
    """An alarm of a site that takes over, which tells nobody, as its twin does."""
    for alarm, twin in twins(graph, _ALARM):
        if not _actions(alarm) and _actions(twin):
            yield alarm, f"it tells nobody, {twin.name} does", f"tell a topic in {alarm.region}"


def _actions(alarm: Resource) -> list[Any]:
    return list_of(alarm.get("AlarmActions"))


def _region_of(graph: Graph, arn: Any) -> str:
    """The Region of a topic, by its template or by its ARN; empty when it is not known."""
    if topic := graph.at(arn):
        return topic.region
    parts = str(arn).split(":")
    return parts[3] if isinstance(arn, str) and len(parts) >= 6 and parts[2] == "sns" else ""


def images(graph: Graph) -> Iterable[Found]:
    """A launch template of a site that takes over, with the very image of the site that serves."""
    for template, twin in twins(graph, "AWS::EC2::LaunchTemplate"):
        ours, theirs = (each.text("LaunchTemplateData", "ImageId") or "" for each in (template, twin))
        if ours.startswith("ami-") and ours == theirs:
            fix = f"copy the image to {template.region}, or name it by a public parameter"
            yield template, f"ImageId is {ours} in {twin.region} too", fix


def zones(graph: Graph) -> Iterable[Found]:
    """What takes over, over fewer zones than what it stands for."""
    kinds = ("AWS::AutoScaling::AutoScalingGroup", "AWS::ElasticLoadBalancingV2::LoadBalancer")
    for standby, primary in (*twins(graph, *kinds), *replicas(graph)):
        ours, theirs = placement(graph, standby), placement(graph, primary)
        if ours.known and theirs.known and ours.zones and len(ours.zones) < len(theirs.zones):
            yield (
                standby,
                f"it stands in {len(ours.zones)} zones, {primary.name} in {len(theirs.zones)}",
                "give it as many subnets in as many zones",
            )


def scaling_maximum(graph: Graph) -> Iterable[Found]:
    """A scalable target of a site that takes over, with a smaller maximum."""
    for standby, primary in twins(graph, "AWS::ApplicationAutoScaling::ScalableTarget"):
        ours, theirs = standby.number("MaxCapacity"), primary.number("MaxCapacity")
        if ours is not None and theirs is not None and ours < theirs:
            yield standby, f"MaxCapacity is {ours:g}, {primary.name} has {theirs:g}", f"set MaxCapacity to {theirs:g}"


def closed_copies(graph: Graph) -> Iterable[Found]:
    """A store whose copies in another Region cannot be opened there."""
    for store in graph.of_type(*DATABASES, *BY_TYPE):
        for why in copies_of(graph, store).lacking:
            yield store, why, "deploy the vault, its key and the replica of the credentials where the copies go"


RULES = (
    rule("backup-copy-closed", closed_copies, "what lies there cannot be restored", _COPIES),
    rule(
        "replica-parameters",
        parameters,
        "after a failover the database behaves otherwise",
        _PARAMETERS,
        Severity.WARNING,
    ),
    rule("replica-log-exports", log_exports, "after a failover nobody sees what it logs", _LOGS, Severity.WARNING),
    rule("standby-certificate", certificates, "browsers refuse whoever is led there", _CERTIFICATES),
    rule("alarm-topic-region", topics_elsewhere, "an alarm reaches topics of its own Region only", _ALARMS),
    rule("standby-alarm-silent", silent_alarms, "after a failover nobody is told", _ALARMS, Severity.WARNING),
    rule("standby-drift", drift, "after a failover it behaves otherwise", _DRIFT, Severity.WARNING),
    rule("standby-image", images, "an image exists in one Region only", _IMAGES),
    rule("standby-fewer-zones", zones, "after a failover the loss of a zone takes more", _DRIFT, Severity.WARNING),
    rule("standby-scaling-maximum", scaling_maximum, "it cannot grow to full size in a failover", _DRIFT),
)
