"""Further endpoints of proxies: in all zones, or to the readers.

https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-proxy-endpoints.html
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from ...errors import ServiceError
from ...wire import Call
from . import proxies, tags

Values = dict[str, Any]
MOST_ENDPOINTS = 20


def create(call: Call) -> Values:
    """CreateDBProxyEndpoint."""
    given = dict(call.parameters)
    proxy, name = proxies.find(call, given["DBProxyName"]), given["DBProxyEndpointName"].lower()
    if any(name in one["endpoints"] for one in proxies.of_region(call).values()):
        raise ServiceError("DBProxyEndpointAlreadyExistsFault", f"DBProxyEndpoint {name} already exists.")
    if len(proxy["endpoints"]) >= MOST_ENDPOINTS:
        message = f"{proxy['DBProxyName']} has its most endpoints."
        raise ServiceError("DBProxyEndpointQuotaExceededFault", message)
    if given.get("TargetRole") == "READ_ONLY" and proxy["target"] is not None and proxy["target"][0] == "db":
        raise proxies.invalid("A read-only endpoint needs a cluster behind the proxy.")
    arn, wanted_tags = proxies.arn_of(call, "db-proxy-endpoint", "prx-endpoint", name), given.pop("Tags", [])
    proxy["endpoints"][name] = {
        "TargetRole": "READ_WRITE",
        "VpcSecurityGroupIds": proxy["VpcSecurityGroupIds"],
        "EndpointNetworkType": "IPV4",
        **given,
        "DBProxyEndpointName": name,
        "DBProxyName": proxy["DBProxyName"],
        "DBProxyEndpointArn": arn,
        "Status": "available",
        "VpcId": proxies.vpc(call, given["VpcSubnetIds"]),
        "Endpoint": f"{name}.endpoint.proxy-{proxies.token(call, name)[:12]}.{call.region}.rds.amazonaws.com",
        "CreatedDate": datetime.now(UTC),
        "IsDefault": False,
    }
    tags.put(call, arn, wanted_tags)
    return {"DBProxyEndpoint": proxy["endpoints"][name]}


def _endpoint(call: Call) -> tuple[Values, str]:
    name = call.parameters["DBProxyEndpointName"].lower()
    for proxy in proxies.of_region(call).values():
        if name in proxy["endpoints"]:
            return proxy, name
    raise ServiceError("DBProxyEndpointNotFoundFault", f"DBProxyEndpoint {name} not found.", 404)


def describe(call: Call) -> Values:
    """DescribeDBProxyEndpoints."""
    if call.parameters.get("DBProxyEndpointName"):
        proxy, name = _endpoint(call)
        return {"DBProxyEndpoints": [proxy["endpoints"][name]]}
    wanted = call.parameters.get("DBProxyName")
    found = [proxies.find(call, wanted)] if wanted else list(proxies.of_region(call).values())
    return {"DBProxyEndpoints": [one for proxy in found for one in proxy["endpoints"].values()]}


def modify(call: Call) -> Values:
    """ModifyDBProxyEndpoint: its security groups."""
    proxy, name = _endpoint(call)
    if "NewDBProxyEndpointName" in call.parameters:
        raise proxies.invalid("Renaming an endpoint is not modelled here.")
    proxy["endpoints"][name]["VpcSecurityGroupIds"] = call.parameters["VpcSecurityGroupIds"]
    return {"DBProxyEndpoint": proxy["endpoints"][name]}


def delete(call: Call) -> Values:
    """DeleteDBProxyEndpoint."""
    proxy, name = _endpoint(call)
    gone = proxy["endpoints"].pop(name)
    tags.forget(call, gone["DBProxyEndpointArn"])
    return {"DBProxyEndpoint": {**gone, "Status": "deleting"}}
