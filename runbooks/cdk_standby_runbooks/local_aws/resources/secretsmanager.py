"""Secrets, their replicas in other Regions, and what ties them to a database."""

from __future__ import annotations

import json

from botocore.exceptions import ClientError

from ._functions import Functions, again
from ._model import Context, Handler, Made, Unsupported
from ._send import Values, code_of, is_map, send, without

TARGETS = {
    "AWS::RDS::DBCluster": ("describe_db_clusters", "DBClusterIdentifier", "DBClusters", "dbClusterIdentifier"),
    "AWS::RDS::DBInstance": ("describe_db_instances", "DBInstanceIdentifier", "DBInstances", "dbInstanceIdentifier"),
}


def _generated(context: Context, wish: Values) -> str:
    parameters = {
        name: value for name, value in wish.items() if name not in ("SecretStringTemplate", "GenerateStringKey")
    }
    password = send(context.client("secretsmanager"), "GetRandomPassword", parameters, context.dropped)[
        "RandomPassword"
    ]
    if "GenerateStringKey" not in wish:
        return str(password)
    return json.dumps({**json.loads(wish.get("SecretStringTemplate", "{}")), wish["GenerateStringKey"]: password})


def _create(context: Context, properties: Values) -> Made:
    parameters = without(properties, "GenerateSecretString", "ReplicaRegions")
    parameters["Name"] = properties.get("Name") or context.name(120, lower=False)
    if "GenerateSecretString" in properties:
        parameters["SecretString"] = _generated(context, properties["GenerateSecretString"])
    parameters.setdefault("SecretString", "")
    if properties.get("ReplicaRegions"):
        parameters["AddReplicaRegions"] = properties["ReplicaRegions"]
    arn = send(context.client("secretsmanager"), "CreateSecret", parameters, context.dropped)["ARN"]
    return Made(arn, {"Id": arn})


def _update(context: Context, made: Made, before: Values, after: Values) -> Made:
    secrets = context.client("secretsmanager")
    if before.get("GenerateSecretString") != after.get("GenerateSecretString"):
        raise Unsupported("AWS::SecretsManager::Secret: generating the secret anew is not modelled here")
    changed = {n: after[n] for n in ("Description", "KmsKeyId", "SecretString") if after.get(n) != before.get(n)}
    if changed:
        send(secrets, "UpdateSecret", {"SecretId": made.physical_id, **changed})
    old = {replica["Region"]: replica for replica in before.get("ReplicaRegions", [])}
    new = {replica["Region"]: replica for replica in after.get("ReplicaRegions", [])}
    if gone := sorted(set(old) - set(new)):
        secrets.remove_regions_from_replication(SecretId=made.physical_id, RemoveReplicaRegions=gone)
    if more := [replica for region, replica in new.items() if region not in old]:
        secrets.replicate_secret_to_regions(SecretId=made.physical_id, AddReplicaRegions=more)
    if after.get("Tags"):
        secrets.tag_resource(SecretId=made.physical_id, Tags=after["Tags"])
    return made


def _delete(context: Context, made: Made, properties: Values) -> None:
    secrets = context.client("secretsmanager")
    regions = [replica["Region"] for replica in properties.get("ReplicaRegions", [])]
    if regions:
        secrets.remove_regions_from_replication(SecretId=made.physical_id, RemoveReplicaRegions=regions)
    secrets.delete_secret(SecretId=made.physical_id, ForceDeleteWithoutRecovery=True)


def _attach(context: Context, properties: Values) -> Made:
    """Writes where the database is into the secret, as AWS does."""
    if properties["TargetType"] not in TARGETS:
        raise Unsupported(
            f"AWS::SecretsManager::SecretTargetAttachment: target {properties['TargetType']} is not modelled"
        )
    describe, by, many, key = TARGETS[properties["TargetType"]]
    secrets = context.client("secretsmanager")
    found = getattr(context.client("rds"), describe)(**{by: properties["TargetId"]})[many][0]
    endpoint = found["Endpoint"]
    host, port = (endpoint["Address"], endpoint["Port"]) if is_map(endpoint) else (endpoint, found["Port"])
    held = json.loads(secrets.get_secret_value(SecretId=properties["SecretId"])["SecretString"])
    engine = found["Engine"].removeprefix("aurora-").replace("postgresql", "postgres")
    held |= {"host": host, "port": port, "engine": engine, key: properties["TargetId"]}
    if found.get("DatabaseName") or found.get("DBName"):
        held["dbname"] = found.get("DatabaseName") or found.get("DBName")
    secrets.put_secret_value(SecretId=properties["SecretId"], SecretString=json.dumps(held))
    return Made(properties["SecretId"], {"Id": properties["SecretId"]})


def _policy(context: Context, properties: Values) -> Made:
    document = json.dumps(properties["ResourcePolicy"])
    context.client("secretsmanager").put_resource_policy(SecretId=properties["SecretId"], ResourcePolicy=document)
    return Made(properties["SecretId"], {"Id": properties["SecretId"]})


def _delete_policy(context: Context, made: Made, _: Values) -> None:
    try:
        context.client("secretsmanager").delete_resource_policy(SecretId=made.physical_id)
    except ClientError as error:
        if code_of(error) != "ResourceNotFoundException":
            raise


HANDLERS: dict[str, Handler] = {
    "AWS::SecretsManager::Secret": Functions(_create, _update, _delete),
    "AWS::SecretsManager::SecretTargetAttachment": Functions(_attach, again(_attach)),
    "AWS::SecretsManager::ResourcePolicy": Functions(_policy, again(_policy), _delete_policy),
}
