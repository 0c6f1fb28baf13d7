"""Carries one deployment out: creates and updates in order, cleans up after, or undoes everything with reasons."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from botocore.exceptions import ClientError

from ..errors import ServiceError
from ..resources._model import Made, Unsupported
from . import schemas
from .inputs import world
from .intrinsics import Evaluator
from .matters import matters
from .removal import remove
from .shapes import is_list
from .store import Resource, Stack, now
from .template import Template, in_order, invalid
from .tools import DroppedError, FailedError, Tools, reason

# Attributes of a resource that nothing here acts on: no signals are awaited, no instances roll.
UNMODELLED = ("CreationPolicy", "UpdatePolicy")

Undo = Callable[[], None]


class Deployment:
    """One creation or update of a stack.

    Args:
        tools: the engine's.
        stack: already in `CREATE_IN_PROGRESS` or `UPDATE_IN_PROGRESS`.
        text: the template.
        given: parameters as given.
        keep: leave everything as it is when it fails.
    """

    def __init__(self, tools: Tools, stack: Stack, text: str, given: Mapping[str, str], *, keep: bool = False) -> None:
        self._tools = tools
        self._stack = stack
        self._text = text
        self._given = dict(given)
        self._keep = keep
        self._verb = stack.status.removesuffix("_IN_PROGRESS")
        self._resources = dict(stack.resources)
        self._undo: list[Undo] = []
        self._replaced: list[Resource] = []
        self._imports: set[str] = set()

    def run(self) -> None:
        """Go through; ends in one of CloudFormation's final states whatever happens."""
        stack = self._stack
        before = dict(stack.resources)
        try:
            template = Template.parse(self._text)
            outside = world(self._tools.outside, stack, template, self._given, self._imports)
            evaluator = Evaluator(template, outside, self._resources)
            wanted = evaluator.wanted("Resources")
            for name in in_order(wanted):
                self._settle(name, wanted[name], evaluator)
            outputs = self._outputs(evaluator)
        except Exception as error:  # whatever fails, the stack must end in a state
            self._fail(before, reason(error))
            return
        leaving = [resource for name, resource in self._resources.items() if name not in wanted]
        for resource in leaving:
            del self._resources[resource.logical_id]
        stack.resources, stack.outputs, stack.imports = self._resources, outputs, self._imports
        stack.template, stack.given = self._text, self._given
        stack.resolved = {name: _shown(value) for name, value in outside.parameters.items()}
        stack.description = str(template.raw.get("Description", ""))
        self._clean_up(leaving)
        stack.tell(f"{self._verb}_COMPLETE")

    # --- one resource

    def _settle(self, name: str, body: dict[str, Any], evaluator: Evaluator) -> None:
        stack, current, kind = self._stack, self._resources.get(name), body["Type"]
        if current is None:
            stack.tell("CREATE_IN_PROGRESS", started=(name, kind))
        try:
            properties = evaluator.value(body.get("Properties", {}))
            if current is None:
                self._create(name, body, properties, attempt=0)
            elif current.type != kind:
                raise invalid(f"Update of resource type is not permitted: {name} was {current.type}, is {kind}")
            elif properties == current.properties:
                self._resources[name] = _again(current, current.made, properties, body)
            elif by := schemas.replaces(kind, current.properties, properties, stack.region):
                why = f"A change of {', '.join(by)} requires a new physical resource; hence creating one."
                stack.tell("UPDATE_IN_PROGRESS", why, of=current)
                self._create(name, body, properties, attempt=current.attempt + 1)
                self._replaced.append(current)
            else:
                self._update(current, body, properties)
        except Exception as error:
            if not isinstance(error, ServiceError | ClientError | Unsupported | DroppedError):
                traceback.print_exc()
            if current is None:
                stack.tell("CREATE_FAILED", reason(error), started=(name, kind))
            else:
                stack.tell("UPDATE_FAILED", reason(error), of=current)
            raise FailedError(name, self._verb if current else "CREATE", reason(error)) from error

    def _create(self, name: str, body: dict[str, Any], properties: dict[str, Any], attempt: int) -> None:
        stack, kind = self._stack, body["Type"]
        drops: list[str] = []
        context = self._tools.context(stack, name, kind, attempt, drops.append)
        made = self._tools.handlers[kind].create(context, properties)
        resource = Resource(name, kind, made, properties, body, attempt)
        previous = self._resources.get(name)
        self._resources[name] = resource
        self._undo.append(lambda: self._undo_create(resource, previous))
        self._tools.report.inert(kind, [name for name in UNMODELLED if name in body])
        self._heed(kind, drops)
        stack.tell("CREATE_COMPLETE" if previous is None else "UPDATE_COMPLETE", of=resource)

    def _update(self, current: Resource, body: dict[str, Any], properties: dict[str, Any]) -> None:
        stack, name, kind = self._stack, current.logical_id, current.type
        if perhaps := schemas.may_replace(kind, current.properties, properties, stack.region):
            where = f"{stack.name}/{name} ({kind})"
            why = f"AWS may replace it for {', '.join(perhaps)}; here it is updated in place"
            self._tools.report.warnings.append(f"{where}: {why}")
        stack.tell("UPDATE_IN_PROGRESS", of=current)
        drops: list[str] = []
        context = self._tools.context(stack, name, kind, current.attempt, drops.append)
        handler = self._tools.handlers[kind]
        made = handler.update(context, current.made, current.properties, properties)
        resource = _again(current, made, properties, body)
        self._resources[name] = resource

        def undo() -> None:
            stack.tell("UPDATE_IN_PROGRESS", of=resource)
            handler.update(context, resource.made, properties, current.properties)
            stack.tell("UPDATE_COMPLETE", of=current)

        self._undo.append(undo)
        self._heed(kind, drops)
        stack.tell("UPDATE_COMPLETE", of=resource)

    def _heed(self, kind: str, drops: list[str]) -> None:
        if drops:
            self._tools.report.dropped.setdefault(kind, set()).update(drops)
        if serious := sorted({path for path in drops if matters(kind, path)}):
            names = ", ".join(serious)
            raise DroppedError(f"this local AWS does not keep {names} of {kind}, which decides what a fault does")

    # --- the end, good or bad

    def _outputs(self, evaluator: Evaluator) -> list[dict[str, str]]:
        stack, store = self._stack, self._tools.outside.store
        outputs: list[dict[str, str]] = []
        for key, spec in evaluator.wanted("Outputs").items():
            output = {"OutputKey": key, "OutputValue": _shown(evaluator.value(spec["Value"]))}
            if "Description" in spec:
                output["Description"] = str(spec["Description"])
            if "Export" in spec:
                output["ExportName"] = _shown(evaluator.value(spec["Export"]["Name"]))
            outputs.append(output)
        after = {found["ExportName"]: found["OutputValue"] for found in outputs if "ExportName" in found}
        for name, (owner, value) in store.exports(stack.region).items():
            if owner is not stack and name in after:
                raise invalid(f"Export with name {name} is already exported by stack {owner.name}")
            users = [other.name for other in store.living(stack.region) if other is not stack and name in other.imports]
            if owner is stack and users and after.get(name) != value:
                what = "update" if name in after else "delete"
                raise invalid(f"Cannot {what} export {name} as it is in use by {', '.join(users)}.")
        return outputs

    def _clean_up(self, leaving: list[Resource]) -> None:
        if not leaving and not self._replaced:
            return
        stack = self._stack
        stack.tell("UPDATE_COMPLETE_CLEANUP_IN_PROGRESS")
        replaced = {resource.logical_id for resource in self._replaced}
        remove(self._tools, stack, [*leaving, *self._replaced], replaced=replaced)

    def _fail(self, before: dict[str, Resource], why: str) -> None:
        stack = self._stack
        if self._keep:
            stack.resources = self._resources
            stack.tell(f"{self._verb}_FAILED", why)
            return
        rolling = "ROLLBACK" if self._verb == "CREATE" else "UPDATE_ROLLBACK"
        stack.tell(f"{rolling}_IN_PROGRESS", f"{why.rstrip('.')}. Rollback requested by user.")
        failed: list[str] = []
        for undo in reversed(self._undo):
            try:
                undo()
            except Exception as error:  # the rest must still be undone
                failed.append(reason(error))
        stack.resources = before
        stack.tell(f"{rolling}_FAILED" if failed else f"{rolling}_COMPLETE", "; ".join(failed))

    def _undo_create(self, resource: Resource, previous: Resource | None) -> None:
        new_here = previous is None
        policy = resource.policy("DeletionPolicy") if new_here else "Delete"
        kept = replace(resource, body={"DeletionPolicy": "Retain" if policy == "Retain" else "Delete"})
        if left := remove(self._tools, self._stack, [kept]):
            raise invalid(f"{resource.logical_id} could not be deleted: {left[0].reason}")


def _again(resource: Resource, made: Made, properties: dict[str, Any], body: dict[str, Any]) -> Resource:
    return replace(resource, made=made, properties=properties, body=body, changed=now())


def _shown(value: Any) -> str:
    if is_list(value):
        return ",".join(map(str, value))
    return str(value).lower() if isinstance(value, bool) else str(value)
