"""DB clusters: new, of a global database, or restored, as their properties say."""

from __future__ import annotations

from typing import Any

from botocore.exceptions import ClientError

from ._model import Context, Made, Unsupported
from ._rows import Row, RowHandler, unlike
from ._send import Values, code_of, differences, input_of, only, send, without
from ._tags import set_tags

LOGS = "EnableCloudwatchLogsExports"
# RDS takes it with a major upgrade only, and CloudFormation keeps it until then.
APART = ("DBInstanceParameterGroupName", "DeleteAutomatedBackups")
ROW = Row(
    service="rds",
    create="CreateDBCluster",
    answer="DBCluster",
    id="DBClusterIdentifier",
    named="DBClusterIdentifier",
    renames={
        "PerformanceInsightsEnabled": "EnablePerformanceInsights",
        "PerformanceInsightsKmsKeyId": "PerformanceInsightsKMSKeyId",
    },
    delete="DeleteDBCluster",
    delete_id="DBClusterIdentifier",
    delete_extra={"SkipFinalSnapshot": True},
    gone=("DBClusterNotFoundFault",),
)


class Clusters(RowHandler):
    """Makes a cluster by the operation that its properties ask for, and the rest of them by changing it."""

    def create(self, context: Context, properties: dict[str, Any]) -> Made:
        rds = context.client("rds")
        wanted = _parameters(properties)
        name = wanted.setdefault("DBClusterIdentifier", context.name())
        operation = _operation(properties)
        takes = set(input_of(rds, operation).members)
        later = set(input_of(rds, "ModifyDBCluster").members) - takes
        if operation == "CreateDBCluster":
            later = set[str]()
        first = {key: value for key, value in wanted.items() if key in takes}
        send(rds, operation, first)
        if then := {key: value for key, value in wanted.items() if key in later and key != "EngineVersion"}:
            send(rds, "ModifyDBCluster", {**then, "DBClusterIdentifier": name, "ApplyImmediately": True})
        told: Any = rds.describe_db_clusters(DBClusterIdentifier=name)["DBClusters"][0]
        self._compare(context, told, wanted, takes | later)
        attributes = {
            "Endpoint": told["Endpoint"],
            "Endpoint.Address": told["Endpoint"],
            "Endpoint.Port": str(told["Port"]),
            "ReadEndpoint.Address": str(told.get("ReaderEndpoint")),
            "DBClusterArn": told["DBClusterArn"],
            "DBClusterResourceId": told["DbClusterResourceId"],
            "MasterUserSecret.SecretArn": told.get("MasterUserSecret", {}).get("SecretArn", ""),
        }
        return Made(told["DBClusterIdentifier"], attributes)

    def update(self, context: Context, made: Made, before: dict[str, Any], after: dict[str, Any]) -> Made:
        changed, removed = differences(without(before, *APART, "Tags"), without(after, *APART, "Tags"))
        if removed:
            raise Unsupported(f"{context.type}: taking {', '.join(removed)} away is not modelled here")
        if changed:
            self._modify(context, made, before, changed, after)
        if before.get("Tags") != after.get("Tags"):
            set_tags(context, "rds", made, before.get("Tags", []), after.get("Tags", []))
        return made

    def delete(self, context: Context, made: Made, properties: dict[str, Any]) -> None:
        """As CloudFormation does: out of the global database first, then away."""
        rds = context.client("rds")
        arn = made.attributes["DBClusterArn"]
        mine = [{"Name": "db-cluster-id", "Values": [arn]}]
        for database in rds.describe_global_clusters(Filters=mine)["GlobalClusters"]:
            name = database["GlobalClusterIdentifier"]
            rds.remove_from_global_cluster(GlobalClusterIdentifier=name, DbClusterIdentifier=arn)
        given = {**ROW.delete_extra, **only(properties, "DeleteAutomatedBackups")}
        try:
            send(rds, ROW.delete, {ROW.delete_id: made.physical_id, **given})
        except ClientError as error:
            if code_of(error) not in ROW.gone:
                raise

    def _modify(self, context: Context, made: Made, before: Values, changed: Values, after: Values) -> None:
        rds = context.client("rds")
        sent = _parameters(without(changed, LOGS))
        if LOGS in changed:
            old, new = set(before.get(LOGS, [])), set(after[LOGS])
            sent["CloudwatchLogsExportConfiguration"] = {
                "EnableLogTypes": sorted(new - old),
                "DisableLogTypes": sorted(old - new),
            }
        strange = sorted(set(sent) - set(input_of(rds, "ModifyDBCluster").members))
        if strange:
            raise Unsupported(f"{context.type}: ModifyDBCluster cannot change {', '.join(strange)}")
        send(rds, "ModifyDBCluster", {**sent, "DBClusterIdentifier": made.physical_id, "ApplyImmediately": True})

    def _compare(self, context: Context, told: Values, wanted: Values, taken: set[str]) -> None:
        """What was declared and does not read back was dropped, by us or by AWS."""
        rds = context.client("rds")
        shape = rds.meta.service_model.operation_model("CreateDBCluster").output_shape.members["DBCluster"]
        for path in unlike(shape, without(wanted, "DBClusterIdentifier", "AvailabilityZones"), told):
            context.dropped(path)
        for unknown in sorted(set(wanted) - taken - set(shape.members)):
            context.dropped(unknown)


def _operation(properties: Values) -> str:
    if properties.get("SnapshotIdentifier"):
        return "RestoreDBClusterFromSnapshot"
    if properties.get("SourceDBClusterIdentifier") or properties.get("SourceDbClusterResourceId"):
        return "RestoreDBClusterToPointInTime"
    return "CreateDBCluster"


def _parameters(properties: Values) -> Values:
    given = {ROW.renames.get(name, name): value for name, value in without(properties, *APART).items() if value != ""}
    if "MasterUserSecret" in given:
        secret = given.pop("MasterUserSecret")
        given |= {"MasterUserSecretKmsKeyId": secret["KmsKeyId"]} if "KmsKeyId" in secret else {}
    return given


CLUSTERS = Clusters(ROW)
