"""Most resource types are one row: which operations make, change and end them, where names stand in the answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from botocore.exceptions import ClientError

from ._model import Context, Made, Unsupported
from ._send import BROKEN, Values, code_of, differences, dig, input_of, is_map, output_of, send, without
from ._tags import set_tags

Attribute = str | Callable[[Context, Values, Values], Any]
Also = Callable[[Context, str, Values], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A handler as data.

    Args:
        service: botocore's name of it.
        create: the operation, as AWS spells it.
        id: path of the physical id in the answer, or a function of context, parameters and answer.
        answer: path of the resource in the operation's answer. Left out: the answer is the resource.
        named: the parameter that gets a generated name when the template gives none.
        limit: characters of a generated name.
        lower: whether a generated name is in lower case.
        renames: property to parameter, where they differ.
        shape: makes the parameters of `create` from the properties, after `renames`.
        attributes: what `Fn::GetAtt` knows: a path in the resource, or a function.
        also: calls after creation and after every update, for properties in `apart`.
        apart: properties that `create` does not take; `also` takes them.
        update: the operation that changes it in place; without it only properties in `apart` can change.
        update_id: the parameter that names the resource in `update`. Left out: as in `delete`.
        update_extra: more parameters of `update`.
        delete: the operation.
        delete_id: the parameter that names the resource.
        delete_extra: more parameters of `delete`.
        gone: error codes that mean that it is deleted already.
        unkept: properties that read back differently on AWS as well, so that no comparison is fair.
    """

    service: str
    create: str
    id: str | Callable[[Context, Values, Values], str]
    answer: str = ""
    named: str = ""
    limit: int = 63
    lower: bool = True
    renames: Mapping[str, str] = field(default_factory=dict[str, str])
    shape: Callable[[Context, Values], Values] = lambda _, properties: properties
    attributes: Mapping[str, Attribute] = field(default_factory=dict[str, Attribute])
    also: tuple[Also, ...] = ()
    apart: tuple[str, ...] = ()
    update: str = ""
    update_id: str = ""
    update_extra: Mapping[str, Any] = field(default_factory=dict[str, Any])
    delete: str = ""
    delete_id: str = ""
    delete_extra: Mapping[str, Any] = field(default_factory=dict[str, Any])
    gone: tuple[str, ...] = ()
    unkept: tuple[str, ...] = ()


class RowHandler:
    """Does what a row says."""

    def __init__(self, row: Row) -> None:
        self.row = row

    def create(self, context: Context, properties: dict[str, Any]) -> Made:
        row = self.row
        client = context.client(row.service)
        parameters = self._parameters(context, properties)
        if row.named and not parameters.get(row.named):
            parameters[row.named] = context.name(row.limit, lower=row.lower)
        answer = send(client, row.create, parameters, context.dropped)
        resource = dig(answer, row.answer)
        self._tell_what_was_lost(context, client, parameters, resource)
        physical_id = row.id(context, parameters, resource) if callable(row.id) else str(dig(resource, row.id))
        for act in row.also:
            act(context, physical_id, properties)
        return Made(physical_id, _attributes(row, context, parameters, resource or {}))

    def update(self, context: Context, made: Made, before: dict[str, Any], after: dict[str, Any]) -> Made:
        row = self.row
        changed, removed = differences(before, after)
        sent = without(changed, *row.apart, "Tags")
        lost = [name for name in removed if name not in (*row.apart, "Tags")]
        if lost:
            raise Unsupported(f"{context.type}: taking {', '.join(lost)} away is not modelled here")
        if sent:
            self._change(context, made.physical_id, sent)
        if "Tags" in changed or "Tags" in removed:
            set_tags(context, row.service, made, before.get("Tags", []), after.get("Tags", []))
        if any(name in row.apart for name in (*changed, *removed)):
            for act in row.also:
                act(context, made.physical_id, after)
        return made

    def delete(self, context: Context, made: Made, properties: dict[str, Any]) -> None:
        row = self.row
        if not row.delete:
            return
        parameters = {row.delete_id: made.physical_id, **row.delete_extra}
        try:
            send(context.client(row.service), row.delete, parameters)
        except ClientError as error:
            if code_of(error) not in row.gone:
                raise

    def _parameters(self, context: Context, properties: Mapping[str, Any]) -> Values:
        given = without(properties, *self.row.apart)
        return self.row.shape(context, {self.row.renames.get(name, name): value for name, value in given.items()})

    def _change(self, context: Context, physical_id: str, changed: Mapping[str, Any]) -> None:
        row = self.row
        if not row.update:
            raise Unsupported(f"{context.type}: changing {', '.join(sorted(changed))} in place is not modelled here")
        client = context.client(row.service)
        sent = self._parameters(context, changed)
        strange = sorted(set(sent) - set(input_of(client, row.update).members))
        if strange:
            raise Unsupported(f"{context.type}: {row.update} cannot change {', '.join(strange)}")
        which = {row.update_id or row.delete_id: physical_id}
        send(client, row.update, {**sent, **row.update_extra, **which}, context.dropped)

    def _tell_what_was_lost(self, context: Context, client: Any, sent: Mapping[str, Any], resource: Any) -> None:
        """What was declared and does not read back was dropped behind us: say so, by name."""
        if not is_map(resource) or not resource:
            return
        shape = output_of(client, self.row.create)
        for step in filter(None, self.row.answer.split(".")):
            shape = shape.members[step] if shape.type_name == "structure" else shape.member
        for path in unlike(shape, sent, resource):
            if path.split(".")[0] not in self.row.unkept:
                context.dropped(path)


def _alike(member: Any, held: Any, wanted: Any) -> bool:
    if member.type_name in BROKEN and held is not None:
        return float(held) == float(wanted)
    return str(held).lower() == str(wanted).lower()


def unlike(shape: Any, sent: Mapping[str, Any], kept: Mapping[str, Any], path: str = "") -> list[str]:
    """Paths of scalars that were sent, that the answer has a place for, and that it does not hold."""
    found: list[str] = []
    for name, value in sent.items():
        if shape.type_name != "structure" or name not in shape.members or value is None:
            continue
        member, where = shape.members[name], f"{path}.{name}".lstrip(".")
        if member.type_name == "structure" and is_map(value):
            found += unlike(member, value, kept.get(name) or {}, where)
        elif member.type_name in ("list", "map", "structure", "timestamp"):
            if value and not kept.get(name):
                found.append(where)
        elif not _alike(member, kept.get(name), value):
            found.append(where)
    return found


def _attributes(row: Row, context: Context, parameters: Values, resource: Values) -> dict[str, Any]:
    return {
        name: path(context, parameters, resource) if callable(path) else dig(resource, path)
        for name, path in row.attributes.items()
    }


def rows(table: Mapping[str, Row]) -> dict[str, RowHandler]:
    """Handlers of a table."""
    return {type: RowHandler(row) for type, row in table.items()}
