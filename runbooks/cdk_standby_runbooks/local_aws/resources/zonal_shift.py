"""Zonal autoshift of a load balancer or a group."""

from __future__ import annotations

from typing import Any

from ._functions import Functions
from ._model import Context, Handler, Made
from ._send import Values, is_list, is_map, send

ROUTINE = "PracticeRunConfiguration"
STATUS = "ZonalAutoshiftStatus"


def _create(context: Context, properties: Values) -> Made:
    client = context.client("arc-zonal-shift")
    resource = properties["ResourceIdentifier"]
    if ROUTINE in properties:
        send(
            client,
            "CreatePracticeRunConfiguration",
            {"resourceIdentifier": resource, **_small(properties[ROUTINE])},
            context.dropped,
        )
    if STATUS in properties:
        client.update_zonal_autoshift_configuration(
            resourceIdentifier=resource, zonalAutoshiftStatus=properties[STATUS]
        )
    return Made(resource)


def _small(value: Values) -> Values:
    """This API writes names with a small first letter."""
    return {name[0].lower() + name[1:]: _smaller(inner) for name, inner in value.items()}


def _smaller(value: Any) -> Any:
    return [_small(dict(inner)) if is_map(inner) else inner for inner in value] if is_list(value) else value


def _update(context: Context, made: Made, before: Values, after: Values) -> Made:
    client = context.client("arc-zonal-shift")
    if ROUTINE in after and after[ROUTINE] != before.get(ROUTINE):
        operation = "UpdatePracticeRunConfiguration" if ROUTINE in before else "CreatePracticeRunConfiguration"
        send(client, operation, {"resourceIdentifier": made.physical_id, **_small(after[ROUTINE])}, context.dropped)
    status = after.get(STATUS, "DISABLED")
    client.update_zonal_autoshift_configuration(resourceIdentifier=made.physical_id, zonalAutoshiftStatus=status)
    return made


def _delete(context: Context, made: Made, properties: Values) -> None:
    client = context.client("arc-zonal-shift")
    client.update_zonal_autoshift_configuration(resourceIdentifier=made.physical_id, zonalAutoshiftStatus="DISABLED")
    if ROUTINE in properties:
        client.delete_practice_run_configuration(resourceIdentifier=made.physical_id)


HANDLERS: dict[str, Handler] = {"AWS::ARCZonalShift::ZonalAutoshiftConfiguration": Functions(_create, _update, _delete)}
