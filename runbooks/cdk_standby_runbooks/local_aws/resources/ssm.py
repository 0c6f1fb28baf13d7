"""Parameters, documents, and associations of State Manager."""

from __future__ import annotations

from ._functions import Functions
from ._model import Context, Handler, Made, Unsupported
from ._send import Values, send, without
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


def _document(context: Context, properties: Values) -> Made:
    """Kept, and its text checked; nothing here carries out what it says."""
    given = {"Name": context.name(128, lower=False), **without(properties, "UpdateMethod")}
    told = send(context.client("ssm"), "CreateDocument", given, context.dropped)
    return Made(told["DocumentDescription"]["Name"])


def _new_version(context: Context, made: Made, before: Values, after: Values) -> Made:
    changed = [name for name in after if after[name] != before.get(name) and name not in ("Tags", "UpdateMethod")]
    if not changed:
        return made
    if after.get("UpdateMethod") != "NewVersion":
        raise Unsupported(f"{context.type}: changing {', '.join(changed)} without UpdateMethod NewVersion replaces it")
    ssm = context.client("ssm")
    given = without(after, "UpdateMethod", "DocumentType", "Tags", "Requires")
    change = {**given, "Name": made.physical_id, "DocumentVersion": "$LATEST"}
    told = send(ssm, "UpdateDocument", change, context.dropped)["DocumentDescription"]
    ssm.update_document_default_version(Name=made.physical_id, DocumentVersion=told["DocumentVersion"])
    return made


def _end_document(context: Context, made: Made, _: Values) -> None:
    context.client("ssm").delete_document(Name=made.physical_id)


HANDLERS: dict[str, Handler] = {
    "AWS::SSM::Parameter": Functions(_create, _update, _delete),
    "AWS::SSM::Document": Functions(_document, _new_version, _end_document),
    "AWS::SSM::Association": Functions(_associate, _reassociate, _dissociate),
}
