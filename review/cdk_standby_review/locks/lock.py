"""The lock itself, and the file that it is kept in."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from ..documents import read_json
from ..errors import UnreadableInput
from ..plain import is_list, is_object
from .entries import Entry
from .kinds import LOCKED

FORMAT: Final = 1
FILE: Final = "data.lock.json"
MADE_BY: Final = "cdk-standby lock"


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """A change of locked data that somebody meant."""

    stack: str
    resource: str
    effect: str
    property: str = ""
    before: Any = None
    after: Any = None
    because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Lock:
    """The data of an app as it is deployed, by stack and logical id, and what was accepted on the way there."""

    stacks: Mapping[str, Mapping[str, Entry]] = field(default_factory=dict[str, Mapping[str, Entry]])
    history: tuple[Accepted, ...] = ()

    @property
    def resources(self) -> int:
        """How many resources are locked."""
        return sum(map(len, self.stacks.values()))


def read_lock(path: str | Path) -> Lock:
    """Read a lock.

    Raises:
        UnreadableInput: there is no such file, or it is no lock; one line says why.
    """
    file = Path(path)
    if not file.is_file():
        raise UnreadableInput(f"{file}: there is no such lock; make one with '{MADE_BY} cdk.out --file {file}'")
    document = read_json(file)
    if not is_object(document) or not is_object(document.get("stacks")) or not is_list(document.get("history", [])):
        raise UnreadableInput(f"{file}: not a lock of data, it has no 'stacks'; make one with '{MADE_BY}'")
    if document.get("format") != FORMAT:
        raise UnreadableInput(f"{file}: 'format' is {document.get('format')!r}; this version reads {FORMAT}")
    return Lock(
        stacks={key: _stack(file, key, found) for key, found in document["stacks"].items()},
        history=tuple(_accepted(file, one) for one in document.get("history", [])),
    )


def _stack(file: Path, key: str, found: Any) -> dict[str, Entry]:
    if not is_object(found):
        raise UnreadableInput(f"{file}: stack '{key}' is no object")
    return {logical_id: _entry(file, f"'{logical_id}' of '{key}'", entry) for logical_id, entry in found.items()}


def _entry(file: Path, where: str, found: Any) -> Entry:
    texts = ("type", "path", "DeletionPolicy", "UpdateReplacePolicy")
    if not is_object(found) or "type" not in found or any(not isinstance(found.get(t, ""), str) for t in texts):
        raise UnreadableInput(f"{file}: {where} is no locked resource: it needs a 'type', and texts beside it")
    properties = found.get("properties", {})
    if not is_object(properties):
        raise UnreadableInput(f"{file}: 'properties' of {where} is no object")
    return Entry(
        type=found["type"],
        path=found.get("path", ""),
        deletion=found.get("DeletionPolicy", "Delete"),
        replacement=found.get("UpdateReplacePolicy", "Delete"),
        values=properties,
    )


def _accepted(file: Path, found: Any) -> Accepted:
    texts = ("stack", "resource", "effect", "because")
    if not is_object(found) or any(not isinstance(found.get(text), str) for text in texts):
        raise UnreadableInput(f"{file}: an entry of 'history' lacks one of {', '.join(texts)}")
    return Accepted(
        **{text: found[text] for text in texts},
        property=str(found.get("property", "")),
        before=found.get("before"),
        after=found.get("after"),
    )


def text_of(lock: Lock) -> str:
    """A lock as it is committed: in a fixed order, one line per property, so that a diff shows what changed."""
    document = {
        "format": FORMAT,
        "stacks": {
            key: {logical_id: _written(lock.stacks[key][logical_id]) for logical_id in sorted(lock.stacks[key])}
            for key in sorted(lock.stacks)
        },
        "history": [_line(one) for one in lock.history],
    }
    return _json(document) + "\n"


def _written(entry: Entry) -> dict[str, Any]:
    named = {"named_by": LOCKED[entry.type]} if entry.name is not None else {}
    return {
        "type": entry.type,
        **({"path": entry.path} if entry.path else {}),
        "DeletionPolicy": entry.deletion,
        "UpdateReplacePolicy": entry.replacement,
        **named,
        "properties": {name: _Line(entry.values[name]) for name in sorted(entry.values)},
    }


def _line(one: Accepted) -> dict[str, Any]:
    changed = {"property": one.property} if one.property else {}
    values = {"before": _Line(one.before), "after": _Line(one.after)}
    return {
        "stack": one.stack,
        "resource": one.resource,
        "effect": one.effect,
        **changed,
        **values,
        "because": one.because,
    }


@dataclass(frozen=True, slots=True)
class _Line:
    """A value that is written on one line."""

    value: Any


def _json(value: Any, indent: str = "") -> str:
    deeper = indent + "  "
    if isinstance(value, _Line):
        return json.dumps(value.value, sort_keys=True, ensure_ascii=False)
    if is_object(value) and value:
        lines = [f"{deeper}{json.dumps(name, ensure_ascii=False)}: {_json(v, deeper)}" for name, v in value.items()]
        return "{\n" + ",\n".join(lines) + f"\n{indent}}}"
    if is_list(value) and value:
        return "[\n" + ",\n".join(deeper + _json(item, deeper) for item in value) + f"\n{indent}]"
    return json.dumps(value, ensure_ascii=False)
