"""The runbook of a blackout: cut, wait, mend; stopped at any step, it mends."""

from __future__ import annotations

from typing import Any

MENDING = 10
"""Minutes that cutting and mending may take, beside the blackout itself."""
_LAMBDA = {"Service": "lambda"}
_SLOW = {"maxAttempts": 5, "timeoutSeconds": 120}
_MEND = {"onFailure": "step:Settled", "onCancel": "step:Settled"}


def blackout(says: str, role: str, mapping: str, lasts: int) -> dict[str, Any]:
    """As Systems Manager runs it.

    https://docs.aws.amazon.com/systems-manager/latest/userguide/automation-actions.html
    """
    return {
        "schemaVersion": "0.3",
        "description": says,
        "assumeRole": role,
        "parameters": {},
        "mainSteps": [
            {**_switch("Cut", mapping, on=False), **_MEND},
            {**_until("Dark", mapping, "Disabled"), **_MEND},
            {"name": "Wait", "action": "aws:sleep", "inputs": {"Duration": f"PT{lasts}M"}, **_MEND},
            # A mapping that still changes takes no other change.
            {**_until("Settled", mapping, "Disabled", "Enabled"), "timeoutSeconds": 60, "onFailure": "Continue"},
            {**_switch("Mend", mapping, on=True), **_SLOW},
            {**_until("Carried", mapping, "Enabled"), "isEnd": True},
        ],
    }


def _switch(name: str, mapping: str, *, on: bool) -> dict[str, Any]:
    inputs = {**_LAMBDA, "Api": "UpdateEventSourceMapping", "UUID": mapping, "Enabled": on}
    return {"name": name, "action": "aws:executeAwsApi", "inputs": inputs}


def _until(name: str, mapping: str, *states: str) -> dict[str, Any]:
    inputs = {**_LAMBDA, "Api": "GetEventSourceMapping", "UUID": mapping}
    wanted = {"PropertySelector": "$.State", "DesiredValues": list(states)}
    return {
        "name": name,
        "action": "aws:waitForAwsResourceProperty",
        "timeoutSeconds": 180,
        "inputs": {**inputs, **wanted},
    }
