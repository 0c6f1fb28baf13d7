"""Databases: subnet and parameter groups, clusters, instances, global databases, event subscriptions."""

from __future__ import annotations

from botocore.exceptions import ClientError

from . import rds_proxy, rds_snapshot
from ._functions import Functions, made_anew
from ._model import Context, Handler, Made, Unsupported
from ._rows import Row, rows
from ._send import Values, code_of, send, without
from ._tags import set_tags
from .rds_cluster import CLUSTERS
from .rds_deployment import DEPLOYMENTS
from .rds_instance import INSTANCES
from .rds_options import change_options, delete_options, option_group

ROWS = rows(
    {
        "AWS::RDS::DBSubnetGroup": Row(
            service="rds",
            create="CreateDBSubnetGroup",
            answer="DBSubnetGroup",
            id="DBSubnetGroupName",
            named="DBSubnetGroupName",
            limit=255,
            attributes={"DBSubnetGroupArn": "DBSubnetGroupArn"},
            unkept=("DBSubnetGroupName",),
            update="ModifyDBSubnetGroup",
            delete="DeleteDBSubnetGroup",
            delete_id="DBSubnetGroupName",
            gone=("DBSubnetGroupNotFoundFault",),
        ),
        "AWS::RDS::EventSubscription": Row(
            service="rds",
            create="CreateEventSubscription",
            answer="EventSubscription",
            id="CustSubscriptionId",
            named="SubscriptionName",
            limit=255,
            delete="DeleteEventSubscription",
            delete_id="SubscriptionName",
        ),
        "AWS::RDS::DBShardGroup": Row(
            service="rds",
            create="CreateDBShardGroup",
            id="DBShardGroupIdentifier",
            named="DBShardGroupIdentifier",
            attributes={
                "DBShardGroupArn": "DBShardGroupArn",
                "DBShardGroupResourceId": "DBShardGroupResourceId",
                "Endpoint": "Endpoint",
            },
            unkept=("DBShardGroupIdentifier", "DBClusterIdentifier"),
            update="ModifyDBShardGroup",
            delete="DeleteDBShardGroup",
            delete_id="DBShardGroupIdentifier",
            gone=("DBShardGroupNotFound",),
        ),
        "AWS::RDS::GlobalCluster": Row(
            service="rds",
            create="CreateGlobalCluster",
            answer="GlobalCluster",
            id="GlobalClusterIdentifier",
            named="GlobalClusterIdentifier",
            attributes={
                "GlobalEndpoint.Address": "Endpoint",
                "GlobalEndpoint": lambda _, __, database: {"Address": database["Endpoint"]},
                "GlobalClusterArn": "GlobalClusterArn",
            },
            update="ModifyGlobalCluster",
            delete="DeleteGlobalCluster",
            delete_id="GlobalClusterIdentifier",
            gone=("GlobalClusterNotFoundFault",),
        ),
    }
)


def _parameter_group(kind: str, name: str) -> Functions:
    """Parameter groups: CloudFormation takes a map, the API a list in a second call."""
    create, modify, delete = f"Create{kind}ParameterGroup", f"Modify{kind}ParameterGroup", f"Delete{kind}ParameterGroup"

    def make(context: Context, properties: Values) -> Made:
        physical = properties.get(name) or context.name(255)
        given = without(properties, name, "Parameters", "Family")
        parameters = {**given, name: physical, "DBParameterGroupFamily": properties["Family"]}
        send(context.client("rds"), create, parameters, context.dropped)
        put(context, physical, properties)
        kind_of = "cluster-pg" if "Cluster" in name else "pg"
        arn = f"arn:aws:rds:{context.region}:{context.account}:{kind_of}:{physical}"
        return Made(physical, {name: physical, f"{kind}ParameterGroupArn": arn})

    def put(context: Context, physical: str, properties: Values) -> None:
        wanted = [
            {"ParameterName": key, "ParameterValue": str(value), "ApplyMethod": "pending-reboot"}
            for key, value in properties.get("Parameters", {}).items()
        ]
        if wanted:
            send(context.client("rds"), modify, {name: physical, "Parameters": wanted})

    def change(context: Context, made: Made, before: Values, after: Values) -> Made:
        put(context, made.physical_id, after)
        gone = sorted(set(before.get("Parameters", {})) - set(after.get("Parameters", {})))
        if gone:
            raise Unsupported(f"{context.type}: resetting {', '.join(gone)} is not modelled here")
        if before.get("Tags") != after.get("Tags"):
            set_tags(context, "rds", made, before.get("Tags", []), after.get("Tags", []))
        return made

    def end(context: Context, made: Made, properties: Values) -> None:
        try:
            send(context.client("rds"), delete, {name: made.physical_id})
        except ClientError as error:
            if code_of(error) not in ("DBParameterGroupNotFound", "DBParameterGroupNotFoundFault"):
                raise

    return Functions(make, change, end)


HANDLERS: dict[str, Handler] = {
    **ROWS,
    **rds_proxy.HANDLERS,
    **rds_snapshot.HANDLERS,
    "AWS::RDS::DBInstance": INSTANCES,
    "AWS::RDS::Deployment": DEPLOYMENTS,
    "AWS::RDS::OptionGroup": Functions(option_group, change_options, delete_options),
    "AWS::RDS::DBCluster": CLUSTERS,
    "AWS::RDS::DBClusterParameterGroup": _parameter_group("DBCluster", "DBClusterParameterGroupName"),
    "AWS::RDS::DBParameterGroup": _parameter_group("DB", "DBParameterGroupName"),
    "AWS::RDS::EventSubscription": made_anew(ROWS["AWS::RDS::EventSubscription"], "SubscriptionName"),
}
