"""Region switch plans: kept as told. None is carried out here, and to try is refused.

https://docs.aws.amazon.com/r53recovery/latest/dg/region-switch.html
"""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from typing import Any

from ..errors import ServiceError
from ..wire import Call, Operation
from ._kept import Values, refuse_the_rest


def _plans(call: Call) -> dict[str, Values]:
    found: dict[str, Values] = call.state.setdefault("plans", {})
    return found


def _find(call: Call) -> Values:
    arn = call.parameters["arn"]
    if arn not in _plans(call):
        raise ServiceError("ResourceNotFoundException", f"The plan {arn} does not exist", 404)
    return _plans(call)[arn]


def _create(call: Call) -> Values:
    given = dict(call.parameters)
    _check(given)
    tags = given.pop("tags", {})
    token = hashlib.sha256(f"{call.account}/{given['name']}/{len(_plans(call))}".encode()).hexdigest()
    arn = f"arn:aws:arc-region-switch::{call.account}:plan/{given['name']}:{token[:6]}"
    plan = {**given, "arn": arn, "owner": call.account, "version": "1", "updatedAt": datetime.now(UTC), "tags": tags}
    _plans(call)[arn] = plan
    return {"plan": _told(plan)}


def _check(given: Values) -> None:
    regions = given["regions"]
    if len(set(regions)) != 2:
        raise _invalid(f"A plan is for two Regions, not for {', '.join(regions)}")
    primary = given.get("primaryRegion")
    if given["recoveryApproach"] == "activePassive" and primary not in regions:
        raise _invalid("An active/passive plan needs a primaryRegion that is one of its regions")
    for workflow in given["workflows"]:
        target = workflow.get("workflowTargetRegion")
        if target is not None and target not in regions:
            raise _invalid(f"The workflow for {target} is for none of the plan's Regions")


def _told(plan: Values) -> Values:
    return {name: value for name, value in plan.items() if name != "tags"}


def _get(call: Call) -> Values:
    return {"plan": _told(_find(call))}


def _update(call: Call) -> Values:
    plan = _find(call)
    changed = {**plan, **{name: value for name, value in call.parameters.items() if name != "arn"}}
    _check(changed)
    plan |= {**changed, "version": str(int(plan["version"]) + 1), "updatedAt": datetime.now(UTC)}
    return {"plan": _told(plan)}


def _delete(call: Call) -> Values:
    _plans(call).pop(_find(call)["arn"])
    return {}


def _list(call: Call) -> Values:
    names = ("arn", "owner", "name", "regions", "recoveryApproach", "primaryRegion", "version", "updatedAt")
    return {"plans": [{name: one[name] for name in names if name in one} for one in _plans(call).values()]}


def _tag(call: Call) -> Values:
    _find(call)["tags"].update(call.parameters["tags"])
    return {}


def _untag(call: Call) -> Values:
    for key in call.parameters["resourceTagKeys"]:
        _find(call)["tags"].pop(key, None)
    return {}


def _tags(call: Call) -> Values:
    tags: dict[str, Any] = _find(call)["tags"]
    return {"resourceTags": tags}


def _invalid(message: str) -> ServiceError:
    return ServiceError("ValidationException", message)


MODELLED: dict[str, Operation] = {
    "CreatePlan": _create,
    "GetPlan": _get,
    "UpdatePlan": _update,
    "DeletePlan": _delete,
    "ListPlans": _list,
    "TagResource": _tag,
    "UntagResource": _untag,
    "ListTagsForResource": _tags,
}

OPERATIONS = refuse_the_rest("arc-region-switch", MODELLED)
