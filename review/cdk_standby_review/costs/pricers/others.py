"""Keys, secrets, alarms, dashboards, and what is paid by use alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ...facts import Range
from ...graph import Graph, Resource
from ...intrinsics import known
from ...plain import is_list, object_of
from .._parts import Part, Pricer, Unsaid, by_use, flat, late, paid, used

ROTATIONS = 2
"""After which a rotation of a key costs nothing more."""
_BACKUPS = by_use("backups kept, and carried to other Regions")


def key(_graph: Graph, resource: Resource) -> Iterator[Part]:
    """A key, with what it costs more after its first two rotations."""
    rotates = resource.flag("EnableKeyRotation")
    yield paid("kms/key", Range(1, 1 + ROTATIONS) if rotates else 1, "key")
    yield from used("requests of keys")


def secret(_graph: Graph, resource: Resource) -> Iterator[Part]:
    """A secret, and each replica in its Region."""
    yield paid("secretsmanager/secret", 1, "secret")
    for replica in resource.items("ReplicaRegions"):
        region = replica.get("Region")
        yield (
            paid("secretsmanager/secret", 1, "replica of a secret", region=region)
            if isinstance(region, str)
            else late("the Region of a replica")
        )


def parameter(_graph: Graph, resource: Resource) -> Iterator[Part]:
    """Standard parameters are free, advanced ones are not."""
    tier = resource.get("Tier")
    if not known(tier):
        yield late("Tier")
    elif tier == "Advanced":
        yield paid("ssm/advanced-parameter", 1, "advanced parameter")


def alarm(_graph: Graph, resource: Resource) -> Iterable[Part]:
    """An alarm costs for each metric that it reads, three times where it learns what is usual."""
    queries = resource.items("Metrics")
    read = [object_of(query.get("MetricStat")) for query in queries]
    count = max(1, sum(map(bool, read))) * (3 if resource.get("ThresholdMetricId") is not None else 1)
    periods = [resource.get("Period"), *(each.get("Period") for each in read)]
    fast = any(str(period) in {"10", "20", "30"} for period in periods)
    item = "cloudwatch/alarm-high-resolution" if fast else "cloudwatch/alarm"
    return [paid(item, count, "alarm" if count == 1 else "metrics of an alarm")]


def stage(_graph: Graph, resource: Resource) -> Iterator[Part]:
    """A stage of an API is free, the cache of one is not."""
    if resource.get("CacheClusterEnabled") is not None and resource.flag("CacheClusterEnabled") is not False:
        yield Unsaid(why="what the cache of an API costs is not known")


def web_acl(_graph: Graph, resource: Resource) -> Iterator[Part]:
    """A web ACL, and each of its rules."""
    rules = resource.get("Rules")
    yield paid("waf/web-acl", 1, "web ACL")
    yield from used("requests that are looked at")
    if rules is not None and not is_list(rules):
        yield late("Rules")
    elif rules:
        yield paid("waf/rule", len(rules), "rule of a web ACL")


PRICERS: dict[str, Pricer] = {
    "AWS::ApiGateway::Stage": stage,
    "AWS::Backup::BackupVault": _BACKUPS,
    "AWS::Backup::LogicallyAirGappedBackupVault": _BACKUPS,
    "AWS::Backup::RestoreTestingPlan": by_use("what is restored, while it is there"),
    "AWS::CloudTrail::Trail": by_use("events beyond the first copy"),
    "AWS::CloudWatch::Alarm": alarm,
    "AWS::CloudWatch::CompositeAlarm": flat("cloudwatch/composite-alarm", "composite alarm"),
    "AWS::CloudWatch::Dashboard": flat("cloudwatch/dashboard", "dashboard"),
    "AWS::DLM::LifecyclePolicy": by_use("snapshots kept"),
    "AWS::ECR::Repository": by_use("images kept, and carried to other Regions"),
    "AWS::FIS::ExperimentTemplate": by_use("minutes of experiments"),
    "AWS::KMS::Key": key,
    "AWS::KMS::ReplicaKey": flat("kms/key", "replica of a key"),
    "AWS::Lambda::EventSourceMapping": by_use("requests of streams"),
    "AWS::Logs::LogGroup": by_use(("logs taken in", "logs-use/ingested"), ("logs kept", "logs-use/stored")),
    "AWS::ResilienceHub::App": flat("resilience-hub/application", "application in Resilience Hub"),
    "AWS::S3::Bucket": by_use(("objects kept", "s3-use/storage"), "requests and replication of objects"),
    "AWS::SNS::Topic": by_use("messages"),
    "AWS::SQS::Queue": by_use("requests of queues"),
    "AWS::SSM::Parameter": parameter,
    "AWS::Scheduler::Schedule": by_use("invocations of schedules"),
    "AWS::SecretsManager::Secret": secret,
    "AWS::WAFv2::WebACL": web_acl,
}
