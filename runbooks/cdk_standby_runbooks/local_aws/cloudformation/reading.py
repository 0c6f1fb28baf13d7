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

# https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html
BODY = 51_200
VIRTUAL_HOST = re.compile(r"(?P<bucket>.+)\.s3[.-]([a-z0-9-]+\.)?amazonaws\.com")


class Reading:
    """Operations over a store that they leave as it is."""

    def __init__(self, store: Store) -> None:
        self.store = store

    def operations(self) -> dict[str, Operation]:
        """By name."""
        return {
            "DescribeStacks": self._stacks,
            "ListStacks": self._summaries,
            "DescribeStackEvents": self._events,
            "DescribeEvents": self._operation_events,
            "DescribeStackResources": self._resources,
            "DescribeStackResource": self._resource,
            "ListStackResources": self._resource_summaries,
            "GetTemplate": self._template,
            "GetTemplateSummary": self._template_summary,
            "ValidateTemplate": self._validation,
            "DescribeChangeSet": lambda call: views.change_set(*change_set_of(self.store, call)),
            "ListChangeSets": self._change_sets,
            "ListExports": self._exports,
            "ListImports": self._imports,
            # There are no hooks here; the CLI asks after each change set that failed.
            "ListHookResults": lambda _: {"HookResults": []},
        }

    def _stack(self, call: Call) -> Stack:
        return self.store.get(call.region, call.parameters["StackName"])

    def _stacks(self, call: Call) -> dict[str, Any]:
        if call.parameters.get("StackName"):
            return {"Stacks": [views.stack(self._stack(call))]}
        return {"Stacks": [views.stack(stack) for stack in self.store.living(call.region)]}

    def _summaries(self, call: Call) -> dict[str, Any]:
        wanted = set(call.parameters.get("StackStatusFilter", []))
        found = [stack for stack in reversed(self.store.stacks) if stack.region == call.region]
        return {"StackSummaries": [views.summary(stack) for stack in found if not wanted or stack.status in wanted]}

    def _events(self, call: Call) -> dict[str, Any]:
        stack = self._stack(call)
        return {"StackEvents": [views.event(stack, event) for event in reversed(stack.events)]}

    def _operation_events(self, call: Call) -> dict[str, Any]:
        if not call.parameters.get("StackName") or call.parameters.get("ChangeSetName"):
            return {"OperationEvents": []}
        stack, only_failed = self._stack(call), call.parameters.get("Filters", {}).get("FailedEvents")
        found = [event for event in reversed(stack.events) if not only_failed or event.status.endswith("_FAILED")]
        return {"OperationEvents": [views.operation_event(stack, event) for event in found]}

    def _resources(self, call: Call) -> dict[str, Any]:
        stack, only = self._stack(call), call.parameters.get("LogicalResourceId")
        found = [resource for resource in stack.resources.values() if only in (None, resource.logical_id)]
        return {"StackResources": [views.resource(stack, resource) for resource in found]}

    def _resource(self, call: Call) -> dict[str, Any]:
        stack, name = self._stack(call), call.parameters["LogicalResourceId"]
        if name not in stack.resources:
            raise invalid(f"Resource {name} does not exist for stack {stack.name}")
        return {"StackResourceDetail": views.resource(stack, stack.resources[name])}

    def _resource_summaries(self, call: Call) -> dict[str, Any]:
        stack = self._stack(call)
        return {"StackResourceSummaries": [views.resource(stack, found) for found in stack.resources.values()]}

    def _template(self, call: Call) -> dict[str, Any]:
        prepared = call.parameters.get("ChangeSetName")
        text = change_set_of(self.store, call)[1].template if prepared else self._stack(call).template
        return {"TemplateBody": text, "StagesAvailable": ["Original", "Processed"]}

    def _template_summary(self, call: Call) -> dict[str, Any]:
        text = self._stack(call).template if call.parameters.get("StackName") else template_text(call)
        return views.template_summary(Template.parse(text))

    def _validation(self, call: Call) -> dict[str, Any]:
        told = views.template_summary(Template.parse(template_text(call)))
        parameters = [{k: v for k, v in row.items() if k != "ParameterType"} for row in told["Parameters"]]
        return {"Parameters": parameters, "Description": told["Description"]}

    def _change_sets(self, call: Call) -> dict[str, Any]:
        stack = self._stack(call)
        return {"Summaries": [views.change_set(stack, found) for found in stack.change_sets.values()]}

    def _exports(self, call: Call) -> dict[str, Any]:
        found = self.store.exports(call.region).items()
        return {"Exports": [{"ExportingStackId": o.id, "Name": name, "Value": value} for name, (o, value) in found]}

    def _imports(self, call: Call) -> dict[str, Any]:
        name = call.parameters["ExportName"]
        users = [stack.name for stack in self.store.living(call.region) if name in stack.imports]
        if not users:
            raise invalid(f"Export '{name}' is not imported by any stack.")
        return {"Imports": users}


def change_set_of(store: Store, call: Call) -> tuple[Stack, ChangeSet]:
    """The change set that a call names."""
    name = call.parameters["ChangeSetName"]
    if found := store.change_set(call.region, call.parameters.get("StackName"), name):
        return found
    raise ServiceError("ChangeSetNotFound", f"ChangeSet [{name}] does not exist", 404)


def template_text(call: Call) -> str:
    """The template of a call: its body, or what its S3 address holds."""
    asked = call.parameters
    if body := str(asked.get("TemplateBody", "")):
        if len(body.encode()) > BODY:
            raise invalid(f"a TemplateBody holds at most {BODY} bytes; give a TemplateURL")
        return body
    if not asked.get("TemplateURL"):
        raise invalid("Either Template URL or Template Body must be specified.")
    url = urlsplit(str(asked["TemplateURL"]))
    path = unquote(url.path.lstrip("/"))
    host = VIRTUAL_HOST.fullmatch(url.hostname or "")
    bucket, key = (host["bucket"], path) if host else path.split("/", 1)
    try:
        found = call.client("s3").get_object(Bucket=bucket, Key=key)
    except ClientError as error:
        raise ServiceError("ValidationError", f"S3 error for {bucket}/{key}: {error}") from None
    return str(found["Body"].read().decode())
