"""Says before a deployment what it would change, and refuses what cannot be deployed honestly."""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import replace
from typing import Any

from ..errors import ServiceError
from . import schemas
from .intrinsics import Evaluator, World
from .shapes import is_list
from .store import Resource, Stack
from .template import Template, in_order, invalid

IAM = {
    f"AWS::IAM::{kind}"
    for kind in (
        "AccessKey",
        "Group",
        "InstanceProfile",
        "ManagedPolicy",
        "Policy",
        "Role",
        "User",
        "UserToGroupAddition",
    )
}
IAM_NAMES = ("GroupName", "InstanceProfileName", "ManagedPolicyName", "RoleName", "UserName")
UNKNOWN = "{{changeSet:KNOWN_AFTER_APPLY}}"


class Preview(Evaluator):
    """Evaluates what can be known before the deployment."""

    def __init__(self, template: Template, world: World, resources: Mapping[str, Resource]) -> None:
        def dynamic(text: str) -> str:
            return text if UNKNOWN in text else world.dynamic(text)

        super().__init__(template, replace(world, dynamic=dynamic), resources)
        self.replaced: set[str] = set()

    def ref(self, name: str) -> Any:
        if name in self.template.resources and (name in self.replaced or name not in self.resources):
            return UNKNOWN
        return super().ref(name)

    def attribute(self, name: str, attribute: Any) -> Any:
        if name in self.template.resources and (name in self.replaced or name not in self.resources):
            return UNKNOWN
        return super().attribute(name, attribute)

    def list_of(self, given: Any, function: str) -> list[Any]:
        found = self.value(given)
        # `Fn::Split` of what is not known yet has one part; how many it will have is not known either.
        split = [found] if isinstance(found, str) else found
        unknown = is_list(split) and len(split) == 1 and UNKNOWN in str(split[0])
        return [UNKNOWN] * 256 if unknown else super().list_of(found, function)

    def cidr(self, argument: Any) -> list[str]:
        return [UNKNOWN] * 256 if UNKNOWN in str(self.value(argument[0])) else super().cidr(argument)


def refuse_dishonest(wanted: Mapping[str, dict[str, Any]], modelled: Container[str], region: str) -> None:
    """Raise, with every name, for types that nobody models and properties that AWS does not know."""
    unmodelled = sorted({str(body["Type"]) for body in wanted.values() if body["Type"] not in modelled})
    found = [f"types that this local AWS does not model: {', '.join(unmodelled)}"] if unmodelled else []
    for name, body in wanted.items():
        if body["Type"] in modelled:
            found += schemas.problems(name, body["Type"], body.get("Properties", {}), region)
        allowed = {"Delete", "Retain", "RetainExceptOnCreate", "Snapshot"}
        for policy in ("DeletionPolicy", "UpdateReplacePolicy"):
            if body.get(policy, "Delete") not in allowed:
                found.append(f"{name}: {policy} is {body[policy]}; allowed: {', '.join(sorted(allowed))}")
    if found:
        raise invalid("; ".join(found))


def refuse_without_capabilities(wanted: Mapping[str, dict[str, Any]], given: Container[str]) -> None:
    """Raise where a template makes IAM resources and the caller did not say that it knows.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateStack.html
    """
    makes = [body for body in wanted.values() if body["Type"] in IAM]
    named = any(name in body.get("Properties", {}) for body in makes for name in IAM_NAMES)
    enough = ["CAPABILITY_NAMED_IAM"] if named else ["CAPABILITY_IAM", "CAPABILITY_NAMED_IAM"]
    if makes and not any(capability in given for capability in enough):
        raise ServiceError("InsufficientCapabilitiesException", f"Requires capabilities : [{enough[0]}]")


def changes(stack: Stack, preview: Preview) -> list[dict[str, Any]]:
    """CloudFormation's `Changes` of a change set."""
    wanted = preview.wanted("Resources")
    found: list[dict[str, Any]] = []
    for name in in_order(wanted):
        body, current = wanted[name], stack.resources.get(name)
        after = preview.value(body.get("Properties", {}))
        if current is None:
            found.append(_change("Add", name, body["Type"]))
            continue
        if after == current.properties and body == current.body:
            continue
        names = sorted(k for k in {*after, *current.properties} if after.get(k) != current.properties.get(k))
        by = schemas.replaces(current.type, current.properties, after, stack.region)
        if by:
            preview.replaced.add(name)
        details = [
            _detail(key, "Always" if any(path.split(".")[0] == key for path in by) else "Never") for key in names
        ]
        more = {
            "PhysicalResourceId": current.made.physical_id,
            "Replacement": "True" if by else "False",
            "Scope": ["Properties"] if names else ["Metadata"],
            "Details": details,
        }
        found.append(_change("Modify", name, body["Type"], **more))
    for name, resource in stack.resources.items():
        if name not in wanted:
            policy = {"Retain": "Retain", "Snapshot": "Snapshot"}.get(resource.policy("DeletionPolicy"), "Delete")
            more = {"PhysicalResourceId": resource.made.physical_id, "PolicyAction": policy}
            found.append(_change("Remove", name, resource.type, **more))
    return found


def _change(action: str, name: str, type: str, **more: Any) -> dict[str, Any]:
    change: dict[str, Any] = {
        "Action": action,
        "LogicalResourceId": name,
        "ResourceType": type,
        "Scope": [],
        "Details": [],
        **more,
    }
    return {"Type": "Resource", "ResourceChange": change}


def _detail(name: str, recreation: str) -> dict[str, Any]:
    target = {"Attribute": "Properties", "Name": name, "RequiresRecreation": recreation}
    return {"Target": target, "Evaluation": "Static", "ChangeSource": "DirectModification"}
