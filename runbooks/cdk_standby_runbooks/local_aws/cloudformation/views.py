"""Stacks, change sets and events in the shapes of CloudFormation's API."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .store import ChangeSet, Event, Resource, Stack
from .template import Template


def stack(found: Stack) -> dict[str, Any]:
    """As `DescribeStacks` gives it."""
    return {
        **summary(found),
        "Description": found.description or None,
        "Parameters": _parameters(found.template, found.given, found.resolved),
        "Outputs": found.outputs,
        "Tags": _tags(found.tags),
        "Capabilities": found.capabilities,
        "NotificationARNs": found.notifications,
        "RoleARN": found.role or None,
        "EnableTerminationProtection": found.protected,
        "DisableRollback": False,
        "RollbackConfiguration": {},
    }


def summary(found: Stack) -> dict[str, Any]:
    """As `ListStacks` gives it."""
    return {
        "StackId": found.id,
        "StackName": found.name,
        "StackStatus": found.status,
        "StackStatusReason": found.reason or None,
        "CreationTime": found.created,
        "LastUpdatedTime": found.updated,
        "DeletionTime": found.deleted,
        "DriftInformation": {"StackDriftStatus": "NOT_CHECKED"},
    }


def change_set(owner: Stack, found: ChangeSet) -> dict[str, Any]:
    """As `DescribeChangeSet` gives it; `ListChangeSets` gives a part of it."""
    return {
        "ChangeSetName": found.name,
        "ChangeSetId": found.id,
        "StackId": owner.id,
        "StackName": owner.name,
        "Description": found.request.get("Description"),
        "Parameters": _parameters(found.template, found.parameters, {}),
        "Tags": _tags(found.tags),
        "Capabilities": found.request.get("Capabilities", []),
        "CreationTime": found.created,
        "Status": found.status,
        "StatusReason": found.reason or None,
        "ExecutionStatus": found.execution,
        "Changes": found.changes,
        "IncludeNestedStacks": False,
    }


def event(owner: Stack, found: Event) -> dict[str, Any]:
    """As `DescribeStackEvents` gives it."""
    return {
        "StackId": owner.id,
        "EventId": found.id,
        "StackName": owner.name,
        "LogicalResourceId": found.logical_id,
        "PhysicalResourceId": found.physical_id,
        "ResourceType": found.type,
        "Timestamp": found.at,
        "ResourceStatus": found.status,
        "ResourceStatusReason": found.reason or None,
        "ClientRequestToken": found.token or None,
    }


def operation_event(owner: Stack, found: Event) -> dict[str, Any]:
    """As the newer `DescribeEvents` gives it."""
    kind = "PROVISIONING_ERROR" if found.status.endswith("_FAILED") else "STACK_EVENT"
    told = event(owner, found)
    del told["StackName"]
    return {**told, "EventType": kind, "OperationId": found.token or owner.id}


def resource(owner: Stack, found: Resource) -> dict[str, Any]:
    """As `DescribeStackResources` and, with less, `ListStackResources` give it."""
    return {
        "StackName": owner.name,
        "StackId": owner.id,
        "LogicalResourceId": found.logical_id,
        "PhysicalResourceId": found.made.physical_id,
        "ResourceType": found.type,
        "ResourceStatus": found.status,
        "ResourceStatusReason": found.reason or None,
        "Timestamp": found.changed,
        "LastUpdatedTimestamp": found.changed,
        "DriftInformation": {"StackResourceDriftStatus": "NOT_CHECKED"},
    }


def template_summary(template: Template) -> dict[str, Any]:
    """As `GetTemplateSummary` gives it."""
    parameters = [
        {
            "ParameterKey": name,
            "ParameterType": spec["Type"],
            "DefaultValue": None if "Default" not in spec else str(spec["Default"]),
            "NoEcho": bool(spec.get("NoEcho", False)),
            "Description": spec.get("Description"),
        }
        for name, spec in template.section("Parameters").items()
    ]
    types = sorted({body["Type"] for body in template.resources.values()})
    return {"Parameters": parameters, "ResourceTypes": types, "Description": template.raw.get("Description")}


def _parameters(text: str, given: Mapping[str, str], resolved: Mapping[str, str]) -> list[dict[str, Any]]:
    if not text:
        return []
    declared = Template.parse(text).section("Parameters")
    shown: list[dict[str, Any]] = []
    for name, spec in declared.items():
        value = "****" if spec.get("NoEcho") else str(given.get(name, spec.get("Default", "")))
        row = {"ParameterKey": name, "ParameterValue": value}
        if spec["Type"].startswith("AWS::SSM::") and name in resolved:
            row["ResolvedValue"] = resolved[name]
        shown.append(row)
    return shown


def _tags(tags: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"Key": key, "Value": value} for key, value in tags.items()]
