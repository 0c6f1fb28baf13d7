"""AWS Backup: vaults with their locks, plans with their copies, and selections, kept as told.

No schedule runs here. A job is refused, for a recovery point that restores nothing would be a lie.
"""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

from ..errors import ServiceError
from ..wire import Call, Operation
from ._kept import Values, refuse_the_rest

DEFAULT_KEY = "arn:aws:kms:{region}:{account}:key/aws-backup"


def _store(call: Call, kind: str) -> dict[str, Values]:
    regions: dict[str, dict[str, Values]] = call.state.setdefault(kind, {})
    return regions.setdefault(call.region, {})


def _missing(what: str) -> ServiceError:
    return ServiceError("ResourceNotFoundException", f"{what} does not exist")


def _vault(call: Call) -> Values:
    name = call.parameters["BackupVaultName"]
    if name not in _store(call, "vaults"):
        raise _missing(f"Backup vault {name}")
    return _store(call, "vaults")[name]


def _create_vault(call: Call) -> Values:
    name = call.parameters["BackupVaultName"]
    if name in _store(call, "vaults"):
        raise ServiceError("AlreadyExistsException", f"Backup vault with the same name already exists: {name}")
    key = call.parameters.get("EncryptionKeyArn") or DEFAULT_KEY.format(region=call.region, account=call.account)
    made: Values = {
        "BackupVaultName": name,
        "BackupVaultArn": f"arn:aws:backup:{call.region}:{call.account}:backup-vault:{name}",
        "EncryptionKeyArn": key,
        "CreationDate": datetime.now(UTC),
        "VaultType": "BACKUP_VAULT",
        "VaultState": "AVAILABLE",
        "Locked": False,
        "NumberOfRecoveryPoints": 0,
        "parts": {},
    }
    _store(call, "vaults")[name] = made
    _store(call, "tags")[made["BackupVaultArn"]] = dict(call.parameters.get("BackupVaultTags", {}))
    return {name: made[name] for name in ("BackupVaultName", "BackupVaultArn", "CreationDate")}


def _describe_vault(call: Call) -> Values:
    return _shown(_vault(call))


def _shown(vault: Values) -> Values:
    return {name: value for name, value in vault.items() if name[0].isupper()}


def _list_vaults(call: Call) -> Values:
    return {"BackupVaultList": [_shown(vault) for vault in _store(call, "vaults").values()]}


def _delete_vault(call: Call) -> Values:
    vault = _vault(call)
    # Recovery points are what holds a vault back, and there are none here.
    _store(call, "vaults").pop(vault["BackupVaultName"])
    return {}


def _lock(call: Call) -> Values:
    """PutBackupVaultLockConfiguration: after its days of grace nobody can change it."""
    vault, given = _vault(call), call.parameters
    if vault.get("LockDate") and vault["LockDate"] <= datetime.now(UTC):
        raise ServiceError("InvalidRequestException", "The vault lock is immutable")
    low, high = given.get("MinRetentionDays"), given.get("MaxRetentionDays")
    if low and high and low > high:
        raise ServiceError("InvalidParameterValueException", "MinRetentionDays is more than MaxRetentionDays")
    days = given.get("ChangeableForDays")
    if days is not None and days < 3:
        raise ServiceError("InvalidParameterValueException", "ChangeableForDays must be 3 or more")
    vault |= {name: given[name] for name in ("MinRetentionDays", "MaxRetentionDays") if name in given}
    vault["Locked"] = True
    vault["LockDate"] = datetime.now(UTC) + timedelta(days=days) if days is not None else None
    return {}


def _unlock(call: Call) -> Values:
    vault = _vault(call)
    if vault.get("LockDate") and vault["LockDate"] <= datetime.now(UTC):
        raise ServiceError("InvalidRequestException", "The vault lock is immutable")
    for name in ("MinRetentionDays", "MaxRetentionDays", "LockDate"):
        vault.pop(name, None)
    vault["Locked"] = False
    return {}


def _put_part(part: str, *names: str) -> Operation:
    def put(call: Call) -> Values:
        _vault(call)["parts"][part] = {name: call.parameters[name] for name in names if name in call.parameters}
        return {}

    return put


def _get_part(part: str) -> Operation:
    def get(call: Call) -> Values:
        vault = _vault(call)
        if part not in vault["parts"]:
            raise _missing(f"The {part} of backup vault {vault['BackupVaultName']}")
        return {**{n: vault[n] for n in ("BackupVaultName", "BackupVaultArn")}, **vault["parts"][part]}

    return get


def _delete_part(part: str) -> Operation:
    def delete(call: Call) -> Values:
        _vault(call)["parts"].pop(part, None)
        return {}

    return delete


def _plan(call: Call) -> Values:
    id = call.parameters["BackupPlanId"]
    if id not in _store(call, "plans"):
        raise _missing(f"Backup plan {id}")
    return _store(call, "plans")[id]


def _written(call: Call) -> Values:
    """A plan as asked for; its rules need a vault that is here, and copies a vault that is there."""
    plan = call.parameters["BackupPlan"]
    for rule in plan["Rules"]:
        if rule["TargetBackupVaultName"] not in _store(call, "vaults"):
            raise ServiceError(
                "InvalidParameterValueException", f"Backup vault {rule['TargetBackupVaultName']} does not exist"
            )
        for copy in rule.get("CopyActions", []):
            if ":backup-vault:" not in copy["DestinationBackupVaultArn"]:
                raise ServiceError(
                    "InvalidParameterValueException", f"{copy['DestinationBackupVaultArn']} is no vault's ARN"
                )
    rules: list[Any] = [{"RuleId": str(uuid.uuid4()), **rule} for rule in plan["Rules"]]
    return {**plan, "Rules": rules}


def _create_plan(call: Call) -> Values:
    id, version = str(uuid.uuid4()), uuid.uuid4().hex
    arn = f"arn:aws:backup:{call.region}:{call.account}:backup-plan:{id}"
    made = {"BackupPlanId": id, "BackupPlanArn": arn, "VersionId": version, "CreationDate": datetime.now(UTC)}
    _store(call, "plans")[id] = {**made, "BackupPlan": _written(call), "selections": {}}
    _store(call, "tags")[arn] = dict(call.parameters.get("BackupPlanTags", {}))
    return made


def _update_plan(call: Call) -> Values:
    plan = _plan(call)
    plan |= {"BackupPlan": _written(call), "VersionId": uuid.uuid4().hex}
    return {name: plan[name] for name in ("BackupPlanId", "BackupPlanArn", "VersionId", "CreationDate")}


def _get_plan(call: Call) -> Values:
    return _shown(_plan(call))


def _list_plans(call: Call) -> Values:
    names = ("BackupPlanId", "BackupPlanArn", "VersionId", "CreationDate")
    found = [
        {**{name: plan[name] for name in names}, "BackupPlanName": plan["BackupPlan"]["BackupPlanName"]}
        for plan in _store(call, "plans").values()
    ]
    return {"BackupPlansList": found}


def _delete_plan(call: Call) -> Values:
    plan = _plan(call)
    if plan["selections"]:
        message = "Related backup plan selections must be deleted prior to backup plan deletion"
        raise ServiceError("InvalidRequestException", message)
    _store(call, "plans").pop(plan["BackupPlanId"])
    return {name: plan[name] for name in ("BackupPlanId", "BackupPlanArn", "VersionId")}


def _select(call: Call) -> Values:
    plan, id = _plan(call), str(uuid.uuid4())
    made = {"SelectionId": id, "BackupPlanId": plan["BackupPlanId"], "CreationDate": datetime.now(UTC)}
    plan["selections"][id] = {**made, "BackupSelection": call.parameters["BackupSelection"]}
    return made


def _get_selection(call: Call) -> Values:
    id = call.parameters["SelectionId"]
    if id not in _plan(call)["selections"]:
        raise _missing(f"Backup selection {id}")
    found: Values = _plan(call)["selections"][id]
    return found


def _list_selections(call: Call) -> Values:
    found = [
        {
            **{name: one[name] for name in ("SelectionId", "BackupPlanId", "CreationDate")},
            **{name: one["BackupSelection"][name] for name in ("SelectionName", "IamRoleArn")},
        }
        for one in _plan(call)["selections"].values()
    ]
    return {"BackupSelectionsList": found}


def _deselect(call: Call) -> Values:
    _get_selection(call)
    _plan(call)["selections"].pop(call.parameters["SelectionId"])
    return {}


def _tags(call: Call) -> Values:
    return {"Tags": _store(call, "tags").get(call.parameters["ResourceArn"], {})}


def _tag(call: Call) -> Values:
    _store(call, "tags").setdefault(call.parameters["ResourceArn"], {}).update(call.parameters["Tags"])
    return {}


def _untag(call: Call) -> Values:
    for key in call.parameters["TagKeyList"]:
        _store(call, "tags").get(call.parameters["ResourceArn"], {}).pop(key, None)
    return {}


MODELLED: dict[str, Operation] = {
    "CreateBackupVault": _create_vault,
    "DescribeBackupVault": _describe_vault,
    "ListBackupVaults": _list_vaults,
    "DeleteBackupVault": _delete_vault,
    "PutBackupVaultLockConfiguration": _lock,
    "DeleteBackupVaultLockConfiguration": _unlock,
    "PutBackupVaultAccessPolicy": _put_part("access policy", "Policy"),
    "GetBackupVaultAccessPolicy": _get_part("access policy"),
    "DeleteBackupVaultAccessPolicy": _delete_part("access policy"),
    "PutBackupVaultNotifications": _put_part("notifications", "SNSTopicArn", "BackupVaultEvents"),
    "GetBackupVaultNotifications": _get_part("notifications"),
    "DeleteBackupVaultNotifications": _delete_part("notifications"),
    "CreateBackupPlan": _create_plan,
    "UpdateBackupPlan": _update_plan,
    "GetBackupPlan": _get_plan,
    "ListBackupPlans": _list_plans,
    "DeleteBackupPlan": _delete_plan,
    "CreateBackupSelection": _select,
    "GetBackupSelection": _get_selection,
    "ListBackupSelections": _list_selections,
    "DeleteBackupSelection": _deselect,
    "ListTags": _tags,
    "TagResource": _tag,
    "UntagResource": _untag,
}

OPERATIONS = refuse_the_rest("backup", MODELLED)
