"""Option groups: kept as told, for the emulator knows engines of years ago only.

Which options an engine has is not checked: an option that RDS refuses is taken here.
"""

from __future__ import annotations

from typing import Any

from ...errors import ServiceError
from ...wire import Call
from . import tags

Values = dict[str, Any]
DEFAULT = "default:"


def _groups(call: Call) -> dict[str, Values]:
    everything: dict[str, dict[str, Values]] = call.state.setdefault("option groups", {})
    return everything.setdefault(call.region, {})


def find(call: Call, name: str) -> Values:
    """One group, by any spelling of its name."""
    if name.lower() not in _groups(call):
        raise ServiceError("OptionGroupNotFoundFault", f"Specified OptionGroupName: {name} not found.", 404)
    return _groups(call)[name.lower()]


def create(call: Call) -> Values:
    """CreateOptionGroup."""
    given = call.parameters
    name = given["OptionGroupName"].lower()
    if name in _groups(call):
        raise ServiceError("OptionGroupAlreadyExistsFault", f"An option group named {name} already exists.")
    group: Values = {
        "OptionGroupName": name,
        "OptionGroupDescription": given["OptionGroupDescription"],
        "EngineName": given["EngineName"],
        "MajorEngineVersion": given["MajorEngineVersion"],
        "Options": [],
        "AllowsVpcAndNonVpcInstanceMemberships": True,
        "OptionGroupArn": f"arn:aws:rds:{call.region}:{call.account}:og:{name}",
    }
    _groups(call)[name] = group
    tags.put(call, group["OptionGroupArn"], given.get("Tags", []))
    return {"OptionGroup": group}


def describe(call: Call) -> Values:
    """DescribeOptionGroups."""
    if wanted := call.parameters.get("OptionGroupName"):
        return {"OptionGroupsList": [find(call, wanted)]}
    told: list[Any] = list(_groups(call).values())
    return {"OptionGroupsList": told}


def modify(call: Call) -> Values:
    """ModifyOptionGroup: options by name."""
    group, given = find(call, call.parameters["OptionGroupName"]), call.parameters
    options = {option["OptionName"]: option for option in group["Options"]}
    for name in given.get("OptionsToRemove", []):
        options.pop(name, None)
    for wanted in given.get("OptionsToInclude", []):
        options[wanted["OptionName"]] = _option(wanted)
    group["Options"] = list(options.values())
    return {"OptionGroup": group}


def _option(wanted: Values) -> Values:
    told = {name: value for name, value in wanted.items() if name != "VpcSecurityGroupMemberships"}
    groups: list[Any] = [
        {"VpcSecurityGroupId": id, "Status": "active"} for id in wanted.get("VpcSecurityGroupMemberships", [])
    ]
    return {**told, **({"VpcSecurityGroupMemberships": groups} if groups else {})}


def delete(call: Call) -> Values:
    """DeleteOptionGroup: not while an instance uses it."""
    group = find(call, call.parameters["OptionGroupName"])
    name = group["OptionGroupName"]
    instances: dict[str, Values] = call.state.get("instances", {})
    memberships = [
        member["OptionGroupName"]
        for key, one in instances.items()
        if key.startswith(f"{call.region}/")
        for member in one.get("OptionGroupMemberships", [])
    ]
    if name in memberships:
        message = f"The option group '{name}' cannot be deleted because it is in use."
        raise ServiceError("InvalidOptionGroupStateFault", message)
    del _groups(call)[name]
    tags.forget(call, group["OptionGroupArn"])
    return {}


def membership(call: Call, name: str, engine: str, version: str) -> list[Values]:
    """An instance's place in a group, which must be one for its engine and major version."""
    if not name.startswith(DEFAULT):
        group = find(call, name)
        major = group["MajorEngineVersion"]
        if group["EngineName"] != engine or not f"{version}.".startswith(f"{major}."):
            message = f"The option group {name} is for {group['EngineName']} {major}, not for {engine} {version}."
            raise ServiceError("InvalidParameterCombination", message)
    return [{"OptionGroupName": name.lower(), "Status": "in-sync"}]
