"""What a value of a template can be, beside plain ones."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .plain import is_object, list_of


@dataclass(frozen=True, slots=True)
class Reference:
    """Another resource, or one of its attributes."""

    template: str
    logical_id: str
    attribute: str = ""

    def __str__(self) -> str:
        return f"${{{self.logical_id}{'.' * bool(self.attribute)}{self.attribute}}}"


@dataclass(frozen=True, slots=True)
class Partial:
    """A text of which some parts are known only at deployment; they stand in it as `${...}`."""

    text: str
    references: tuple[Reference, ...] = ()

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class Unknown:
    """A value that only a deployment can tell, and why."""

    why: str

    def __str__(self) -> str:
        return f"${{{self.why}}}"


@dataclass(frozen=True, slots=True)
class Zones:
    """The Availability Zones of a Region, whose names the account decides."""

    region: str

    def __str__(self) -> str:
        return f"${{zones of {self.region}}}"


class Nothing:
    """AWS::NoValue: the property is left out."""


NOTHING = Nothing()


def known(value: Any) -> bool:
    """Whether a value is known at synth, all of it."""
    return not isinstance(value, Reference | Partial | Unknown | Zones)


def joined(separator: str, parts: list[Any]) -> Any:
    """Parts put together: a plain text when all of them are known."""
    text = separator.join(map(str, parts))
    if all(map(known, parts)):
        return text
    found: list[Reference] = []
    for part in parts:
        found += [part] if isinstance(part, Reference) else part.references if isinstance(part, Partial) else ()
    return Partial(text, tuple(found))


def parts_of(value: Any, separator: str) -> Any:
    """A text taken apart, as lists go from stack to stack: what stood for a resource does so again."""
    if not isinstance(value, str | Partial):
        return value
    left = [*value.references] if isinstance(value, Partial) else []
    found: list[Any] = []
    for part in str(value).split(separator):
        whole = next((reference for reference in left if str(reference) == part.strip()), None)
        if whole is not None:
            left.remove(whole)
        found.append(whole or (Partial(part) if "${" in part and isinstance(value, Partial) else part))
    return found


def references_in(value: Any) -> list[Reference]:
    """Every resource that an evaluated value points at."""
    if isinstance(value, Reference):
        return [value]
    if isinstance(value, Partial):
        return list(value.references)
    if is_object(value):
        return [r for item in value.values() for r in references_in(item)]
    return [r for item in list_of(value) for r in references_in(item)]
