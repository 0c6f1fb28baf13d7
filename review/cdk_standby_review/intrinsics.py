"""What CloudFormation's intrinsic functions come to, as far as it can be known without deploying.

Plain values stay plain. A reference to a resource becomes a `Reference`; a text that holds one becomes
a `Partial`; what only a deployment can tell becomes `Unknown`, and is never guessed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, Protocol

from .errors import UnreadableInput
from .plain import is_list, is_object, object_of, within
from .templates import Template
from .values import NOTHING, Nothing, Partial, Reference, Unknown, Zones, joined, known, parts_of, references_in

__all__ = ["DEEPEST", "Evaluator", "Partial", "Reference", "Unknown", "Zones", "joined", "known", "references_in"]

DEEPEST = 60
"""Values nested deeper than this (or in a circle) are not followed."""
MOST = 1_000_000
"""Values that a template comes to: a few that take each other twice, and those again, come to any number."""

_ZONE_NAMES = "List<AWS::EC2::AvailabilityZone::Name>"
"""The kind of parameter by which somebody chooses zones: each once, whichever they are."""
_CARRIED = "/cdk/exports/"
"""How the names begin under which the CDK carries values from Region to Region."""


class Elsewhere(Protocol):
    """What a template can ask of the templates around it."""

    def argument(self, template: Template, name: str, depth: int) -> Any:
        """What the parent stack passes for a parameter, or None."""
        ...

    def imported(self, template: Template, name: str, depth: int) -> Any:
        """The value that another stack of this Region exports under a name."""
        ...

    def output(self, stack: str, name: str, region: str, depth: int) -> Any:
        """An output of another stack, by the stack's name."""
        ...

    def nested_output(self, template: Template, logical_id: str, name: str, depth: int) -> Any:
        """An output of a nested stack of this template, or None."""
        ...

    def carried(self, template: Template, name: str, depth: int) -> Any:
        """What the CDK carries from a stack of another Region under a name, or None."""
        ...


class Evaluator:
    """Evaluates the values of one template."""

    def __init__(self, template: Template, elsewhere: Elsewhere) -> None:
        self._template = template
        self._elsewhere = elsewhere
        self._left = MOST
        self._conditions: dict[str, bool | None] = {}
        self._functions: dict[str, Callable[[Any, int], Any]] = {
            "Ref": self._ref,
            "Fn::GetAtt": self._get_att,
            "Fn::Sub": self._sub,
            "Fn::Join": self._join,
            "Fn::Select": self._select,
            "Fn::Split": self._split,
            "Fn::If": self._if,
            "Fn::GetAZs": self._zones,
            "Fn::FindInMap": self._find_in_map,
            "Fn::ImportValue": self._import,
            "Fn::GetStackOutput": self._stack_output,
        }

    def value(self, raw: Any, depth: int = 0) -> Any:
        """A value with every intrinsic function replaced by what it comes to."""
        if depth > DEEPEST:
            return Unknown("nested too deep")
        self._left -= 1
        if self._left < 0:
            raise UnreadableInput(f"{self._template.file}: its values come to more than {MOST:,}")
        if is_list(raw):
            return [v for item in raw if not isinstance(v := self.value(item, depth + 1), Nothing)]
        if not is_object(raw):
            return raw
        if len(raw) == 1:
            name, argument = next(iter(raw.items()))
            if name in self._functions:
                return self._functions[name](argument, depth + 1)
            if name.startswith("Fn::"):
                return Unknown(name)
        found = {str(k): self.value(v, depth + 1) for k, v in raw.items()}
        return {k: v for k, v in found.items() if not isinstance(v, Nothing)}

    def condition(self, name: str) -> bool | None:
        """Whether a named condition holds with the parameters' defaults; None when it cannot be known."""
        if name not in self._conditions:
            self._conditions[name] = None  # for whom it asks itself about on its way
            self._conditions[name] = self._holds(_section(self._template, "Conditions").get(name), 1)
        return self._conditions[name]

    def _holds(self, raw: Any, depth: int) -> bool | None:
        if depth > DEEPEST or not is_object(raw) or len(raw) != 1:
            return None
        function, argument = next(iter(raw.items()))
        if function == "Condition":
            return self.condition(str(argument))
        if not is_list(argument):
            return None
        if function == "Fn::Equals":
            sides = [self.value(side, depth) for side in argument]
            return len(set(map(str, sides))) == 1 if all(map(known, sides)) else None
        answers = [self._holds(part, depth + 1) for part in argument]
        return _combined(function, answers)

    def _ref(self, name: Any, depth: int) -> Any:
        template, name = self._template, str(name)
        if name.startswith("AWS::"):
            return self._pseudo(name)
        if name in _section(template, "Resources"):
            return Reference(template.name, name)
        parameter = _section(template, "Parameters").get(name)
        return (
            self._parameter(name, parameter, depth)
            if is_object(parameter)
            else Unknown(f"{name} is not in the template")
        )

    def _parameter(self, name: str, parameter: Mapping[str, Any], depth: int) -> Any:
        passed = self._elsewhere.argument(self._template, name, depth)
        value, kind = passed if passed is not None else parameter.get("Default"), str(parameter.get("Type", ""))
        if kind == _ZONE_NAMES and (not value or isinstance(value, Unknown)):
            return Zones(self._template.region or "the Region")
        if value is None or kind.startswith("AWS::SSM::Parameter"):
            return Unknown(f"parameter {name}")
        if "List" in kind and isinstance(value, str | Partial):
            return [part.strip() if isinstance(part, str) else part for part in parts_of(value, ",")]
        return value

    def _pseudo(self, name: str) -> Any:
        region, account = self._template.region, self._template.account
        china, government = (region or "").startswith("cn-"), (region or "").startswith("us-gov-")
        known_at_synth = {
            "AWS::Region": region,
            "AWS::AccountId": account,
            "AWS::Partition": region and ("aws-cn" if china else "aws-us-gov" if government else "aws"),
            "AWS::URLSuffix": region and ("amazonaws.com.cn" if china else "amazonaws.com"),
            "AWS::StackName": self._template.stack,
            "AWS::NoValue": NOTHING,
        }
        value = known_at_synth.get(name)
        return Unknown(name) if value is None else value

    def _get_att(self, argument: Any, depth: int) -> Any:
        parts = argument.split(".", 1) if isinstance(argument, str) else argument
        if not is_list(parts) or len(parts) != 2 or not isinstance(parts[0], str):
            return Unknown("Fn::GetAtt")
        logical_id, attribute = parts[0], str(parts[1])
        if attribute.startswith("Outputs."):
            nested = self._elsewhere.nested_output(self._template, logical_id, attribute[8:], depth)
            if nested is not None:
                return nested
        if attribute.startswith(_CARRIED):
            carried = self._elsewhere.carried(self._template, attribute, depth)
            if carried is not None:
                return carried
        return Reference(self._template.name, logical_id, attribute)

    def _sub(self, argument: Any, depth: int) -> Any:
        parts: list[Any] = [*argument, {}, {}] if is_list(argument) else [argument, {}]
        text, names = parts[0], parts[1]
        if not isinstance(text, str) or not is_object(names):
            return Unknown("Fn::Sub")
        parts = []
        for index, part in enumerate(re.split(r"\$\{([^}]*)\}", text)):
            if index % 2 == 0:
                parts.append(part)
            elif part.startswith("!"):
                parts.append("${" + part[1:] + "}")
            elif part in names:
                parts.append(self.value(names[part], depth))
            else:
                parts.append(self._get_att(part, depth) if "." in part else self._ref(part, depth))
        return joined("", parts)

    def _join(self, argument: Any, depth: int) -> Any:
        if not is_list(argument) or len(argument) != 2:
            return Unknown("Fn::Join")
        parts = self.value(argument[1], depth)
        if isinstance(parts, Zones):
            return parts  # somebody passes on the zones that were chosen
        return joined(str(argument[0]), parts) if is_list(parts) else Unknown("Fn::Join")

    def _select(self, argument: Any, depth: int) -> Any:
        if not is_list(argument) or len(argument) != 2:
            return Unknown("Fn::Select")
        index, items = self.value(argument[0], depth), self.value(argument[1], depth)
        if not str(index).isdecimal() or len(str(index)) > len(str(MOST)):
            return Unknown("Fn::Select")
        if isinstance(items, Zones):
            return f"zone {int(index) + 1} of {items.region}"
        if is_list(items) and int(index) < len(items):
            return items[int(index)]
        return Unknown("Fn::Select")

    def _split(self, argument: Any, depth: int) -> Any:
        if not is_list(argument) or len(argument) != 2:
            return Unknown("Fn::Split")
        separator, text = argument[0], self.value(argument[1], depth)
        whole = isinstance(text, str | Partial) and isinstance(separator, str) and separator
        return parts_of(text, separator) if whole else Unknown("Fn::Split")

    def _if(self, argument: Any, depth: int) -> Any:
        if not is_list(argument) or len(argument) != 3:
            return Unknown("Fn::If")
        holds = self.condition(str(argument[0]))
        if holds is None:
            return Unknown(f"condition {argument[0]}")
        return self.value(argument[1 if holds else 2], depth)

    def _zones(self, argument: Any, depth: int) -> Any:
        region = self.value(argument, depth) or self._template.region
        return Zones(region if isinstance(region, str) else "the Region")

    def _find_in_map(self, argument: Any, depth: int) -> Any:
        if not is_list(argument) or len(argument) < 3:
            return Unknown("Fn::FindInMap")
        keys = [self.value(key, depth) for key in argument[:3]]
        found = within(_section(self._template, "Mappings"), *map(str, keys)) if all(map(known, keys)) else None
        return Unknown("Fn::FindInMap") if found is None else found  # mappings hold no functions

    def _import(self, argument: Any, depth: int) -> Any:
        name = self.value(argument, depth)
        return self._elsewhere.imported(self._template, str(name), depth)

    def _stack_output(self, argument: Any, depth: int) -> Any:
        asked = self.value(argument, depth)
        if not is_object(asked):
            return Unknown("Fn::GetStackOutput")
        region = asked.get("Region") or self._template.region or ""
        stack, output = str(asked.get("StackName")), str(asked.get("OutputName"))
        return self._elsewhere.output(stack, output, str(region), depth)


def _section(template: Template, name: str) -> Mapping[str, Any]:
    return object_of(template.body.get(name))


def _combined(function: str, answers: list[bool | None]) -> bool | None:
    if function == "Fn::Not" and len(answers) == 1:
        return None if answers[0] is None else not answers[0]
    deciding = {"Fn::And": False, "Fn::Or": True}.get(function)
    if deciding is None:
        return None
    return deciding if deciding in answers else None if None in answers else not deciding
