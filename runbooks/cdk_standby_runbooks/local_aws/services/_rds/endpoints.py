"""Custom endpoints of Aurora clusters: some of the instances, by choice.

https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Aurora.Overview.Endpoints.html
"""

from __future__ import annotations

from typing import Any

from ...errors import ServiceError
from ...wire import Call
from . import cluster, tags

Values = dict[str, Any]
MOST = 5


def _all(call: Call) -> dict[str, Values]:
    regions: dict[str, dict[str, Values]] = call.state.setdefault("cluster endpoints", {})
    return regions.setdefault(call.region, {})


def _find(call: Call) -> Values:
    name = call.parameters["DBClusterEndpointIdentifier"].lower()
    if name not in _all(call):
        raise ServiceError("DBClusterEndpointNotFoundFault", f"DBClusterEndpoint {name} not found.")
    return _all(call)[name]


def create(call: Call) -> Values:
    """CreateDBClusterEndpoint."""
    given = dict(call.parameters)
    name, of = given["DBClusterEndpointIdentifier"].lower(), given["DBClusterIdentifier"].lower()
    found = cluster.find(call, of)
    if name in _all(call):
        raise ServiceError("DBClusterEndpointAlreadyExistsFault", f"DBClusterEndpoint {name} already exists.")
    if not str(found["Engine"]).startswith("aurora"):
        raise ServiceError("InvalidDBClusterStateFault", f"{of} is not an Aurora cluster: it has no custom endpoints.")
    if sum(one["DBClusterIdentifier"] == of for one in _all(call).values()) >= MOST:
        raise ServiceError(
            "DBClusterEndpointQuotaExceededFault", f"Cluster {of} has its most custom endpoints: {MOST}."
        )
    _members(found, given)
    resource = str(found["DbClusterResourceId"]).removeprefix("cluster-").lower()
    made = {
        "StaticMembers": given.get("StaticMembers", []),
        "ExcludedMembers": given.get("ExcludedMembers", []),
        "DBClusterEndpointIdentifier": name,
        "DBClusterIdentifier": of,
        "DBClusterEndpointResourceIdentifier": f"cluster-endpoint-{resource[:8]}-{name}".upper(),
        "DBClusterEndpointArn": f"arn:aws:rds:{call.region}:{call.account}:cluster-endpoint:{name}",
        "Endpoint": f"{name}.cluster-custom-{resource[:12]}.{call.region}.rds.amazonaws.com",
        "Status": "available",
        "EndpointType": "CUSTOM",
        "CustomEndpointType": given["EndpointType"],
    }
    _all(call)[name] = made
    tags.put(call, made["DBClusterEndpointArn"], given.get("Tags", []))
    return made


def _members(found: Values, given: Values) -> None:
    known = {member["DBInstanceIdentifier"] for member in found.get("DBClusterMembers", [])}
    if given.get("StaticMembers") and given.get("ExcludedMembers"):
        message = "StaticMembers and ExcludedMembers can't be specified together."
        raise ServiceError("InvalidParameterCombination", message)
    named = [*given.get("StaticMembers", []), *given.get("ExcludedMembers", [])]
    if strange := [name for name in named if name.lower() not in known]:
        message = f"{', '.join(strange)} is not an instance of the cluster {found['DBClusterIdentifier']}."
        raise ServiceError("DBInstanceNotFound", message, 404)


def describe(call: Call) -> Values:
    """DescribeDBClusterEndpoints: the custom ones after the cluster's own."""
    wanted = call.parameters
    if "DBClusterEndpointIdentifier" in wanted:
        return {"DBClusterEndpoints": [_find(call)]}
    own: list[Values] = []
    if name := wanted.get("DBClusterIdentifier"):
        found = cluster.find(call, name)
        for kind, address in (("WRITER", found["Endpoint"]), ("READER", found["ReaderEndpoint"])):
            own.append({"DBClusterIdentifier": name, "Endpoint": address, "EndpointType": kind, "Status": "available"})
    custom = [one for one in _all(call).values() if name in (None, one["DBClusterIdentifier"])]
    return {"DBClusterEndpoints": [*own, *custom]}


def modify(call: Call) -> Values:
    """ModifyDBClusterEndpoint."""
    found, given = _find(call), call.parameters
    _members(cluster.find(call, found["DBClusterIdentifier"]), given)
    if "EndpointType" in given:
        found["CustomEndpointType"] = given["EndpointType"]
    if "StaticMembers" in given or "ExcludedMembers" in given:
        found["StaticMembers"] = given.get("StaticMembers", [])
        found["ExcludedMembers"] = given.get("ExcludedMembers", [])
    return found


def delete(call: Call) -> Values:
    """DeleteDBClusterEndpoint."""
    found = _find(call)
    _all(call).pop(found["DBClusterEndpointIdentifier"])
    tags.forget(call, found["DBClusterEndpointArn"])
    return {**found, "Status": "deleting"}


def of_gone(call: Call, name: str) -> None:
    """Custom endpoints go with their cluster."""
    for endpoint in [key for key, one in _all(call).items() if one["DBClusterIdentifier"] == name.lower()]:
        _all(call).pop(endpoint)
