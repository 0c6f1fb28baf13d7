"""Operations that the emulator behind us answers with success while nothing changes: they are refused here.

A drill on one of them would pass without a failover. A service of ours that models the operation takes its place and
lifts the refusal. Operations that the emulator does not know at all need no line: the front refuses those too.
"""

from __future__ import annotations

from typing import Any

from .errors import NotModelled

# Service and operation, and the parameter that makes it silent; None: the operation as such.
SILENT: dict[tuple[str, str], tuple[str, ...] | None] = {
    ("rds", "RebootDBInstance"): ("ForceFailover",),
    ("rds", "PromoteReadReplica"): None,
    ("rds", "RemoveFromGlobalCluster"): None,
    ("rds", "PromoteReadReplicaDBCluster"): None,
    ("rds", "CreateGlobalCluster"): None,
    ("dynamodb", "UpdateTable"): ("ReplicaUpdates", "MultiRegionConsistency"),
    ("elasticache", "ModifyReplicationGroup"): ("PrimaryClusterId",),
    ("route53", "GetHealthCheckStatus"): None,
    ("s3", "PutBucketReplication"): None,
    ("ssm", "SendCommand"): None,
    ("fis", "StartExperiment"): None,
    ("backup", "StartBackupJob"): None,
    ("backup", "StartCopyJob"): None,
}


def refuse_silent(service: str, operation: str, parameters: dict[str, Any]) -> None:
    """Raise `NotModelled` where the emulator would say yes and do nothing."""
    if (service, operation) not in SILENT:
        return
    only_with = SILENT[service, operation]
    if only_with is None or any(parameters.get(name) for name in only_with):
        extra = "" if only_with is None else f" with {' or '.join(only_with)}"
        raise NotModelled(service, operation + extra, "the emulator would answer success and change nothing")


def is_watched(service: str, operation: str) -> bool:
    """Whether the operation's parameters must be read before it may pass."""
    return (service, operation) in SILENT
