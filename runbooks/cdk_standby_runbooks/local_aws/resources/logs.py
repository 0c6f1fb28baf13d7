"""Log groups."""

from __future__ import annotations

from ._functions import Functions
from ._model import Context, Handler, Made
from ._send import Values
from ._tags import pairs

KNOWN = ("LogGroupName", "RetentionInDays", "KmsKeyId", "Tags", "LogGroupClass", "DeletionProtectionEnabled")


def _create(context: Context, properties: Values) -> Made:
    logs = context.client("logs")
    name = properties.get("LogGroupName") or context.name(512, lower=False)
    more = {"kmsKeyId": properties.get("KmsKeyId"), "tags": pairs(properties.get("Tags", []))}
    logs.create_log_group(logGroupName=name, **{key: value for key, value in more.items() if value})
    _retain(context, name, properties)
    for unknown in sorted(set(properties) - set(KNOWN)):
        context.dropped(unknown)
    return Made(name, {"Arn": f"arn:aws:logs:{context.region}:{context.account}:log-group:{name}:*"})


def _retain(context: Context, name: str, properties: Values) -> None:
    logs = context.client("logs")
    if "RetentionInDays" in properties:
        logs.put_retention_policy(logGroupName=name, retentionInDays=int(properties["RetentionInDays"]))
    else:
        logs.delete_retention_policy(logGroupName=name)


def _update(context: Context, made: Made, before: Values, after: Values) -> Made:
    _retain(context, made.physical_id, after)
    logs = context.client("logs")
    if after.get("KmsKeyId") and after["KmsKeyId"] != before.get("KmsKeyId"):
        logs.associate_kms_key(logGroupName=made.physical_id, kmsKeyId=after["KmsKeyId"])
    if after.get("Tags"):
        arn = made.attributes["Arn"].removesuffix(":*")
        logs.tag_resource(resourceArn=arn, tags=pairs(after["Tags"]))
    return made


def _delete(context: Context, made: Made, _: Values) -> None:
    context.client("logs").delete_log_group(logGroupName=made.physical_id)


HANDLERS: dict[str, Handler] = {"AWS::Logs::LogGroup": Functions(_create, _update, _delete)}
