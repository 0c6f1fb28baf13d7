"""Evaluates intrinsic functions, conditions, parameters and pseudo parameters against one stack."""

from __future__ import annotations

import base64
import ipaddress
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from .shapes import is_list, is_map, text_and_names
from .store import Resource
from .template import SUB, Template, invalid

NO_VALUE = object()


@dataclass
class World:
    """What lies outside the template: the stack's place, other stacks, and what other services answer.

    Args:
        pseudo: values of `AWS::Region` and the like.
        parameters: resolved values.
        imports: gives the value of an export, and remembers that it is used.
        stack_output: reads an output of another stack, perhaps in another Region.
        zones: names of a Region's zones.
        dynamic: resolves `{{resolve:...}}` inside a text.
    """

    pseudo: Mapping[str, Any]
    parameters: Mapping[str, Any] = field(default_factory=dict[str, Any])
    imports: Callable[[str], Any] = lambda name: name
    stack_output: Callable[[Mapping[str, Any]], Any] = lambda asked: asked
    zones: Callable[[str], list[str]] = lambda region: [f"{region}{letter}" for letter in "abc"]
    dynamic: Callable[[str], str] = lambda text: text


class Evaluator:
    """Resolves values of one template; `resources` grows while a deployment proceeds."""

    def __init__(self, template: Template, world: World, resources: Mapping[str, Resource] | None = None) -> None:
        self.template = template
        self.world = world
        self.resources: Mapping[str, Resource] = {} if resources is None else resources
        self._conditions: dict[str, bool] = {}
        self._functions: dict[str, Callable[[Any], Any]] = {
            "Ref": self.ref,
            "Condition": self.condition,
            "Fn::GetAtt": lambda a: self.attribute(*(a.split(".", 1) if isinstance(a, str) else a)),
            "Fn::Sub": self._sub,
            "Fn::Join": lambda a: self._text(a[0]).join(self._text(part) for part in self.list_of(a[1], "Fn::Join")),
            "Fn::Select": self._select,
            "Fn::Split": lambda a: self._text(a[1]).split(a[0]),
            "Fn::If": lambda a: self.value(a[1] if self.condition(a[0]) else a[2]),
            "Fn::FindInMap": self._find_in_map,
            "Fn::Base64": lambda a: base64.b64encode(self._text(a).encode()).decode(),
            "Fn::GetAZs": lambda a: self.world.zones(self.value(a) or self.world.pseudo["AWS::Region"]),
            "Fn::Cidr": self.cidr,
            "Fn::ImportValue": lambda a: self.world.imports(self._text(a)),
            "Fn::ToJsonString": lambda a: json.dumps(self.value(a), separators=(",", ":")),
            "Fn::Length": lambda a: len(self.list_of(a, "Fn::Length")),
            "Fn::GetStackOutput": lambda a: self.world.stack_output(self.value(a)),
            "Fn::Equals": lambda a: self._text(a[0]) == self._text(a[1]),
            "Fn::Not": lambda a: not self.value(a[0]),
            "Fn::And": lambda a: all(self.value(part) for part in a),
            "Fn::Contains": lambda a: self._text(a[1]) in map(_text, self.list_of(a[0], "Fn::Contains")),
            "Fn::Or": lambda a: any(self.value(part) for part in a),
        }

    def value(self, given: Any) -> Any:
        """The value with everything resolved; `AWS::NoValue` removes what holds it."""
        if isinstance(given, str):
            return self.world.dynamic(given) if "{{resolve:" in given else given
        if is_list(given):
            return [done for item in given if (done := self.value(item)) is not NO_VALUE]
        if not is_map(given):
            return given
        if len(given) == 1:
            ((name, argument),) = given.items()
            if name in ("Ref", "Condition") and isinstance(argument, str):
                return self._functions[name](argument)
            if name.startswith("Fn::"):
                if name not in self._functions:
                    raise invalid(f"Template error: {name} is not modelled by this local AWS")
                done = self._functions[name](argument)
                return self.world.dynamic(done) if isinstance(done, str) and "{{resolve:" in done else done
        return {key: done for key, item in given.items() if (done := self.value(item)) is not NO_VALUE}

    def condition(self, name: str) -> bool:
        """Whether a named condition holds."""
        if name not in self._conditions:
            conditions = self.template.section("Conditions")
            if name not in conditions:
                raise invalid(f"Template error: unresolved condition dependency {name}")
            self._conditions[name] = bool(self.value(conditions[name]))
        return self._conditions[name]

    def hold_rules(self) -> None:
        """Raise for the first assertion of `Rules` that is broken."""
        for name, rule in self.template.section("Rules").items():
            if "RuleCondition" in rule and not self.value(rule["RuleCondition"]):
                continue
            for assertion in rule["Assertions"]:
                if not self.value(assertion["Assert"]):
                    raise invalid(f"Template error: rule {name} failed: {assertion.get('AssertDescription', '')}")

    def wanted(self, section: str) -> dict[str, dict[str, Any]]:
        """Entries of a section whose condition holds."""
        entries = self.template.section(section)
        return {k: v for k, v in entries.items() if "Condition" not in v or self.condition(v["Condition"])}

    def ref(self, name: str) -> Any:
        """A parameter, a pseudo parameter, or a resource's physical id."""
        if name == "AWS::NoValue":
            return NO_VALUE
        for known in (self.world.pseudo, self.world.parameters):
            if name in known:
                return known[name]
        if name in self.resources:
            return self.resources[name].made.physical_id
        raise invalid(f"Template error: unresolved resource dependency [{name}]")

    def attribute(self, name: str, attribute: Any) -> Any:
        """An attribute of a resource, as its handler gave it."""
        wanted = self._text(attribute)
        if name not in self.resources:
            raise invalid(f"Template error: instance of Fn::GetAtt references undefined resource {name}")
        resource = self.resources[name]
        if wanted not in resource.made.attributes:
            raise invalid(f"Template error: {name} ({resource.type}) gives no attribute {wanted} on this local AWS")
        return resource.made.attributes[wanted]

    def _sub(self, argument: Any) -> str:
        text, extra = text_and_names(argument)

        def one(name: str) -> str:
            if name.startswith("!"):
                return "${" + name[1:] + "}"
            if name in extra:
                return self._text(extra[name])
            return _text(self.attribute(*name.split(".", 1)) if "." in name else self.ref(name))

        return SUB.sub(lambda match: one(match[1]), text)

    def _select(self, argument: Any) -> Any:
        index, options = int(self.value(argument[0])), self.list_of(argument[1], "Fn::Select")
        if not 0 <= index < len(options):
            raise invalid(f"Template error: Fn::Select cannot select nonexistent value at index {index}")
        return options[index]

    def _find_in_map(self, argument: Any) -> Any:
        name, first, second = (self._text(part) for part in argument[:3])
        row = self.template.section("Mappings").get(name, {}).get(first, {})
        if second in row:
            return self.value(row[second])
        if len(argument) > 3 and "DefaultValue" in argument[3]:
            return self.value(argument[3]["DefaultValue"])
        raise invalid(f"Template error: Unable to get mapping for {name}::{first}::{second}")

    def cidr(self, argument: Any) -> list[str]:
        """Blocks cut from a larger one."""
        block, count, *bits = (self.value(part) for part in argument)
        network = ipaddress.ip_network(self._text(block))
        subnets = network.subnets(new_prefix=network.max_prefixlen - int(bits[0] if bits else 8))
        return [str(subnet) for _, subnet in zip(range(int(count)), subnets, strict=False)]

    def list_of(self, given: Any, function: str) -> list[Any]:
        """The value, which must be a list."""
        found = self.value(given)
        if not is_list(found):
            raise invalid(f"Template error: {function} needs a list, got {found!r}")
        return found

    def _text(self, given: Any) -> str:
        return _text(self.value(given))


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if is_map(value) or is_list(value):
        raise invalid(f"Template error: a text is needed where {json.dumps(value)} was given")
    return str(value)
