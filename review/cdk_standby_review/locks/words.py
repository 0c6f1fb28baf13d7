"""What would happen to data, in words for whoever has to decide."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any, Final

from ..plain import object_of
from . import updates
from .conditions import conditions
from .differences import Difference, Effect
from .entries import Entry, entry_of
from .kinds import NAMES_REPEAT
from .places import Place
from .schemas import is_conditional
from .values import computed, same

LEFT: Final = {
    "Retain": "leave the old one behind, outside of the stack",
    "RetainExceptOnCreate": "leave the old one behind, outside of the stack",
    "Snapshot": "delete the old one, with a last snapshot",
    "Delete": "delete the old one with all that is in it",
}
ALL: Final = " with all that is in it"
EMPTY_ONLY: Final = frozenset({"AWS::S3::Bucket", "AWS::S3Express::DirectoryBucket"})
"""Nobody deletes them with objects in them, CloudFormation neither: the page of `POLICIES` says so."""
POLICIES: Final = "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-attribute-deletionpolicy.html"

Fresh = tuple[Place, str, Entry]
"""A resource that the lock does not know yet: its stack, its logical id, and itself."""
Words = tuple[str, str, str]
"""What would happen, what to do against it, and the page of AWS that says so."""


def words_of(place: Place, one: Difference, fresh: Sequence[Fresh]) -> Words:
    """What a difference means.

    Args:
        place: the stack.
        one: the difference.
        fresh: what the lock does not know yet, anywhere in the app: somebody else may have taken the place.
    """
    what = {Effect.REPLACED: _replaced, Effect.DELETED: _deleted, Effect.UNPROTECTED: _unprotected}[one.effect]
    return what(place, one, fresh)


def _replaced(place: Place, one: Difference, _fresh: Sequence[Fresh]) -> Words:
    source = updates.source(one.entry.type, one.property)
    return f"{_cause(one)}; CloudFormation would {_outcome(place, one)}", "put it back", source


def _cause(one: Difference) -> str:
    kind, name = one.entry.type, one.property
    if one.by:
        return f"{name} points at {one.by}, which would be replaced"
    change = f"{name} would change from {_shown(one.before)} to {_shown(one.after)}"
    if updates.writes_anew(kind, name):
        return change
    unknown = is_conditional(kind, name) and (kind, name) not in conditions()
    may = " in some cases, and this is none of those that AWS documents as in place" if unknown else ""
    case = "; they differ in case only" if _only_case(one.before, one.after) else ""
    same_then = " unless the two come to the same" if computed(one.before) or computed(one.after) else ""
    return f"{change}, which replaces an {kind}{may}{same_then}{case}"


def _outcome(place: Place, one: Difference) -> str:
    if updates.writes_anew(one.entry.type, one.property):
        return "write another value into it, and a database that was made with the old one keeps that"
    after = entry_of(object_of(place.resources.get(one.logical_id)))
    if after.name is not None and same(after.name, one.entry.name) and one.entry.type not in NAMES_REPEAT:
        return "try to make another one of the same name beside it, and fail"
    return f"make {_fresh_one(one.entry)} and {_left(one.entry, after.replacement)}"


def _fresh_one(entry: Entry) -> str:
    return "a new, empty one" if entry.holds_data else "another one"


def _left(entry: Entry, policy: str) -> str:
    left = LEFT.get(policy, LEFT["Delete"])
    if entry.type in EMPTY_ONLY:
        return left.replace(ALL, ", which fails as long as there are objects in it")
    return left if entry.holds_data else left.replace(ALL, "")


def _deleted(place: Place, one: Difference, fresh: Sequence[Fresh]) -> Words:
    left = _left(one.entry, one.entry.deletion).replace("the old one", "this one")
    if one.after is not None:
        words = f"its type would change from {one.before} to {one.after}, which CloudFormation refuses"
        return words, "keep the type, or give the other resource an id of its own", POLICIES
    if taken := _taken(place, one, fresh):
        return (
            f"{taken}, which is another resource to CloudFormation: it would make {_fresh_one(one.entry)} and {left}",
            ("keep the id and the stack"),
            POLICIES,
        )
    return f"it is gone; CloudFormation would {left}", "put it back", POLICIES


def _taken(place: Place, one: Difference, fresh: Sequence[Fresh]) -> str:
    """What became of a resource that is gone: another id, or another stack."""
    alike = [(p, i, e) for p, i, e in fresh if e.type == one.entry.type]
    here = [(i, e) for p, i, e in alike if p is place]
    for logical_id, _ in here:
        if logical_id.lower() == one.logical_id.lower():
            return f"its id would become {logical_id}, the same but for case"
    for logical_id, entry in here:
        if (entry.path and entry.path == one.entry.path) or _same_name(entry, one.entry):
            return f"its id would become {logical_id}"
    for other, logical_id, entry in alike:
        if other is not place and (logical_id == one.logical_id or _same_name(entry, one.entry)):
            return f"it would move to stack {stack_name(other.key)}" + f" as {logical_id}" * (
                logical_id != one.logical_id
            )
    if len(here) == 1 and same(here[0][1].values, one.entry.values):
        return f"its id would become {here[0][0]}"
    return ""


def _same_name(one: Entry, other: Entry) -> bool:
    return isinstance(one.name, str) and isinstance(other.name, str) and one.name.lower() == other.name.lower()


def _unprotected(_place: Place, one: Difference, _fresh: Sequence[Fresh]) -> Words:
    when = "removed" if one.property == "DeletionPolicy" else "replaced"
    left = _left(one.entry, one.after).replace("the old one", "this one")
    words = (
        f"{one.property} would change from {one.before} to {one.after}; once it is {when}, CloudFormation would {left}"
    )
    return words, f"keep {one.property} {one.before}", POLICIES


def _shown(value: Any) -> str:
    return "nothing" if value is None else json.dumps(value, sort_keys=True, ensure_ascii=False)


def _only_case(before: Any, after: Any) -> bool:
    return isinstance(before, str) and isinstance(after, str) and before.lower() == after.lower()


def stack_name(key: str) -> str:
    """The stack's name, with account and Region where they are known."""
    account, region, name = key.split("/", 2) if key.count("/") >= 2 else ("*", "*", key)
    where = "/".join(part for part in (account, region) if part != "*")
    return f"{name} in {where}" if where else name


def names_of(keys: Iterable[str]) -> str:
    names = [key.rsplit("/", 1)[-1] for key in keys]
    return ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "") if names else "no stacks"
