"""Reads a template and its graph: JSON first, since reading YAML takes a hundred times as long."""

from __future__ import annotations

import importlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from ..errors import ServiceError
from .shapes import is_list, is_map, text_and_names

SUB = re.compile(r"\$\{([^}]*)\}")
# CDK adds it for Fn::ToJsonString and Fn::Length, which are evaluated here; every other transform is a macro on AWS.
TRANSFORMS = {"AWS::LanguageExtensions"}
# https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html
MOST = {"Resources": 500, "Outputs": 200, "Parameters": 200, "Mappings": 200}


def invalid(message: str) -> ServiceError:
    """CloudFormation's one code for everything that is wrong with a request or a template."""
    return ServiceError("ValidationError", message)


@dataclass(frozen=True)
class Template:
    """A parsed template."""

    raw: dict[str, Any]

    @classmethod
    def parse(cls, text: str) -> Template:
        """Read JSON, or YAML with its short forms of intrinsics."""
        try:
            raw: Any = json.loads(text)
        except ValueError:
            raw = _yaml(text)
        if not is_map(raw) or not isinstance(raw.get("Resources"), dict) or not raw["Resources"]:
            raise invalid("Template format error: At least one Resources member must be defined.")
        for section, most in MOST.items():
            if (count := len(raw.get(section) or {})) > most:
                told = f"Number of {section.lower()}, {count}, is greater than maximum allowed, {most}"
                raise invalid(f"Template format error: {told}")
        template = cls(raw)
        asked: Any = raw.get("Transform", [])
        macros = sorted({str(name) for name in (asked if is_list(asked) else [asked])} - TRANSFORMS)
        if macros:
            raise invalid(f"Transforms are not modelled by this local AWS: {', '.join(macros)}")
        return template

    def section(self, name: str) -> dict[str, Any]:
        found: dict[str, Any] = self.raw.get(name) or {}
        return found

    @cached_property
    def resources(self) -> dict[str, dict[str, Any]]:
        return self.section("Resources")


def references(value: Any) -> set[str]:
    """Every name that a value refers to: resources, parameters and pseudo parameters."""
    if is_list(value):
        return set[str]().union(*(references(item) for item in value))
    if not is_map(value):
        return set()
    found: set[str] = set()
    for key, inner in value.items():
        if key == "Ref" and isinstance(inner, str):
            found.add(inner)
        elif key == "Fn::GetAtt":
            found.add(inner.split(".")[0] if isinstance(inner, str) else str(inner[0]))
        elif key == "Fn::Sub":
            text, extra = text_and_names(inner)
            names = {name.split(".")[0] for name in SUB.findall(text) if not name.startswith("!")}
            found |= (names - set(extra)) | references(extra)
        else:
            found |= references(inner)
    return found


def needs(body: Mapping[str, Any], among: Iterable[str]) -> set[str]:
    """The resources that must exist before this one."""
    asked = body.get("DependsOn", [])
    named = {asked} if isinstance(asked, str) else set(asked)
    return (references(body.get("Properties", {})) | named) & set(among)


def in_order(bodies: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """Logical ids so that each comes after what it needs."""
    waiting = {name: needs(body, bodies) - {name} for name, body in bodies.items()}
    ordered: list[str] = []
    while waiting:
        ready = [name for name, before in waiting.items() if not before & waiting.keys()]
        if not ready:
            raise invalid(f"Circular dependency between resources: [{', '.join(sorted(waiting))}]")
        ordered += ready
        for name in ready:
            del waiting[name]
    return ordered


def _yaml(text: str) -> Any:
    yaml: Any = importlib.import_module("yaml")  # late, since the CDK writes JSON

    Loader: Any = type("Loader", (yaml.SafeLoader,), {})  # noqa: N806  a class that knows `!Ref` and its kind

    def intrinsic(loader: Any, suffix: str, node: Any) -> Any:
        name = suffix if suffix in ("Ref", "Condition") else f"Fn::{suffix}"
        if isinstance(node, yaml.ScalarNode):
            value: Any = loader.construct_scalar(node)
            return {name: value.split(".", 1) if suffix == "GetAtt" else value}
        if isinstance(node, yaml.SequenceNode):
            return {name: loader.construct_sequence(node, deep=True)}
        return {name: loader.construct_mapping(node, deep=True)}

    Loader.add_multi_constructor("!", intrinsic)
    # Dates such as 2010-09-09 stay text.
    Loader.yaml_implicit_resolvers = {
        first: [(tag, found) for tag, found in resolvers if tag != "tag:yaml.org,2002:timestamp"]
        for first, resolvers in Loader.yaml_implicit_resolvers.items()
    }
    try:
        return yaml.load(text, Loader=Loader)
    except yaml.YAMLError as error:
        raise invalid(f"Template format error: YAML not well-formed. {error}") from None
