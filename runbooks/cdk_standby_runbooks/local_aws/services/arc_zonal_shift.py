"""Zonal autoshift: kept as told. No zone is impaired here, so nothing shifts by itself; shifts by hand are refused."""

from __future__ import annotations

from ..errors import ServiceError
from ..wire import Call, Operation
from ._kept import Values, refuse_the_rest


def _resources(call: Call) -> dict[str, Values]:
    regions: dict[str, dict[str, Values]] = call.state.setdefault("resources", {})
    return regions.setdefault(call.region, {})


def _resource(call: Call) -> Values:
    arn = call.parameters["resourceIdentifier"]
    fresh = {"arn": arn, "name": arn.rsplit(":", 1)[-1], "zonalAutoshiftStatus": "DISABLED"}
    return _resources(call).setdefault(arn, fresh)


def _find(call: Call) -> Values:
    arn = call.parameters["resourceIdentifier"]
    if arn not in _resources(call):
        raise ServiceError("ResourceNotFoundException", f"The resource {arn} is not managed", 404)
    return _resources(call)[arn]


def _practice(call: Call) -> Values:
    found = _resource(call)
    given = {name: value for name, value in call.parameters.items() if name != "resourceIdentifier"}
    found["practiceRunConfiguration"] = {**found.get("practiceRunConfiguration", {}), **given}
    return _told(found)


def _told(found: Values) -> Values:
    names = ("arn", "name", "zonalAutoshiftStatus", "practiceRunConfiguration")
    return {name: found[name] for name in names if name in found}


def _no_practice(call: Call) -> Values:
    found = _find(call)
    if found["zonalAutoshiftStatus"] == "ENABLED":
        raise ServiceError("ConflictException", "Disable zonal autoshift before its practice runs are deleted", 409)
    found.pop("practiceRunConfiguration", None)
    return {name: found[name] for name in ("arn", "name", "zonalAutoshiftStatus")}


def _status(call: Call) -> Values:
    found, wanted = _resource(call), call.parameters["zonalAutoshiftStatus"]
    if wanted == "ENABLED" and "practiceRunConfiguration" not in found:
        raise ServiceError("ConflictException", "Zonal autoshift needs a practice run configuration first", 409)
    found["zonalAutoshiftStatus"] = wanted
    return {"resourceIdentifier": found["arn"], "zonalAutoshiftStatus": wanted}


def _get(call: Call) -> Values:
    empty: Values = {"appliedWeights": {}, "autoshifts": [], "zonalShifts": []}
    return {**empty, **_told(_find(call))}


def _list(call: Call) -> Values:
    names = ("arn", "name", "zonalAutoshiftStatus")
    return {"items": [{"availabilityZones": [], **{n: one[n] for n in names}} for one in _resources(call).values()]}


MODELLED: dict[str, Operation] = {
    "CreatePracticeRunConfiguration": _practice,
    "UpdatePracticeRunConfiguration": _practice,
    "DeletePracticeRunConfiguration": _no_practice,
    "UpdateZonalAutoshiftConfiguration": _status,
    "GetManagedResource": _get,
    "ListManagedResources": _list,
}

OPERATIONS = refuse_the_rest("arc-zonal-shift", MODELLED)
