"""CloudFormation's API: which operation does what."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable, Mapping
from typing import Any

from ..errors import NotModelled, ServiceError
from ..resources._model import Clients, Handler
from ..wire import Call, Operation
from . import reading
from .changes import Preview, changes, refuse_dishonest, refuse_without_capabilities
from .deployment import Deployment
from .inputs import Outside, world
from .removal import destroy
from .store import ChangeSet, Stack, Store, now
from .template import Template, invalid
from .tools import Report, Tools, reason

# The CLI polls every five seconds: an answer that waits for a fast deployment saves most of them.
PATIENCE = 20.0
NOTHING = "The submitted information didn't contain changes. Submit different information to create a change set."
NOTHING_DIRECT = "No updates are to be performed."


class CloudFormation:
    """The service; `operations()` is its table."""

    def __init__(
        self, account: str, handlers: Mapping[str, Handler], clients: Clients, dark: Callable[[], frozenset[str]]
    ) -> None:
        self.store = Store(account)
        self.report = Report()
        self._tools = Tools(Outside(self.store, clients, dark), handlers, self.report)

    def operations(self) -> dict[str, Operation]:
        """Everything that is modelled; the front refuses the rest by name."""
        changing: dict[str, Operation] = {
            "CreateChangeSet": self.create_change_set,
            "ExecuteChangeSet": self.execute_change_set,
            "DeleteChangeSet": self.delete_change_set,
            "CreateStack": self.create_stack,
            "UpdateStack": self.update_stack,
            "DeleteStack": self.delete_stack,
            "UpdateTerminationProtection": self.update_termination_protection,
        }
        return changing | reading.Reading(self.store).operations()

    # --- change sets

    def create_change_set(self, call: Call) -> dict[str, Any]:
        asked, store = call.parameters, self.store
        kind = asked.get("ChangeSetType", "UPDATE")
        if kind not in ("CREATE", "UPDATE"):
            raise NotModelled("cloudformation", f"CreateChangeSet of type {kind}")
        text = reading.template_text(call)
        Template.parse(text)
        with store.lock:
            stack = self._stack_for(call, kind)
            name = asked["ChangeSetName"]
            if name in stack.change_sets:
                raise ServiceError("AlreadyExistsException", f"ChangeSet {name} already exists")
            arn = f"arn:aws:cloudformation:{call.region}:{call.account}:changeSet/{name}/{uuid.uuid4()}"
            change_set = ChangeSet(name, arn, kind, text, _given(asked, stack), _tags(asked), asked)
            stack.change_sets[name] = change_set
        try:
            template, change_set.changes, outputs = self._preview(stack, text, change_set.parameters, asked)
            same = not change_set.changes and self._same_outside(stack, template, outputs, change_set.tags)
            if kind == "UPDATE" and same:
                raise invalid(NOTHING)
        except Exception as error:  # AWS also reports it in the change set, not in the answer
            change_set.status, change_set.execution, change_set.reason = "FAILED", "UNAVAILABLE", reason(error)
        return {"Id": change_set.id, "StackId": stack.id}

    def execute_change_set(self, call: Call) -> dict[str, Any]:
        stack, found = reading.change_set_of(self.store, call)
        if found.execution != "AVAILABLE":
            why = f"ChangeSet [{found.id}] cannot be executed in its current status of [{found.status}]"
            raise ServiceError("InvalidChangeSetStatus", why)
        found.execution = "EXECUTE_COMPLETE"
        stack.change_sets.clear()
        keep = bool(call.parameters.get("DisableRollback")) or found.request.get("OnStackFailure") == "DO_NOTHING"
        self._deploy(call, stack, found, keep=keep)
        return {}

    def delete_change_set(self, call: Call) -> dict[str, Any]:
        asked = call.parameters
        found = self.store.change_set(call.region, asked.get("StackName"), asked["ChangeSetName"])
        if found:
            found[0].change_sets.pop(found[1].name, None)
        elif asked.get("StackName"):
            self.store.get(call.region, asked["StackName"])
        return {}

    # --- stacks

    def create_stack(self, call: Call) -> dict[str, Any]:
        asked = call.parameters
        text = reading.template_text(call)
        with self.store.lock:
            stack = self._stack_for(call, "CREATE")
        try:
            self._preview(stack, text, _given(asked, stack), asked)
        except Exception:
            self.store.stacks.remove(stack)
            raise
        stack.protected = bool(asked.get("EnableTerminationProtection"))
        keep = bool(asked.get("DisableRollback")) or asked.get("OnFailure") == "DO_NOTHING"
        change = ChangeSet("", "", "CREATE", text, _given(asked, stack), _tags(asked), asked)
        self._deploy(call, stack, change, keep=keep)
        return {"StackId": stack.id}

    def update_stack(self, call: Call) -> dict[str, Any]:
        asked = call.parameters
        stack = self._stack_for(call, "UPDATE")
        text = stack.template if asked.get("UsePreviousTemplate") else reading.template_text(call)
        given = _given(asked, stack)
        template, found, outputs = self._preview(stack, text, given, asked)
        if not found and self._same_outside(stack, template, outputs, _tags(asked)):
            raise invalid(NOTHING_DIRECT)
        change = ChangeSet("", "", "UPDATE", text, given, _tags(asked), asked)
        self._deploy(call, stack, change, keep=bool(asked.get("DisableRollback")))
        return {"StackId": stack.id}

    def delete_stack(self, call: Call) -> dict[str, Any]:
        stack = self.store.find(call.region, call.parameters["StackName"])
        if stack is None or stack.deleted:
            return {}
        if stack.protected:
            raise invalid(f"Stack [{stack.name}] cannot be deleted while TerminationProtection is enabled")
        if stack.busy:
            raise invalid(f"Stack [{stack.name}] cannot be deleted while in status {stack.status}")
        stack.token = call.parameters.get("ClientRequestToken", "")
        stack.tell("DELETE_IN_PROGRESS", "User Initiated")
        _work(lambda: destroy(self._tools, stack, set(call.parameters.get("RetainResources", []))))
        return {}

    def update_termination_protection(self, call: Call) -> dict[str, Any]:
        stack = self.store.get(call.region, call.parameters["StackName"])
        stack.protected = bool(call.parameters["EnableTerminationProtection"])
        return {"StackId": stack.id}

    # --- together

    def _stack_for(self, call: Call, kind: str) -> Stack:
        name = call.parameters["StackName"]
        stack = self.store.find(call.region, name)
        if kind == "CREATE":
            if stack and (stack.status != "REVIEW_IN_PROGRESS" or call.operation == "CreateStack"):
                raise ServiceError("AlreadyExistsException", f"Stack [{name}] already exists")
            return stack or self.store.add(call.region, name)
        if stack is None:
            raise invalid(f"Stack [{name}] does not exist")
        if stack.busy or stack.status in (
            "ROLLBACK_COMPLETE",
            "ROLLBACK_FAILED",
            "DELETE_FAILED",
            "REVIEW_IN_PROGRESS",
        ):
            raise invalid(f"Stack:{stack.id} is in {stack.status} state and can not be updated.")
        return stack

    def _preview(
        self, stack: Stack, text: str, given: Mapping[str, str], asked: Mapping[str, Any]
    ) -> tuple[Template, list[dict[str, Any]], list[Any]]:
        template = Template.parse(text)
        preview = Preview(template, world(self._tools.outside, stack, template, given, set()), stack.resources)
        preview.hold_rules()
        wanted = preview.wanted("Resources")
        refuse_dishonest(wanted, self._tools.handlers, stack.region)
        refuse_without_capabilities(wanted, asked.get("Capabilities", []))
        found = changes(stack, preview)
        outputs = [(key, str(preview.value(spec["Value"]))) for key, spec in preview.wanted("Outputs").items()]
        return template, found, outputs

    @staticmethod
    def _same_outside(stack: Stack, template: Template, outputs: list[Any], tags: Mapping[str, str]) -> bool:
        deployed = Template.parse(stack.template).section("Outputs")
        values = [(output["OutputKey"], output["OutputValue"]) for output in stack.outputs]
        return deployed == template.section("Outputs") and values == outputs and dict(tags) == stack.tags

    def _deploy(self, call: Call, stack: Stack, change: ChangeSet, *, keep: bool) -> None:
        asked = change.request
        stack.token = call.parameters.get("ClientRequestToken", "")
        stack.tags, stack.capabilities = change.tags, list(asked.get("Capabilities", []))
        stack.notifications, stack.role = list(asked.get("NotificationARNs", [])), asked.get("RoleARN", "")
        if change.kind == "UPDATE":
            stack.updated = now()
        stack.tell(f"{change.kind}_IN_PROGRESS", "User Initiated")
        _work(Deployment(self._tools, stack, change.template, change.parameters, keep=keep).run)


def _work(job: Callable[[], None]) -> None:
    worker = threading.Thread(target=job, daemon=True)
    worker.start()
    worker.join(PATIENCE)


def _given(asked: Mapping[str, Any], stack: Stack) -> dict[str, str]:
    given: dict[str, str] = {}
    for parameter in asked.get("Parameters", []):
        name = parameter["ParameterKey"]
        if not parameter.get("UsePreviousValue"):
            given[name] = parameter.get("ParameterValue", "")
        elif name in stack.given:
            given[name] = stack.given[name]
    return given


def _tags(asked: Mapping[str, Any]) -> dict[str, str]:
    return {tag["Key"]: tag["Value"] for tag in asked.get("Tags", [])}
