"""The part of CloudFormation's API that changes nothing."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import unquote, urlsplit

from botocore.exceptions import ClientError

from ..errors import ServiceError
from ..wire import Call, Operation
from . import views
from .store import ChangeSet, Stack, Store
from .template import Template, invalid

VIRTUAL_HOST = re.compile(r"(?P<bucket>.+)\.s3[.-]([a-z0-9-]+\.)?amazonaws\.com")


def operations(store: Store) -> dict[str, Operation]:
    """By name."""

    def stack_of(call: Call) -> Stack:
        return store.get(call.region, call.parameters["StackName"])

    def describe_stacks(call: Call) -> dict[str, Any]:
        if call.parameters.get("StackName"):
            return {"Stacks": [views.stack(stack_of(call))]}
        return {"Stacks": [views.stack(stack) for stack in store.living(call.region)]}

    def list_stacks(call: Call) -> dict[str, Any]:
        wanted = set(call.parameters.get("StackStatusFilter", []))
        found = [stack for stack in store.stacks if stack.region == call.region]
        return {"StackSummaries": [views.summary(s) for s in reversed(found) if not wanted or s.status in wanted]}

    def events(call: Call) -> dict[str, Any]:
        stack = stack_of(call)
        return {"StackEvents": [views.event(stack, event) for event in reversed(stack.events)]}

    def operation_events(call: Call) -> dict[str, Any]:
        if not call.parameters.get("StackName"):
            return {"OperationEvents": []}
        stack, only_failed = stack_of(call), call.parameters.get("Filters", {}).get("FailedEvents")
        if call.parameters.get("ChangeSetName"):
            return {"OperationEvents": []}
        found = [e for e in reversed(stack.events) if not only_failed or e.status.endswith("_FAILED")]
        return {"OperationEvents": [views.operation_event(stack, event) for event in found]}

    def describe_resources(call: Call) -> dict[str, Any]:
        stack, only = stack_of(call), call.parameters.get("LogicalResourceId")
        found = [r for r in stack.resources.values() if only in (None, r.logical_id)]
        return {"StackResources": [views.resource(stack, resource) for resource in found]}

    def describe_resource(call: Call) -> dict[str, Any]:
        stack, name = stack_of(call), call.parameters["LogicalResourceId"]
        if name not in stack.resources:
            raise invalid(f"Resource {name} does not exist for stack {stack.name}")
        return {"StackResourceDetail": views.resource(stack, stack.resources[name])}

    def list_resources(call: Call) -> dict[str, Any]:
        stack = stack_of(call)
        return {"StackResourceSummaries": [views.resource(stack, r) for r in stack.resources.values()]}

    def get_template(call: Call) -> dict[str, Any]:
        if call.parameters.get("ChangeSetName"):
            text = change_set_of(store, call)[1].template
        else:
            text = stack_of(call).template
        return {"TemplateBody": text, "StagesAvailable": ["Original", "Processed"]}

    def get_template_summary(call: Call) -> dict[str, Any]:
        text = stack_of(call).template if call.parameters.get("StackName") else template_text(call)
        return views.template_summary(Template.parse(text))

    def validate_template(call: Call) -> dict[str, Any]:
        told = views.template_summary(Template.parse(template_text(call)))
        parameters = [{k: v for k, v in row.items() if k != "ParameterType"} for row in told["Parameters"]]
        return {"Parameters": parameters, "Description": told["Description"]}

    def describe_change_set(call: Call) -> dict[str, Any]:
        return views.change_set(*change_set_of(store, call))

    def list_change_sets(call: Call) -> dict[str, Any]:
        stack = stack_of(call)
        return {"Summaries": [views.change_set(stack, found) for found in stack.change_sets.values()]}

    def list_exports(call: Call) -> dict[str, Any]:
        found = store.exports(call.region).items()
        return {"Exports": [{"ExportingStackId": o.id, "Name": name, "Value": value} for name, (o, value) in found]}

    def list_imports(call: Call) -> dict[str, Any]:
        name = call.parameters["ExportName"]
        users = [stack.name for stack in store.living(call.region) if name in stack.imports]
        if not users:
            raise invalid(f"Export '{name}' is not imported by any stack.")
        return {"Imports": users}

    return {
        "DescribeStacks": describe_stacks,
        "ListStacks": list_stacks,
        "DescribeStackEvents": events,
        "DescribeEvents": operation_events,
        "DescribeStackResources": describe_resources,
        "DescribeStackResource": describe_resource,
        "ListStackResources": list_resources,
        "GetTemplate": get_template,
        "GetTemplateSummary": get_template_summary,
        "ValidateTemplate": validate_template,
        "DescribeChangeSet": describe_change_set,
        "ListChangeSets": list_change_sets,
        "ListExports": list_exports,
        "ListImports": list_imports,
    }


def change_set_of(store: Store, call: Call) -> tuple[Stack, ChangeSet]:
    """The change set that a call names."""
    name = call.parameters["ChangeSetName"]
    if found := store.change_set(call.region, call.parameters.get("StackName"), name):
        return found
    raise ServiceError("ChangeSetNotFound", f"ChangeSet [{name}] does not exist", 404)


def template_text(call: Call) -> str:
    """The template of a call: its body, or what its S3 address holds."""
    asked = call.parameters
    if asked.get("TemplateBody"):
        return str(asked["TemplateBody"])
    if not asked.get("TemplateURL"):
        raise invalid("Either Template URL or Template Body must be specified.")
    url = urlsplit(asked["TemplateURL"])
    path = unquote(url.path.lstrip("/"))
    host = VIRTUAL_HOST.fullmatch(url.hostname or "")
    bucket, key = (host["bucket"], path) if host else path.split("/", 1)
    try:
        found = call.client("s3").get_object(Bucket=bucket, Key=key)
    except ClientError as error:
        raise ServiceError("ValidationError", f"S3 error for {bucket}/{key}: {error}") from None
    return str(found["Body"].read().decode())
