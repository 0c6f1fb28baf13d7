"""Parameters, and associations of State Manager."""

from __future__ import annotations

from ._functions import Functions
from ._model import Context, Handler, Made
from ._send import Values, send
from ._tags import listed, pairs


def _put(context: Context, name: str, properties: Values, **more: object) -> Made:
    parameters = {**properties, **more, "Name": name}
    send(context.client("ssm"), "PutParameter", parameters, context.dropped)
    return Made(name, {"Type": properties["Type"], "Value": properties["Value"]})


def _create(context: Context, properties: Values) -> Made:
    name = properties.get("Name") or context.name(1011, lower=False)
    return _put(context, name, properties, Tags=listed(pairs(properties.get("Tags", {}))))


def _update(context: Context, made: Made, before: Values, after: Values) -> Made:
    # Tags cannot be given when overwriting.
    without_tags = {name: value for name, value in after.items() if name != "Tags"}
    changed = _put(context, made.physical_id, without_tags, Overwrite=True)
    if after.get("Tags"):
        where = {"ResourceType": "Parameter", "ResourceId": made.physical_id}
        context.client("ssm").add_tags_to_resource(**where, Tags=listed(pairs(after["Tags"])))
    return changed


def _delete(context: Context, made: Made, _: Values) -> None:
    context.client("ssm").delete_parameter(Name=made.physical_id)


def _associate(context: Context, properties: Values) -> Made:
    answer = send(context.client("ssm"), "CreateAssociation", properties, context.dropped)
    id = answer["AssociationDescription"]["AssociationId"]
    return Made(id, {"AssociationId": id})


def _reassociate(context: Context, made: Made, before: Values, after: Values) -> Made:
    send(context.client("ssm"), "UpdateAssociation", {**after, "AssociationId": made.physical_id}, context.dropped)
    return made


def _dissociate(context: Context, made: Made, _: Values) -> None:
    context.client("ssm").delete_association(AssociationId=made.physical_id)


HANDLERS: dict[str, Handler] = {
    "AWS::SSM::Parameter": Functions(_create, _update, _delete),
    "AWS::SSM::Association": Functions(_associate, _reassociate, _dissociate),
}
