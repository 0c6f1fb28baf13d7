"""Secrets' replicas: each encrypted by a key of its own Region, and failed when that key is not there.

The emulator keeps the values and their replicas in step; it forgets the keys.
https://docs.aws.amazon.com/secretsmanager/latest/userguide/replicate-secrets.html
"""

from __future__ import annotations

from typing import Any

from botocore.exceptions import ClientError

from ..wire import Call, Operation
from ._kept import Values

AWS_KEY = "alias/aws/secretsmanager"


def _replicas(call: Call, arn: str) -> dict[str, Values]:
    """What is known of a secret's replicas, by Region."""
    everything: dict[str, dict[str, Values]] = call.state.setdefault("replicas", {})
    return everything.setdefault(_name(arn), {})


def _name(arn: str) -> str:
    return arn.rsplit(":secret:", maxsplit=1)[-1]


def _sorted_out(call: Call, wanted: list[Values]) -> tuple[list[Values], dict[str, Values]]:
    """Which replicas can be made, and the status of all of them."""
    made: list[Values] = []
    told: dict[str, Values] = {}
    for replica in wanted:
        region, key = replica["Region"], replica.get("KmsKeyId", AWS_KEY)
        trouble = _trouble(call, region, key)
        status = {"Status": "Failed", "StatusMessage": trouble} if trouble else {"Status": "InSync"}
        told[region] = {"Region": region, "KmsKeyId": key, **status}
        if not trouble:
            made.append({"Region": region})
    return made, told


def _trouble(call: Call, region: str, key: str) -> str:
    if region in call.dark:
        return f"Replication failed: {region} does not answer"
    if key == AWS_KEY:
        return ""
    try:
        call.client("kms", region).describe_key(KeyId=key)
    except ClientError:
        return f"Replication failed: KMS key {key} was not found in {region}"
    return ""


def _create(call: Call) -> Values:
    given = dict(call.parameters)
    made, told = _sorted_out(call, given.pop("AddReplicaRegions", []))
    answer = call.moto({**given, **({"AddReplicaRegions": made} if made else {})})
    _replicas(call, answer["ARN"]).update(told)
    return {**answer, "ReplicationStatus": _status(call, answer["ARN"])} if told else answer


def _status(call: Call, arn: str) -> list[Any]:
    return [status for _, status in sorted(_replicas(call, arn).items())]


def _replicate(call: Call) -> Values:
    given = dict(call.parameters)
    made, told = _sorted_out(call, given["AddReplicaRegions"])
    arn = _arn(call)
    if made:
        call.moto({**given, "AddReplicaRegions": made})
    _replicas(call, arn).update(told)
    return {"ARN": arn, "ReplicationStatus": _status(call, arn)}


def _arn(call: Call) -> str:
    return str(call.moto({"SecretId": call.parameters["SecretId"]}, operation="DescribeSecret")["ARN"])


def _unreplicate(call: Call) -> Values:
    arn = _arn(call)
    regions: list[str] = call.parameters["RemoveReplicaRegions"]
    there = [region for region in regions if _replicas(call, arn).get(region, {}).get("Status") == "InSync"]
    if there:
        call.moto({"SecretId": call.parameters["SecretId"], "RemoveReplicaRegions": there})
    for region in regions:
        _replicas(call, arn).pop(region, None)
    return {"ARN": arn, "ReplicationStatus": _status(call, arn)}


def _describe(call: Call) -> Values:
    answer = call.moto()
    replicas = _replicas(call, answer["ARN"])
    if answer.get("PrimaryRegion", call.region) != call.region:
        # The replica's own view: the key of its Region.
        answer["KmsKeyId"] = replicas.get(call.region, {}).get("KmsKeyId", AWS_KEY)
    elif replicas:
        answer |= {"PrimaryRegion": call.region, "ReplicationStatus": _status(call, answer["ARN"])}
    return answer


OPERATIONS: dict[str, Operation] = {
    "CreateSecret": _create,
    "ReplicateSecretToRegions": _replicate,
    "RemoveRegionsFromReplication": _unreplicate,
    "DescribeSecret": _describe,
}
