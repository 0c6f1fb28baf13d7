"""Backup vaults, plans, and what the plans protect."""

from __future__ import annotations

from ._functions import Functions
from ._model import Context, Handler, Made
from ._send import Values, send, without

VAULT_PARTS = {
    "AccessPolicy": "PutBackupVaultAccessPolicy",
    "LockConfiguration": "PutBackupVaultLockConfiguration",
    "Notifications": "PutBackupVaultNotifications",
}


def _vault(context: Context, properties: Values) -> Made:
    parameters = without(properties, *VAULT_PARTS)
    vault = send(context.client("backup"), "CreateBackupVault", parameters, context.dropped)
    name = vault["BackupVaultName"]
    _parts(context, name, {}, properties)
    return Made(name, {"BackupVaultName": name, "BackupVaultArn": vault["BackupVaultArn"]})


def _parts(context: Context, name: str, before: Values, after: Values) -> None:
    backup, vault = context.client("backup"), {"BackupVaultName": name}
    for part, operation in VAULT_PARTS.items():
        if part in after and after[part] != before.get(part):
            given = {"Policy": after[part]} if part == "AccessPolicy" else after[part]
            send(backup, operation, {**vault, **given}, context.dropped)
        elif part in before and part not in after:
            send(backup, operation.replace("Put", "Delete"), vault)


def _update_vault(context: Context, made: Made, before: Values, after: Values) -> Made:
    _parts(context, made.physical_id, before, after)
    if after.get("BackupVaultTags"):
        arn = made.attributes["BackupVaultArn"]
        context.client("backup").tag_resource(ResourceArn=arn, Tags=after["BackupVaultTags"])
    return made


def _delete_vault(context: Context, made: Made, _: Values) -> None:
    context.client("backup").delete_backup_vault(BackupVaultName=made.physical_id)


def _plan_parameters(properties: Values) -> Values:
    plan = properties["BackupPlan"]
    rules = [
        {**without(rule, "TargetBackupVault"), "TargetBackupVaultName": rule["TargetBackupVault"]}
        for rule in plan["BackupPlanRule"]
    ]
    return {"BackupPlan": {**without(plan, "BackupPlanRule"), "Rules": rules}}


def _plan(context: Context, properties: Values) -> Made:
    parameters = {**_plan_parameters(properties), "BackupPlanTags": properties.get("BackupPlanTags")}
    plan = send(context.client("backup"), "CreateBackupPlan", parameters, context.dropped)
    return Made(plan["BackupPlanId"], {name: plan[name] for name in ("BackupPlanId", "BackupPlanArn", "VersionId")})


def _update_plan(context: Context, made: Made, before: Values, after: Values) -> Made:
    parameters = {**_plan_parameters(after), "BackupPlanId": made.physical_id}
    plan = send(context.client("backup"), "UpdateBackupPlan", parameters, context.dropped)
    return Made(made.physical_id, {**made.attributes, "VersionId": plan["VersionId"]})


def _delete_plan(context: Context, made: Made, _: Values) -> None:
    context.client("backup").delete_backup_plan(BackupPlanId=made.physical_id)


def _selection(context: Context, properties: Values) -> Made:
    selection = send(context.client("backup"), "CreateBackupSelection", properties, context.dropped)
    names = ("SelectionId", "BackupPlanId")
    return Made(
        selection["SelectionId"],
        {"Id": f"{selection['SelectionId']}_{selection['BackupPlanId']}", **{name: selection[name] for name in names}},
    )


def _delete_selection(context: Context, made: Made, properties: Values) -> None:
    plan = properties["BackupPlanId"]
    context.client("backup").delete_backup_selection(BackupPlanId=plan, SelectionId=made.physical_id)


HANDLERS: dict[str, Handler] = {
    "AWS::Backup::BackupVault": Functions(_vault, _update_vault, _delete_vault),
    "AWS::Backup::BackupPlan": Functions(_plan, _update_plan, _delete_plan),
    "AWS::Backup::BackupSelection": Functions(_selection, delete=_delete_selection),
}
