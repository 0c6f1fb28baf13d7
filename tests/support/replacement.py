"""Which changes of an option would make CloudFormation replace or delete data: the harness of every construct's tests.

`in_place(build, base, changes)` builds with the options of `base`, then once more with each change, and compares:

    def build(**options):
        stack = make_stack()
        AuroraCluster(stack, "Database", **options)
        return stack

    found = in_place(build, BASE, {"readers": 4, "database_name": "other", "single_az": Together(readers=0, ...)})

    assert replacing(found) == create_only_options(AuroraCluster) & set(found)
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import aws_cdk as cdk
from aws_cdk.assertions import Template

from cdk_standby_review.locks.differences import Effect, differences
from cdk_standby_review.locks.entries import entries
from cdk_standby_review.locks.kinds import DATA

OPENS_DATA = {"AWS::SecretsManager::Secret", "AWS::KMS::Key", "AWS::KMS::ReplicaKey"}
"""Data of a kind, yet not the database: a change that makes other credentials replaces no database."""
STORES = frozenset(DATA) - OPENS_DATA


class Together(dict[str, Any]):
    """Options that only make sense when they change together, under the name of the one that is meant."""


def in_place(
    build: Callable[..., cdk.Stack | Mapping[str, Any]],
    base: Mapping[str, Any],
    changes: Mapping[str, Any],
    *,
    types: Iterable[str] = STORES,
) -> dict[str, list[str]]:
    """By option: what its change would replace or delete, as `AWS::RDS::DBInstance.KmsKeyId`; nothing when in place.

    Args:
        build: takes options; gives a stack of an app of its own, or its template.
        base: the options before the change.
        changes: another value by option; `Together(a=1, b=2)` where one option needs a second.
        types: what counts as data; left out: stores, without secrets and keys.
    """
    before = template_of(build(**base))
    after = {
        option: template_of(build(**{**base, **(value if isinstance(value, Together) else {option: value})}))
        for option, value in changes.items()
    }
    return {option: lost(before, template, types=types) for option, template in after.items()}


def lost(before: Mapping[str, Any], after: Mapping[str, Any], *, types: Iterable[str] = STORES) -> list[str]:
    """What an update from one template to the other would replace or delete."""
    counted = frozenset(types)
    return sorted(
        {
            f"{one.entry.type}.{one.property}" if one.effect is Effect.REPLACED else f"{one.entry.type} deleted"
            for one in differences(entries(before["Resources"]), after["Resources"])
            if one.entry.type in counted and one.effect is not Effect.UNPROTECTED
        }
    )


def replacing(found: Mapping[str, list[str]]) -> set[str]:
    """The options whose change replaces or deletes something."""
    return {option for option, what in found.items() if what}


def template_of(built: cdk.Stack | Mapping[str, Any]) -> Mapping[str, Any]:
    """What CloudFormation gets."""
    return Template.from_stack(built).to_json() if isinstance(built, cdk.Stack) else built


def create_only_options(construct: type[Any]) -> set[str]:
    """The options whose text in the docstring of the constructor says "Create-only."."""
    return {name for name, text in described(construct).items() if text.endswith("Create-only.")}


def described(construct: type[Any]) -> dict[str, str]:
    """The texts of the options of a constructor, each on one line."""
    doc = inspect.getdoc(construct.__init__) or ""
    arguments = re.search(r"^Args:\n(.*?)(?:\n\S|\Z)", doc, re.MULTILINE | re.DOTALL)
    found = re.findall(r"^    (\w+): (.*(?:\n {5,}.*)*)", arguments[1] if arguments else "", re.MULTILINE)
    return {name: " ".join(text.split()) for name, text in found}
