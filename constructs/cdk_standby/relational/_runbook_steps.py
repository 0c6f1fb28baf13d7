"""Steps of SSM Automation, as the documents have them.

https://docs.aws.amazon.com/systems-manager/latest/userguide/automation-actions.html
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from importlib import resources
from typing import Any

Step = dict[str, Any]
RUNTIME = "python3.11"


def document(
    description: str, role: str, parameters: Mapping[str, Any], steps: Sequence[Step], outputs: Sequence[str] = ()
) -> dict[str, Any]:
    """A runbook."""
    return {
        "schemaVersion": "0.3",
        "description": description,
        "assumeRole": role,
        "parameters": dict(parameters),
        "mainSteps": list(steps),
        **({"outputs": list(outputs)} if outputs else {}),
    }


def text(description: str, default: str = "", pattern: str | None = None) -> dict[str, Any]:
    """A parameter that is typed."""
    return {
        "type": "String",
        "description": description,
        "default": default,
        **({"allowedPattern": pattern} if pattern else {}),
    }


def consent(description: str) -> dict[str, Any]:
    """A parameter that is no until somebody says yes."""
    return {"type": "String", "description": description, "default": "no", "allowedValues": ["no", "yes"]}


def call(name: str, api: str, given: Mapping[str, Any], *, end: bool = False) -> Step:
    """An API of RDS is called once; a fault ends the run, which can be started again."""
    step = _step(name, "aws:executeAwsApi", {"Service": "rds", "Api": api, **given})
    return {**step, "isEnd": True} if end else step


def wait(name: str, api: str, given: Mapping[str, Any], selector: str, *values: str, seconds: int) -> Step:
    """Look every few seconds until a property has one of these values."""
    inputs = {"Service": "rds", "Api": api, **given, "PropertySelector": selector, "DesiredValues": list(values)}
    return {**_step(name, "aws:waitForAwsResourceProperty", inputs), "timeoutSeconds": seconds}


def script(
    name: str, file: str, handler: str, given: Mapping[str, Any], outputs: Sequence[str] = (), *, end: bool = False
) -> Step:
    """A function of a file in `automation`; what it returns can be read by later steps."""
    inputs = {
        "Runtime": RUNTIME,
        "Handler": handler,
        "InputPayload": dict(given),
        "Script": _source(file),
    }
    step = _step(name, "aws:executeScript", inputs)
    kinds = {"Lag": "Integer", "Retention": "Integer"}
    if outputs:
        step["outputs"] = [
            {"Name": key, "Selector": f"$.Payload.{key}", "Type": kinds.get(key, "String")} for key in outputs
        ]
    return {**step, "isEnd": True} if end else step


def branch(name: str, variable: str, choices: Mapping[str, str], otherwise: str) -> Step:
    """Go on where the value of an output or a parameter leads."""
    picks = [
        {"NextStep": to, "Variable": "{{ " + variable + " }}", "StringEquals": value} for value, to in choices.items()
    ]
    return _step(name, "aws:branch", {"Choices": picks, "Default": otherwise})


def at_least(name: str, variable: str, number: int, then: str, otherwise: str) -> Step:
    """Go on where a number leads."""
    pick = {"NextStep": then, "Variable": "{{ " + variable + " }}", "NumericGreaterOrEquals": number}
    return _step(name, "aws:branch", {"Choices": [pick], "Default": otherwise})


def sleep(name: str, minutes: int) -> Step:
    """What was just asked for shows in the status only after a while."""
    return _step(name, "aws:sleep", {"Duration": f"PT{minutes}M"})


def approve(name: str, approvers: Sequence[str], topic: str | None, message: str) -> Step:
    """Wait for a day at most until one of these says yes."""
    inputs = {"Approvers": list(approvers), "MinRequiredApprovals": 1, "Message": message}
    told = {"NotificationArn": topic} if topic else {}
    return {**_step(name, "aws:approve", {**told, **inputs}), "onFailure": "Abort", "timeoutSeconds": 86400}


def _step(name: str, action: str, inputs: Mapping[str, Any]) -> Step:
    return {"name": name, "action": action, "inputs": dict(inputs)}


@cache
def _source(file: str) -> str:
    return resources.files(__package__).joinpath("automation", f"{file}.py").read_text(encoding="utf-8")
