"""How a stack of CloudFormation stands, and a change of its parameters alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from ..clients import ApiError, Clients

SETTLED: Final = frozenset(
    {
        "CREATE_COMPLETE",
        "IMPORT_COMPLETE",
        "IMPORT_ROLLBACK_COMPLETE",
        "UPDATE_COMPLETE",
        "UPDATE_ROLLBACK_COMPLETE",
    }
)
"""Where an update can begin:
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/view-stack-events.html#cfn-console-view-stack-data-resources-status-codes."""
CAPABILITIES: Final = ("CAPABILITY_IAM", "CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND")
ITSELF: Final = "AWS::CloudFormation::Stack"


@dataclass(frozen=True, slots=True, kw_only=True)
class StackState:
    """A stack, as its Region tells it."""

    name: str
    status: str = ""
    """Empty when there is none of that name."""
    parameters: Mapping[str, str] = field(default_factory=dict[str, str])

    @property
    def busy(self) -> bool:
        """Whether something changes it right now."""
        return self.status.endswith("_IN_PROGRESS")


def stack_state(clients: Clients, region: str, name: str) -> StackState:
    """Ask the Region of the stack."""
    try:
        [told] = clients.cloudformation(region).describe_stacks(StackName=name)["Stacks"]
    except ApiError as error:
        if error.code == "ValidationError" and "does not exist" in error.message:
            return StackState(name=name)
        raise
    given = {one["ParameterKey"]: str(one.get("ParameterValue", "")) for one in told.get("Parameters", [])}
    return StackState(name=name, status=str(told["StackStatus"]), parameters=given)


def ask_for(clients: Clients, region: str, stack: StackState, changes: Mapping[str, str], token: str) -> None:
    """The template that is there, with other parameters; the role that deployed it deploys this, too."""
    kept = [{"ParameterKey": name, "UsePreviousValue": True} for name in stack.parameters if name not in changes]
    changed = [{"ParameterKey": name, "ParameterValue": value} for name, value in changes.items()]
    clients.cloudformation(region).update_stack(
        StackName=stack.name,
        UsePreviousTemplate=True,
        Parameters=[*kept, *changed],
        Capabilities=[*CAPABILITIES],
        ClientRequestToken=token,
    )


def why_failed(clients: Clients, region: str, stack: StackState, token: str) -> str:
    """What went wrong first in the update of that token, once the stack has rolled it back; empty when nothing did."""
    if stack.busy:
        return ""
    told: list[Any] = clients.cloudformation(region).describe_stack_events(StackName=stack.name)["StackEvents"]
    mine = [event for event in told if event.get("ClientRequestToken") == token]
    ended = {event["ResourceStatus"] for event in mine if event["ResourceType"] == ITSELF}
    if not any(status.endswith(("ROLLBACK_COMPLETE", "FAILED")) for status in ended):
        return ""
    reasons = [event.get("ResourceStatusReason") for event in mine if event["ResourceStatus"].endswith("_FAILED")]
    return str(reasons[-1] if reasons else "it was rolled back")
