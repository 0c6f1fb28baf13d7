"""Proxies with their targets and endpoints, and custom endpoints of clusters."""

from __future__ import annotations

from botocore.exceptions import ClientError

from ._functions import Functions
from ._model import Context, Handler, Made
from ._rows import Row, rows
from ._send import Values, code_of, only, send
from ._tags import set_tags

POOL = "ConnectionPoolConfigurationInfo"
TARGETS = ("DBClusterIdentifiers", "DBInstanceIdentifiers")
GONE = ("DBProxyNotFoundFault", "DBProxyTargetNotFoundFault")

ROWS = rows(
    {
        "AWS::RDS::DBProxy": Row(
            service="rds",
            create="CreateDBProxy",
            answer="DBProxy",
            id="DBProxyName",
            attributes={"DBProxyArn": "DBProxyArn", "Endpoint": "Endpoint", "VpcId": "VpcId"},
            unkept=("DBProxyName",),
            update="ModifyDBProxy",
            delete="DeleteDBProxy",
            delete_id="DBProxyName",
            gone=("DBProxyNotFoundFault",),
        ),
        "AWS::RDS::DBProxyEndpoint": Row(
            service="rds",
            create="CreateDBProxyEndpoint",
            answer="DBProxyEndpoint",
            id="DBProxyEndpointName",
            attributes={
                "DBProxyEndpointArn": "DBProxyEndpointArn",
                "Endpoint": "Endpoint",
                "VpcId": "VpcId",
                "IsDefault": "IsDefault",
            },
            unkept=("DBProxyEndpointName", "DBProxyName"),
            update="ModifyDBProxyEndpoint",
            delete="DeleteDBProxyEndpoint",
            delete_id="DBProxyEndpointName",
            gone=("DBProxyEndpointNotFoundFault", "DBProxyNotFoundFault"),
        ),
        "AWS::RDS::DBClusterEndpoint": Row(
            service="rds",
            create="CreateDBClusterEndpoint",
            id="DBClusterEndpointIdentifier",
            renames={"CustomEndpointType": "EndpointType"},
            attributes={"DBClusterEndpointArn": "DBClusterEndpointArn", "Endpoint": "Endpoint", "Status": "Status"},
            # The answer's EndpointType is CUSTOM.
            unkept=("DBClusterEndpointIdentifier", "DBClusterIdentifier", "EndpointType"),
            update="ModifyDBClusterEndpoint",
            delete="DeleteDBClusterEndpoint",
            delete_id="DBClusterEndpointIdentifier",
            gone=("DBClusterEndpointNotFoundFault",),
        ),
    }
)
PROXY = ROWS["AWS::RDS::DBProxy"]


def _update_proxy(context: Context, made: Made, before: Values, after: Values) -> Made:
    """As every row, but that the API calls the security groups otherwise when it changes them."""
    name = "VpcSecurityGroupIds"
    if before.get(name) != after.get(name):
        change = {"DBProxyName": made.physical_id, "SecurityGroups": after.get(name, [])}
        send(context.client("rds"), "ModifyDBProxy", change)
    kept = {key: value for key, value in after.items() if key != name}
    return PROXY.update(context, made, {key: value for key, value in before.items() if key != name}, kept)


def _group(context: Context, properties: Values) -> Made:
    rds, proxy = context.client("rds"), properties["DBProxyName"]
    if targets := _targets(properties):
        send(rds, "RegisterDBProxyTargets", {"DBProxyName": proxy, **targets})
    _pool(context, properties)
    arn = rds.describe_db_proxy_target_groups(DBProxyName=proxy)["TargetGroups"][0]["TargetGroupArn"]
    made = Made(arn, {"TargetGroupArn": arn})
    if properties.get("Tags"):
        set_tags(context, "rds", made, [], properties["Tags"])
    return made


def _targets(properties: Values) -> Values:
    return {name: value for name, value in only(properties, *TARGETS).items() if value}


def _pool(context: Context, properties: Values) -> None:
    if POOL in properties:
        which = {"DBProxyName": properties["DBProxyName"], "TargetGroupName": "default"}
        change = {**which, "ConnectionPoolConfig": properties[POOL]}
        send(context.client("rds"), "ModifyDBProxyTargetGroup", change, context.dropped)


def _update_group(context: Context, made: Made, before: Values, after: Values) -> Made:
    rds, proxy = context.client("rds"), after["DBProxyName"]
    if _targets(before) != _targets(after):
        if old := _targets(before):
            send(rds, "DeregisterDBProxyTargets", {"DBProxyName": proxy, **old})
        if new := _targets(after):
            send(rds, "RegisterDBProxyTargets", {"DBProxyName": proxy, **new})
    if before.get(POOL) != after.get(POOL):
        _pool(context, after)
    if before.get("Tags") != after.get("Tags"):
        set_tags(context, "rds", made, before.get("Tags", []), after.get("Tags", []))
    return made


def _delete_group(context: Context, made: Made, properties: Values) -> None:
    try:
        if targets := _targets(properties):
            send(
                context.client("rds"), "DeregisterDBProxyTargets", {"DBProxyName": properties["DBProxyName"], **targets}
            )
    except ClientError as error:
        if code_of(error) not in GONE:
            raise


HANDLERS: dict[str, Handler] = {
    **ROWS,
    "AWS::RDS::DBProxy": Functions(PROXY.create, _update_proxy, PROXY.delete),
    "AWS::RDS::DBProxyTargetGroup": Functions(_group, _update_group, _delete_group),
}
