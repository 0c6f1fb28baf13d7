"""State Manager: associations, and the one runbook of AWS's that networks here run."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from ..errors import NotModelled, ServiceError
from ..wire import Call, Operation
from ._kept import Values


def _associations(call: Call) -> dict[str, Values]:
    regions: dict[str, dict[str, Values]] = call.state.setdefault("associations", {})
    return regions.setdefault(call.region, {})


def _close_default_group(call: Call, parameters: Values) -> None:
    """Takes all rules from a security group.

    https://docs.aws.amazon.com/systems-manager-automation-runbooks/latest/userguide/automation-aws-remove-default-secg-rules.html
    """
    ec2 = call.client("ec2")
    for group in parameters["GroupId"]:
        found = ec2.describe_security_groups(GroupIds=[group])["SecurityGroups"][0]
        if found["IpPermissions"]:
            ec2.revoke_security_group_ingress(GroupId=group, IpPermissions=found["IpPermissions"])
        if found["IpPermissionsEgress"]:
            ec2.revoke_security_group_egress(GroupId=group, IpPermissions=found["IpPermissionsEgress"])


RUNBOOKS: dict[str, Callable[[Call, Values], None]] = {
    "AWSConfigRemediation-RemoveVPCDefaultSecurityGroupRules": _close_default_group,
}


def _run(call: Call, association: Values) -> None:
    RUNBOOKS[association["Name"]](call, association.get("Parameters", {}))
    association["LastExecutionDate"] = datetime.now(UTC)
    association["Overview"] = {"Status": "Success", "DetailedStatus": "Success"}


def _known(name: str) -> None:
    if name not in RUNBOOKS:
        raise NotModelled("ssm", f"CreateAssociation of {name}")


def _create(call: Call) -> Values:
    _known(call.parameters["Name"])
    given = {name: value for name, value in call.parameters.items() if name != "Tags"}
    made: Values = {**given, "AssociationId": str(uuid.uuid4()), "AssociationVersion": "1", "Date": datetime.now(UTC)}
    _run(call, made)
    _associations(call)[made["AssociationId"]] = made
    return {"AssociationDescription": made}


def _find(call: Call) -> Values:
    wanted = call.parameters.get("AssociationId")
    if wanted not in _associations(call):
        raise ServiceError("AssociationDoesNotExist", f"Association {wanted} does not exist")
    return _associations(call)[wanted]


def _describe(call: Call) -> Values:
    return {"AssociationDescription": _find(call)}


def _update(call: Call) -> Values:
    found = _find(call)
    found |= {name: value for name, value in call.parameters.items() if name != "AssociationId"}
    found["AssociationVersion"] = str(int(found["AssociationVersion"]) + 1)
    _run(call, found)
    return {"AssociationDescription": found}


def _list(call: Call) -> Values:
    names = (
        "AssociationId",
        "AssociationName",
        "Name",
        "Overview",
        "LastExecutionDate",
        "ScheduleExpression",
        "Targets",
    )
    found: list[Any] = [{name: one[name] for name in names if name in one} for one in _associations(call).values()]
    return {"Associations": found}


def _delete(call: Call) -> Values:
    _associations(call).pop(_find(call)["AssociationId"])
    return {}


OPERATIONS: dict[str, Operation] = {
    "CreateAssociation": _create,
    "DescribeAssociation": _describe,
    "UpdateAssociation": _update,
    "ListAssociations": _list,
    "DeleteAssociation": _delete,
}
