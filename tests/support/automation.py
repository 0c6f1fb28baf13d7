"""Runs documents of SSM Automation against any endpoint: as many kinds of step as our runbooks have, and no more."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from functools import cache
from typing import Any

import boto3
import jmespath
from botocore import xform_name

READ = re.compile(r"\{\{ ([\w.]+) \}\}")


class Failed(Exception):  # noqa: N818 - it reads as what happened
    """A step failed, and the run with it."""


class Killed(Exception):  # noqa: N818 - as above
    """The run was ended from outside after a step."""


def run(content: Mapping[str, Any], given: Mapping[str, Any] | None = None, *, kill_after: str = "") -> dict[str, Any]:
    """Run a document to its end, and return what its steps put out, by ``Step.Output``."""
    known = {name: one["default"] for name, one in content["parameters"].items() if "default" in one} | dict(
        given or {}
    )
    steps = {step["name"]: step for step in content["mainSteps"]}
    names, name = list(steps), next(iter(steps))
    while True:
        step = steps[name]
        to = _ACTIONS[step["action"]](step, _fill(step["inputs"], known), known)
        known[f"ran.{name}"] = True
        if name == kill_after:
            raise Killed(name)
        if to is None and (step.get("isEnd") or name == names[-1]):
            return known
        name = to or names[names.index(name) + 1]


def _fill(value: Any, known: Mapping[str, Any]) -> Any:
    if isinstance(value, dict):
        # A choice shows its variable as it is written; a branch reads it itself.
        return {key: _fill(one, known) for key, one in value.items() if key not in ("Script", "Choices")} | {
            key: value[key] for key in ("Script", "Choices") if key in value
        }
    if not isinstance(value, str):
        return value
    if whole := READ.fullmatch(value):
        return known[whole[1]]
    return READ.sub(lambda found: str(known[found[1]]), value)


def _api(step: Mapping[str, Any], inputs: dict[str, Any], known: dict[str, Any]) -> None:
    _call(inputs)


def _wait(step: Mapping[str, Any], inputs: dict[str, Any], known: dict[str, Any]) -> None:
    selector, wanted = inputs.pop("PropertySelector"), inputs.pop("DesiredValues")
    for _ in range(200):
        found = jmespath.search(selector.removeprefix("$."), _call(inputs))
        if found in wanted:
            return
        time.sleep(0.05)
    raise Failed(f"{step['name']}: {found} is none of {wanted}")


def _call(inputs: Mapping[str, Any]) -> dict[str, Any]:
    rest = {key: value for key, value in inputs.items() if key not in ("Service", "Api")}
    return dict(getattr(_client(inputs["Service"], boto3.DEFAULT_SESSION), xform_name(inputs["Api"]))(**rest))


@cache
def _client(service: str, session: Any) -> Any:
    """Making one is dear; a test makes a session of its own."""
    return session.client(service)


def _script(step: Mapping[str, Any], inputs: dict[str, Any], known: dict[str, Any]) -> None:
    space: dict[str, Any] = {"__name__": step["name"]}
    exec(compile(inputs["Script"], step["name"], "exec"), space)
    try:
        payload = space[inputs["Handler"]](inputs["InputPayload"], None)
    except RuntimeError as error:
        raise Failed(f"{step['name']}: {error}") from error
    for output in step.get("outputs", []):
        known[f"{step['name']}.{output['Name']}"] = (payload or {}).get(
            output["Selector"].removeprefix("$.Payload."), ""
        )


def _branch(step: Mapping[str, Any], inputs: dict[str, Any], known: dict[str, Any]) -> str:
    for choice in inputs["Choices"]:
        value = _fill(choice["Variable"], known)
        if value == choice.get("StringEquals", object()):
            return str(choice["NextStep"])
        if "NumericGreaterOrEquals" in choice and int(value) >= choice["NumericGreaterOrEquals"]:
            return str(choice["NextStep"])
    return str(inputs["Default"])


def _nothing(step: Mapping[str, Any], inputs: dict[str, Any], known: dict[str, Any]) -> None:
    """Nobody sleeps in a test, and everybody approves."""


_ACTIONS = {
    "aws:approve": _nothing,
    "aws:branch": _branch,
    "aws:executeAwsApi": _api,
    "aws:executeScript": _script,
    "aws:sleep": _nothing,
    "aws:waitForAwsResourceProperty": _wait,
}
