"""Proxies: their endpoints stay, and the target behind them is whatever takes the writes now.

No connection goes through them here.
https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-proxy.html
"""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from typing import Any

from ...errors import ServiceError
from ...wire import Call
from . import cluster, instance, tags

Values = dict[str, Any]

FAMILIES = {
    "mysql": "MYSQL",
    "mariadb": "MYSQL",
    "postgres": "POSTGRESQL",
    "postgresql": "POSTGRESQL",
    "sqlserver": "SQLSERVER",
}
POOL = {"MaxConnectionsPercent": 100, "ConnectionBorrowTimeout": 120, "SessionPinningFilters": list[str]()}


def of_region(call: Call) -> dict[str, Values]:
    """By name."""
    regions: dict[str, dict[str, Values]] = call.state.setdefault("proxies", {})
    return regions.setdefault(call.region, {})


def find(call: Call, name: str) -> Values:
    """One proxy of this Region, with its targets and endpoints."""
    if name.lower() not in of_region(call):
        raise ServiceError("DBProxyNotFoundFault", f"DBProxy {name} not found.", 404)
    return of_region(call)[name.lower()]


def _shown(proxy: Values) -> Values:
    return {name: value for name, value in proxy.items() if name[0].isupper()}


def create(call: Call) -> Values:
    """CreateDBProxy."""
    given = dict(call.parameters)
    name = given["DBProxyName"].lower()
    if name in of_region(call):
        raise ServiceError("DBProxyAlreadyExistsFault", f"DBProxy {name} already exists.")
    if not given.get("Auth") and given.get("DefaultAuthScheme", "NONE") != "IAM_AUTH":
        raise invalid("Auth must name a secret, unless DefaultAuthScheme is IAM_AUTH.")
    now, arn = datetime.now(UTC), arn_of(call, "db-proxy", "prx", name)
    wanted_tags = given.pop("Tags", [])
    proxy: Values = {
        "RequireTLS": False,
        "IdleClientTimeout": 1800,
        "DebugLogging": False,
        "DefaultAuthScheme": "NONE",
        "EndpointNetworkType": "IPV4",
        "TargetConnectionNetworkType": "IPV4",
        "VpcSecurityGroupIds": [],
        "Auth": [],
        **given,
        "DBProxyName": name,
        "DBProxyArn": arn,
        "Status": "available",
        "VpcId": vpc(call, given["VpcSubnetIds"]),
        "Endpoint": f"{name}.proxy-{token(call, name)[:12]}.{call.region}.rds.amazonaws.com",
        "CreatedDate": now,
        "UpdatedDate": now,
        "target": None,
        "pool": dict(POOL),
        "group": arn_of(call, "target-group", "prx-tg", name),
        "endpoints": {},
    }
    of_region(call)[name] = proxy
    tags.put(call, arn, wanted_tags)
    return {"DBProxy": _shown(proxy)}


def vpc(call: Call, subnets: list[str]) -> str:
    """The subnets' network; they must lie in two zones."""
    found: list[Any] = call.client("ec2").describe_subnets(SubnetIds=subnets)["Subnets"]
    if len({subnet["AvailabilityZone"] for subnet in found}) < 2:
        raise invalid("The subnets of a proxy must lie in at least two Availability Zones.")
    return str(found[0]["VpcId"])


def token(call: Call, name: str) -> str:
    """The part of an address that nobody chose."""
    return hashlib.sha256(f"{call.account}/{call.region}/{name}".encode()).hexdigest()


def arn_of(call: Call, kind: str, prefix: str, name: str) -> str:
    """An ARN with an id of the service's."""
    return f"arn:aws:rds:{call.region}:{call.account}:{kind}:{prefix}-{token(call, f'{kind}/{name}')[:17]}"


def describe(call: Call) -> Values:
    """DescribeDBProxies."""
    if name := call.parameters.get("DBProxyName"):
        return {"DBProxies": [_shown(find(call, name))]}
    return {"DBProxies": [_shown(proxy) for proxy in of_region(call).values()]}


def modify(call: Call) -> Values:
    """ModifyDBProxy."""
    given = dict(call.parameters)
    proxy = find(call, given.pop("DBProxyName"))
    if given.pop("NewDBProxyName", None):
        raise invalid("Renaming a proxy is not modelled here.")
    if "SecurityGroups" in given:
        proxy["VpcSecurityGroupIds"] = given.pop("SecurityGroups")
    proxy |= {**given, "UpdatedDate": datetime.now(UTC)}
    return {"DBProxy": _shown(proxy)}


def delete(call: Call) -> Values:
    """DeleteDBProxy: with its endpoints."""
    proxy = find(call, call.parameters["DBProxyName"])
    of_region(call).pop(proxy["DBProxyName"])
    tags.forget(call, proxy["DBProxyArn"])
    return {"DBProxy": {**_shown(proxy), "Status": "deleting"}}


# --- what is behind it


def register(call: Call) -> Values:
    """RegisterDBProxyTargets: one instance or one cluster, of the proxy's engine family."""
    proxy, given = find(call, call.parameters["DBProxyName"]), call.parameters
    named = [("cluster", name) for name in given.get("DBClusterIdentifiers", [])]
    named += [("db", name) for name in given.get("DBInstanceIdentifiers", [])]
    if len(named) != 1 or proxy["target"] is not None:
        message = f"DBProxy {proxy['DBProxyName']} takes one target: a DB instance or a cluster."
        raise ServiceError("DBProxyTargetAlreadyRegisteredFault", message)
    kind, name = named[0]
    found = cluster.find(call, name) if kind == "cluster" else instance.find(call, name)
    engine = str(found["Engine"]).removeprefix("aurora-").split("-", maxsplit=1)[0]
    if FAMILIES.get(engine) != proxy["EngineFamily"]:
        raise invalid(f"The proxy's engine family is {proxy['EngineFamily']}, and {name} is of {found['Engine']}.")
    proxy["target"] = (kind, name.lower())
    return {"DBProxyTargets": _targets(call, proxy)}


def deregister(call: Call) -> Values:
    """DeregisterDBProxyTargets."""
    proxy, given = find(call, call.parameters["DBProxyName"]), call.parameters
    named = {*given.get("DBClusterIdentifiers", []), *given.get("DBInstanceIdentifiers", [])}
    if proxy["target"] is None or proxy["target"][1] not in {name.lower() for name in named}:
        raise ServiceError("DBProxyTargetNotFoundFault", f"{', '.join(sorted(named))} is not behind the proxy.", 404)
    proxy["target"] = None
    return {}


def targets(call: Call) -> Values:
    """DescribeDBProxyTargets."""
    return {"Targets": _targets(call, find(call, call.parameters["DBProxyName"]))}


def _targets(call: Call, proxy: Values) -> list[Values]:
    if proxy["target"] is None:
        return []
    kind, name = proxy["target"]
    if kind == "db":
        known: list[Any] = call.moto({}, operation="DescribeDBInstances")["DBInstances"]
        there = any(one["DBInstanceIdentifier"] == name for one in known)
        return [_target(instance.find(call, name), "READ_WRITE")] if there else [_gone(name)]
    clusters: list[Any] = call.moto({}, operation="DescribeDBClusters")["DBClusters"]
    whole = next((one for one in clusters if one["DBClusterIdentifier"] == name), None)
    if whole is None:
        return [_gone(name)]
    tracked = {"RdsResourceId": name, "Type": "TRACKED_CLUSTER", "Port": whole["Port"], "Endpoint": whole["Endpoint"]}
    roles = {one["DBInstanceIdentifier"]: one["IsClusterWriter"] for one in whole["DBClusterMembers"]}
    found = [(instance.find(call, member), writes) for member, writes in roles.items()]
    told = [_target(one, "READ_WRITE" if writes else "READ_ONLY", name) for one, writes in found]
    return [tracked, *told]


def _target(one: Values, role: str, tracked: str = "") -> Values:
    return {
        "TargetArn": one["DBInstanceArn"],
        "Endpoint": one["Endpoint"]["Address"],
        "Port": one["Endpoint"]["Port"],
        "RdsResourceId": one["DBInstanceIdentifier"],
        "Type": "RDS_INSTANCE",
        "Role": role,
        "TargetHealth": {"State": "AVAILABLE"},
        **({"TrackedClusterId": tracked} if tracked else {}),
    }


def _gone(name: str) -> Values:
    health = {"State": "UNAVAILABLE", "Reason": "UNREACHABLE", "Description": f"{name} does not exist."}
    return {"RdsResourceId": name, "Type": "RDS_INSTANCE", "TargetHealth": health}


def groups(call: Call) -> Values:
    """DescribeDBProxyTargetGroups: there is one."""
    return {"TargetGroups": [_group(find(call, call.parameters["DBProxyName"]))]}


def _group(proxy: Values) -> Values:
    return {
        "DBProxyName": proxy["DBProxyName"],
        "TargetGroupName": "default",
        "TargetGroupArn": proxy["group"],
        "IsDefault": True,
        "Status": "available",
        "ConnectionPoolConfig": proxy["pool"],
        "CreatedDate": proxy["CreatedDate"],
        "UpdatedDate": proxy["UpdatedDate"],
    }


def modify_group(call: Call) -> Values:
    """ModifyDBProxyTargetGroup: the pool."""
    proxy, wanted = find(call, call.parameters["DBProxyName"]), call.parameters.get("ConnectionPoolConfig", {})
    most = wanted.get("MaxConnectionsPercent", proxy["pool"]["MaxConnectionsPercent"])
    idle = wanted.get("MaxIdleConnectionsPercent", most // 2)
    if idle > most:
        raise invalid("MaxIdleConnectionsPercent must not be larger than MaxConnectionsPercent.")
    proxy["pool"] |= {**wanted, "MaxIdleConnectionsPercent": idle}
    return {"DBProxyTargetGroup": _group(proxy)}


def invalid(message: str) -> ServiceError:
    """The code for a value that cannot be."""
    return ServiceError("InvalidParameterValue", message)
