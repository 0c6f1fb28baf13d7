"""Databases: subnet and parameter groups, clusters, instances, global databases, event subscriptions."""

from __future__ import annotations

from collections.abc import Callable

from botocore.exceptions import ClientError

from ._functions import Functions, made_anew
from ._model import Context, Handler, Made, Unsupported
from ._rows import Row, rows
from ._send import Values, code_of, send, without
from .rds_instance import INSTANCES


def _port(_: Context, __: Values, cluster: Values) -> str:
    return str(cluster["Port"])


def _read_endpoint(_: Context, __: Values, cluster: Values) -> str:
    return str(cluster.get("ReaderEndpoint"))


def _no_restore(*sources: str) -> Callable[[Context, Values], Values]:
    """A database that should hold something must not come up empty."""

    def check(context: Context, properties: Values) -> Values:
        asked = [name for name in sources if properties.get(name)]
        if asked:
            raise Unsupported(f"{context.type}: {', '.join(asked)}: restoring and replicas are not modelled here")
        return properties

    return check


ROWS = rows(
    {
        "AWS::RDS::DBSubnetGroup": Row(
            service="rds",
            create="CreateDBSubnetGroup",
            answer="DBSubnetGroup",
            id="DBSubnetGroupName",
            named="DBSubnetGroupName",
            limit=255,
            unkept=("DBSubnetGroupName",),
            update="ModifyDBSubnetGroup",
            delete="DeleteDBSubnetGroup",
            delete_id="DBSubnetGroupName",
            gone=("DBSubnetGroupNotFoundFault",),
        ),
        "AWS::RDS::DBCluster": Row(
            service="rds",
            create="CreateDBCluster",
            answer="DBCluster",
            id="DBClusterIdentifier",
            named="DBClusterIdentifier",
            renames={
                "PerformanceInsightsEnabled": "EnablePerformanceInsights",
                "PerformanceInsightsKmsKeyId": "PerformanceInsightsKMSKeyId",
            },
            # RDS takes it with a major upgrade only, and CloudFormation keeps it until then.
            apart=("DBInstanceParameterGroupName",),
            shape=_no_restore("SnapshotIdentifier", "SourceDBClusterIdentifier", "RestoreType", "RestoreToTime"),
            unkept=("DBClusterIdentifier", "AvailabilityZones"),
            attributes={
                "Endpoint": "Endpoint",
                "Endpoint.Address": "Endpoint",
                "Endpoint.Port": _port,
                "ReadEndpoint.Address": _read_endpoint,
                "DBClusterArn": "DBClusterArn",
                "DBClusterResourceId": "DbClusterResourceId",
            },
            update="ModifyDBCluster",
            update_extra={"ApplyImmediately": True},
            delete="DeleteDBCluster",
            delete_id="DBClusterIdentifier",
            delete_extra={"SkipFinalSnapshot": True},
            gone=("DBClusterNotFoundFault",),
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
        return Made(physical, {name: physical})

    def put(context: Context, physical: str, properties: Values) -> None:
        wanted = [
            {"ParameterName": key, "ParameterValue": str(value), "ApplyMethod": "pending-reboot"}
            for key, value in properties.get("Parameters", {}).items()
        ]
        if wanted:
            send(context.client("rds"), modify, {name: physical, "Parameters": wanted})

    def change(context: Context, made: Made, before: Values, after: Values) -> Made:
        put(context, made.physical_id, after)
        return made

    def end(context: Context, made: Made, properties: Values) -> None:
        try:
            send(context.client("rds"), delete, {name: made.physical_id})
        except ClientError as error:
            if code_of(error) not in ("DBParameterGroupNotFound", "DBParameterGroupNotFoundFault"):
                raise

    return Functions(make, change, end)


def _option_group(context: Context, properties: Values) -> Made:
    name = properties.get("OptionGroupName") or context.name(255)
    rds = context.client("rds")
    send(rds, "CreateOptionGroup", {**without(properties, "OptionConfigurations"), "OptionGroupName": name})
    _options(context, name, [], properties.get("OptionConfigurations", []))
    return Made(name.lower(), {})


def _options(context: Context, name: str, before: list[Values], after: list[Values]) -> None:
    wanted = {option["OptionName"] for option in after}
    gone = sorted(option["OptionName"] for option in before if option["OptionName"] not in wanted)
    if after or gone:
        change = {"OptionsToInclude": after, "OptionsToRemove": gone}
        given = {key: value for key, value in change.items() if value}
        sent = {"OptionGroupName": name, **given, "ApplyImmediately": True}
        send(context.client("rds"), "ModifyOptionGroup", sent, context.dropped)


def _change_options(context: Context, made: Made, before: Values, after: Values) -> Made:
    _options(context, made.physical_id, before.get("OptionConfigurations", []), after.get("OptionConfigurations", []))
    if before.get("Tags") != after.get("Tags"):
        context.dropped("Tags")
    return made


def _delete_options(context: Context, made: Made, _: Values) -> None:
    context.client("rds").delete_option_group(OptionGroupName=made.physical_id)


def _delete_cluster(context: Context, made: Made, properties: Values) -> None:
    """As CloudFormation does: out of the global database first, then away."""
    rds = context.client("rds")
    arn = made.attributes["DBClusterArn"]
    found = rds.describe_global_clusters(Filters=[{"Name": "db-cluster-id", "Values": [arn]}])["GlobalClusters"]
    for database in found:
        name = database["GlobalClusterIdentifier"]
        rds.remove_from_global_cluster(GlobalClusterIdentifier=name, DbClusterIdentifier=arn)
    CLUSTER.delete(context, made, properties)


CLUSTER = ROWS["AWS::RDS::DBCluster"]

HANDLERS: dict[str, Handler] = {
    **ROWS,
    "AWS::RDS::DBInstance": INSTANCES,
    "AWS::RDS::OptionGroup": Functions(_option_group, _change_options, _delete_options),
    "AWS::RDS::DBCluster": Functions(CLUSTER.create, CLUSTER.update, _delete_cluster),
    "AWS::RDS::DBClusterParameterGroup": _parameter_group("DBCluster", "DBClusterParameterGroupName"),
    "AWS::RDS::DBParameterGroup": _parameter_group("DB", "DBParameterGroupName"),
    "AWS::RDS::EventSubscription": made_anew(ROWS["AWS::RDS::EventSubscription"], "SubscriptionName"),
}
