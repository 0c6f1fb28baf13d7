"""Keys and their aliases."""

from __future__ import annotations

import json

from ._functions import Functions
from ._model import Context, Handler, Made
from ._send import Values, send, yes
from ._tags import pairs

RENAMED = {"KeyPolicy": "Policy"}
APART = ("EnableKeyRotation", "RotationPeriodInDays", "Enabled", "PendingWindowInDays", "Tags")


def _create(context: Context, properties: Values) -> Made:
    kms = context.client("kms")
    parameters = {RENAMED.get(name, name): value for name, value in properties.items() if name not in APART}
    parameters["Tags"] = [{"TagKey": k, "TagValue": v} for k, v in pairs(properties.get("Tags", [])).items()]
    key = send(kms, "CreateKey", parameters, context.dropped)["KeyMetadata"]
    _settings(context, key["KeyId"], {}, properties)
    return Made(key["KeyId"], {"Arn": key["Arn"], "KeyId": key["KeyId"]})


def _settings(context: Context, key: str, before: Values, after: Values) -> None:
    kms = context.client("kms")
    if yes(after.get("EnableKeyRotation", False)):
        period = {"RotationPeriodInDays": int(after["RotationPeriodInDays"])} if "RotationPeriodInDays" in after else {}
        kms.enable_key_rotation(KeyId=key, **period)
    elif yes(before.get("EnableKeyRotation", False)):
        kms.disable_key_rotation(KeyId=key)
    if not yes(after.get("Enabled", True)):
        kms.disable_key(KeyId=key)
    elif not yes(before.get("Enabled", True)):
        kms.enable_key(KeyId=key)


def _update(context: Context, made: Made, before: Values, after: Values) -> Made:
    kms = context.client("kms")
    if before.get("KeyPolicy") != after.get("KeyPolicy"):
        kms.put_key_policy(KeyId=made.physical_id, PolicyName="default", Policy=json.dumps(after["KeyPolicy"]))
    if before.get("Description") != after.get("Description"):
        kms.update_key_description(KeyId=made.physical_id, Description=after.get("Description", ""))
    _settings(context, made.physical_id, before, after)
    tags = [{"TagKey": k, "TagValue": v} for k, v in pairs(after.get("Tags", [])).items()]
    kms.tag_resource(KeyId=made.physical_id, Tags=tags)
    return made


def _delete(context: Context, made: Made, properties: Values) -> None:
    days = int(properties.get("PendingWindowInDays", 30))
    context.client("kms").schedule_key_deletion(KeyId=made.physical_id, PendingWindowInDays=days)


def _alias(context: Context, properties: Values) -> Made:
    kms = context.client("kms")
    kms.create_alias(AliasName=properties["AliasName"], TargetKeyId=properties["TargetKeyId"])
    return Made(properties["AliasName"], {"AliasName": properties["AliasName"]})


def _realias(context: Context, made: Made, before: Values, after: Values) -> Made:
    context.client("kms").update_alias(AliasName=made.physical_id, TargetKeyId=after["TargetKeyId"])
    return made


def _unalias(context: Context, made: Made, _: Values) -> None:
    context.client("kms").delete_alias(AliasName=made.physical_id)


HANDLERS: dict[str, Handler] = {
    "AWS::KMS::Key": Functions(_create, _update, _delete),
    "AWS::KMS::Alias": Functions(_alias, _realias, _unalias),
}
