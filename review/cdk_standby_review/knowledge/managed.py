"""Managed services that AWS itself runs over several zones: buckets, secrets, keys, topics and so on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ..facts import Fact, Range
from ..facts import recovery_times as times
from ..graph import Graph, Resource
from ..intrinsics import known
from ..objectives import Fault
from ..outcomes import Case, Judgement, by_runbook, survives, unknown
from ..plain import list_of, within
from . import s3, sqs
from ._judge import Judge, not_vital, plumbing, with_its_region

_DOCS = "https://docs.aws.amazon.com/"
_DATE = "2026-11-21"
_KEY, _REPLICA_KEY = "AWS::KMS::Key", "AWS::KMS::ReplicaKey"


def regional(says: str, page: str) -> Fact[Range]:
    """That a service runs over several zones, and the page of its guide that says so."""
    return Fact(value=Range(0, 0), unit="seconds", says=says, source=_DOCS + page, date=_DATE)


@dataclass(frozen=True, slots=True)
class Managed:
    """One regional service: why a zone does not matter, and what it does beyond that."""

    what: str
    fact: Fact[Range]
    vital: bool = True
    region: Judge | None = None
    zone: Judge | None = None
    deletion: Callable[[Graph, Resource], Judgement | None] | None = None
    does: str = ""
    """What one in another Region does when this one is lost, and what it does not have; empty: it runs."""

    def __call__(self, graph: Graph, resource: Resource, case: Case) -> Judgement | None:
        """A managed resource under a fault."""
        judgement = self._judged(graph, resource, case)
        return judgement if self.vital else not_vital(judgement)

    def _judged(self, graph: Graph, resource: Resource, case: Case) -> Judgement | None:
        match case.fault:
            case Fault.INSTANCE | Fault.ZONE:
                special = self.zone(graph, resource, case) if self.zone and case.fault is Fault.ZONE else None
                return special or survives(self.fact.says, self.fact)
            case Fault.REGION:
                special = self.region(graph, resource, case) if self.region else None
                return special or with_its_region(graph, resource, case, self.what, self.does)
            case Fault.DELETION | Fault.ACCOUNT:
                return self.deletion(graph, resource) if self.deletion else None


def _secret_region(graph: Graph, resource: Resource, case: Case) -> Judgement | None:
    replicas = [r for r in resource.items("ReplicaRegions") if known(r.get("Region")) and not _foreign_key(graph, r)]
    if others := sorted({str(r.get("Region")) for r in replicas} - {case.region}):
        return survives(f"its replica in {', '.join(others)} can be read", times.AT_ONCE, replicas=others)
    asked = resource.get("ReplicaRegions")
    if not all(map(known, (asked, *(within(each, "Region") for each in list_of(asked))))):
        return unknown("ReplicaRegions is known only at deployment")
    return None


def _foreign_key(graph: Graph, replica: dict[str, Any]) -> bool:
    """Whether a replica is encrypted with a key of another Region, which Secrets Manager cannot use there."""
    value = replica.get("KmsKeyId")
    key, parts = graph.at(value), str(value).split(":")
    if key is not None:
        return bool(key.region) and key.region != replica.get("Region")
    return isinstance(value, str) and len(parts) == 6 and parts[3] != replica.get("Region")


def _key_region(graph: Graph, resource: Resource, case: Case) -> Judgement | None:
    """A key: what it encrypted is read elsewhere by the keys of other Regions that have the same material."""
    primary = resource if resource.type == _KEY else graph.at(resource.get("PrimaryKeyArn"))
    related = [
        other
        for other in graph.of_type(_KEY, _REPLICA_KEY)
        if other.region != case.region and (other is primary or _copies(graph, other, primary or resource))
    ]
    if related:
        where = ", ".join(sorted({other.region for other in related}))
        return survives(f"the key of {where} has the same material", times.AT_ONCE, keys=where)
    does = "has material of its own: it opens nothing that this one encrypted"
    return plumbing(graph, resource, case, "the key", does)


def _copies(graph: Graph, replica: Resource, key: Resource) -> bool:
    """Whether a key is a replica of a multi-Region key."""
    value = replica.get("PrimaryKeyArn")
    if replica.type != _REPLICA_KEY or key.type != _KEY:
        return False
    found, parts = graph.at(value), str(value).split(":")
    named = found is None and len(parts) == 6 and parts[3] == key.region and key.flag("MultiRegion") is True
    return found is key or named


def _undelete(_graph: Graph, _resource: Resource) -> Judgement | None:
    return by_runbook("deletion waits for its recovery window, and is called off in it", times.UNDELETE)


_S3 = regional("S3 keeps objects in at least three zones", "AmazonS3/latest/userguide/DataDurability.html")
_SECRETS = regional(
    "Secrets Manager spans the zones of a Region", "secretsmanager/latest/userguide/disaster-recovery-resiliency.html"
)
_KMS = regional("KMS spans the zones of a Region", "kms/latest/developerguide/disaster-recovery-resiliency.html")
_SNS = regional("SNS keeps messages in several zones", "sns/latest/dg/disaster-recovery-resiliency.html")
_SQS = regional(
    "SQS keeps messages in several zones",
    "AWSSimpleQueueService/latest/SQSDeveloperGuide/disaster-recovery-resiliency.html",
)
_LOGS = regional(
    "CloudWatch spans the zones of a Region", "AmazonCloudWatch/latest/monitoring/disaster-recovery-resiliency.html"
)
_SSM = regional(
    "Parameter Store spans the zones of a Region", "systems-manager/latest/userguide/disaster-recovery-resiliency.html"
)
_SNAPSHOTS = regional(
    "RDS keeps snapshots in S3, over the zones of a Region", "AmazonRDS/latest/UserGuide/USER_CreateSnapshot.html"
)

JUDGES: dict[str, Judge] = {
    "AWS::S3::Bucket": Managed(
        "the bucket", _S3, region=s3.bucket_region, zone=s3.bucket_zone, deletion=s3.bucket_deletion
    ),
    "AWS::SecretsManager::Secret": Managed(
        "the secret", _SECRETS, region=_secret_region, deletion=_undelete, does="has a value of its own"
    ),
    _KEY: Managed("the key", _KMS, region=_key_region, deletion=_undelete),
    _REPLICA_KEY: Managed("the key", _KMS, region=_key_region, deletion=_undelete),
    "AWS::SQS::Queue": Managed("the queue", _SQS, region=sqs.queue_region),
    "AWS::SSM::Parameter": Managed(
        "the parameter", _SSM, vital=False, does="is read there; it has the value that its own template or writer gives"
    ),
    "AWS::SNS::Topic": Managed("the topic", _SNS, vital=False, does="takes what is sent there"),
    "AWS::CloudWatch::Alarm": Managed("the alarm", _LOGS, vital=False, does="watches its own Region"),
    "AWS::CloudWatch::CompositeAlarm": Managed("the alarm", _LOGS, vital=False, does="watches its own Region"),
    "AWS::RDS::ClusterSnapshot": Managed("the snapshot", _SNAPSHOTS, vital=False, does="has data of its own"),
    "AWS::RDS::DBSnapshot": Managed("the snapshot", _SNAPSHOTS, vital=False, does="has data of its own"),
    "AWS::Logs::LogGroup": Managed(
        "the log group", _LOGS, vital=False, does="takes new entries; the earlier ones wait for the Region that is lost"
    ),
}
