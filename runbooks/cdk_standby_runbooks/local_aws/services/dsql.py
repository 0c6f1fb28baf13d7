"""Aurora DSQL: clusters of one Region, and pairs that each name the other and a witness.

A peered cluster waits in `PENDING_SETUP` until both sides agree, and in `PENDING_DELETE` until both are to go.
https://docs.aws.amazon.com/aurora-dsql/latest/userguide/multi-region-aws-cli.html
"""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from typing import Any

from botocore.exceptions import ClientError

from ..errors import ServiceError
from ..wire import Call, Operation
from ._kept import Values, refuse_the_rest

PROPERTIES = "multiRegionProperties"
SHOWN = ("arn", "creationTime", "identifier", "status")


def _clusters(call: Call) -> dict[str, Values]:
    """All clusters by ARN: peers know each other across Regions."""
    found: dict[str, Values] = call.state.setdefault("clusters", {})
    return found


def _find(call: Call) -> Values:
    arn = f"arn:aws:dsql:{call.region}:{call.account}:cluster/{call.parameters['identifier']}"
    if arn not in _clusters(call):
        raise ServiceError("ResourceNotFoundException", f"Cluster {call.parameters['identifier']} does not exist", 404)
    return _clusters(call)[arn]


def _create(call: Call) -> Values:
    given = {name: value for name, value in call.parameters.items() if name not in ("clientToken", "kmsEncryptionKey")}
    given.pop("bypassPolicyLockoutSafetyCheck", None)
    number = call.state["made"] = call.state.get("made", 0) + 1
    token = hashlib.sha256(f"{call.region}/{number}".encode()).hexdigest()
    identifier = token.translate(str.maketrans("0123456789", "ghijklmnop"))[:26]
    arn = f"arn:aws:dsql:{call.region}:{call.account}:cluster/{identifier}"
    made: Values = {
        "deletionProtectionEnabled": True,
        "tags": {},
        **given,
        "identifier": identifier,
        "arn": arn,
        "creationTime": datetime.now(UTC),
        "endpoint": f"{identifier}.dsql.{call.region}.on.aws",
        "encryptionDetails": _encryption(call, call.parameters.get("kmsEncryptionKey")),
        "status": "ACTIVE",
    }
    _agree(call, made, given.get(PROPERTIES))
    if "policy" in given:
        made["policyVersion"] = "1"
    _clusters(call)[arn] = made
    _settle(call, made)
    return _told(made)


def _told(found: Values) -> Values:
    return {name: value for name, value in found.items() if name not in ("policy", "policyVersion", "going")}


def _encryption(call: Call, key: str | None) -> Values:
    if key in (None, "AWS_OWNED_KMS_KEY"):
        return {"encryptionType": "AWS_OWNED_KMS_KEY", "encryptionStatus": "ENABLED"}
    try:
        arn = call.client("kms").describe_key(KeyId=key)["KeyMetadata"]["Arn"]
    except ClientError as missing:
        raise _invalid(f"The KMS key {key} does not exist in {call.region}") from missing
    return {"encryptionType": "CUSTOMER_MANAGED_KMS_KEY", "kmsKeyArn": arn, "encryptionStatus": "ENABLED"}


def _agree(call: Call, cluster: Values, wanted: Values | None) -> None:
    """Take peers and witness, as far as they can be."""
    if wanted is None:
        return
    old = _properties(cluster)
    witness = wanted.get("witnessRegion")
    peers = [arn for arn in wanted.get("clusters", []) if arn != cluster["arn"]]
    if not witness:
        raise _invalid("multiRegionProperties need a witnessRegion")
    if old.get("witnessRegion") not in (None, witness):
        raise _invalid(f"The witness Region is {old['witnessRegion']} and cannot be changed")
    regions = [arn.split(":")[3] for arn in peers]
    if len({witness, call.region, *regions}) != 2 + len(regions):
        raise _invalid(
            f"The Regions of the clusters and of the witness must differ: {call.region}, {witness}, {regions}"
        )
    for arn in peers:
        if arn not in _clusters(call):
            raise _invalid(f"The cluster {arn} does not exist")
        theirs = _properties(_clusters(call)[arn]).get("witnessRegion")
        if theirs != witness:
            raise _invalid(f"The witness Region of {arn} is {theirs}, not {witness}")
    named = {"clusters": [cluster["arn"], *peers]} if peers else {}
    cluster[PROPERTIES] = {"witnessRegion": witness, **named}


def _properties(cluster: Values) -> Values:
    found: Values = cluster.get(PROPERTIES, {})
    return found


def _peers(cluster: Values) -> list[str]:
    named: list[str] = _properties(cluster).get("clusters", [])
    return [arn for arn in named if arn != cluster["arn"]]


def _settle(call: Call, cluster: Values) -> None:
    """Both sides are active once each names the other."""
    if not cluster.get(PROPERTIES) or cluster.get("going"):
        return
    peers = [_clusters(call)[arn] for arn in _peers(cluster) if arn in _clusters(call)]
    reached = all(arn.split(":")[3] not in call.dark for arn in _peers(cluster))
    agreed = bool(peers) and all(cluster["arn"] in _peers(other) for other in peers)
    if cluster["status"] == "ACTIVE" and cluster.get("peered"):
        return
    if agreed and reached:
        for one in (cluster, *peers):
            one |= {"status": "ACTIVE", "peered": True}
    else:
        cluster["status"] = "PENDING_SETUP"


def _get(call: Call) -> Values:
    found = _find(call)
    return {name: value for name, value in _told(found).items() if name != "peered"}


def _update(call: Call) -> Values:
    cluster, given = _find(call), call.parameters
    if PROPERTIES in given and cluster.get("peered"):
        wanted = {cluster["arn"], *given[PROPERTIES].get("clusters", [])}
        if wanted != set(cluster[PROPERTIES]["clusters"]):
            raise _invalid("The peers of a cluster cannot be changed once it is active")
    _agree(call, cluster, given.get(PROPERTIES))
    if "kmsEncryptionKey" in given:
        cluster["encryptionDetails"] = _encryption(call, given["kmsEncryptionKey"])
    for name in ("deletionProtectionEnabled", "metricGroups"):
        if name in given:
            cluster[name] = given[name]
    _settle(call, cluster)
    return {name: cluster[name] for name in SHOWN}


def _delete(call: Call) -> Values:
    cluster = _find(call)
    if cluster["deletionProtectionEnabled"]:
        message = f"The cluster {cluster['identifier']} is protected: disable deletion protection first"
        raise ServiceError("ValidationException", message)
    cluster |= {"going": True, "status": "PENDING_DELETE" if _peers(cluster) else "DELETING"}
    others = [_clusters(call)[arn] for arn in _peers(cluster) if arn in _clusters(call)]
    told = {name: cluster[name] for name in SHOWN}
    if all(other.get("going") for other in others):
        for one in (cluster, *others):
            _clusters(call).pop(one["arn"])
        told["status"] = "DELETING"
    return told


def _list(call: Call) -> Values:
    mine = [one for arn, one in _clusters(call).items() if arn.split(":")[3] == call.region]
    return {"clusters": [{"identifier": one["identifier"], "arn": one["arn"]} for one in mine]}


def _endpoint_service(call: Call) -> Values:
    identifier = _find(call)["identifier"]
    behind = f"dsql-{identifier[:4]}"
    return {
        "serviceName": f"com.amazonaws.{call.region}.{behind}",
        "clusterVpcEndpoint": f"{identifier}.{behind}.{call.region}.on.aws",
    }


def _put_policy(call: Call) -> Values:
    cluster = _find(call)
    version = str(int(cluster.get("policyVersion", "0")) + 1)
    cluster |= {"policy": call.parameters["policy"], "policyVersion": version}
    return {"policyVersion": version}


def _get_policy(call: Call) -> Values:
    cluster = _find(call)
    if "policy" not in cluster:
        raise ServiceError("ResourceNotFoundException", "The cluster has no policy", 404)
    return {"policy": cluster["policy"], "policyVersion": cluster["policyVersion"]}


def _delete_policy(call: Call) -> Values:
    cluster = _find(call)
    cluster.pop("policy", None)
    return {"policyVersion": cluster.get("policyVersion", "1")}


def _by_arn(call: Call) -> Values:
    arn = call.parameters["resourceArn"]
    if arn not in _clusters(call):
        raise ServiceError("ResourceNotFoundException", f"{arn} does not exist", 404)
    return _clusters(call)[arn]


def _tag(call: Call) -> Values:
    _by_arn(call)["tags"].update(call.parameters["tags"])
    return {}


def _untag(call: Call) -> Values:
    for key in call.parameters["tagKeys"]:
        _by_arn(call)["tags"].pop(key, None)
    return {}


def _tags(call: Call) -> Values:
    tags: dict[str, Any] = _by_arn(call)["tags"]
    return {"tags": tags}


def _invalid(message: str) -> ServiceError:
    return ServiceError("ValidationException", message)


MODELLED: dict[str, Operation] = {
    "CreateCluster": _create,
    "GetCluster": _get,
    "UpdateCluster": _update,
    "DeleteCluster": _delete,
    "ListClusters": _list,
    "GetVpcEndpointServiceName": _endpoint_service,
    "PutClusterPolicy": _put_policy,
    "GetClusterPolicy": _get_policy,
    "DeleteClusterPolicy": _delete_policy,
    "TagResource": _tag,
    "UntagResource": _untag,
    "ListTagsForResource": _tags,
}

OPERATIONS = refuse_the_rest("dsql", MODELLED)
