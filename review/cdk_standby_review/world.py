"""All templates together: how one asks for what another exports, passes or puts out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from .intrinsics import Evaluator, Unknown
from .plain import object_of
from .templates import Template


class World:
    """Answers the evaluators' questions about other templates."""

    def __init__(self, templates: Iterable[Template]) -> None:
        self._templates = {t.name: t for t in templates}
        self._evaluators = {name: Evaluator(t, self) for name, t in self._templates.items()}
        self._stacks: dict[tuple[str, str], list[Template]] = defaultdict(list)
        self._children: dict[tuple[str | None, str], list[Template]] = defaultdict(list)
        for template in self._templates.values():
            self._stacks[template.stack, template.region or ""].append(template)
            self._children[template.parent, template.parent_id].append(template)
        self._exports: dict[tuple[str | None, str], tuple[Template, Any]] | None = None
        self._carried: dict[tuple[Any, str], tuple[Template, Any]] | None = None

    def evaluator(self, template: Template) -> Evaluator:
        """The evaluator of one template."""
        return self._evaluators[template.name]

    def argument(self, template: Template, name: str, depth: int) -> Any:
        """What the parent stack passes for a parameter, or None."""
        parent = self._templates.get(template.parent or "")
        if parent is None:
            return None
        resource = section(parent.body, "Resources").get(template.parent_id, {})
        passed = section(section(resource, "Properties"), "Parameters")
        return self.evaluator(parent).value(passed[name], depth + 1) if name in passed else None

    def imported(self, template: Template, name: str, depth: int) -> Any:
        """The value that another stack of this Region exports under a name."""
        if self._exports is None:
            self._exports = {}  # an export that is called by what it imports has no name
            self._exports = self._all_exports()
        found = self._exports.get((template.region, name))
        return Unknown(f"import {name}") if found is None else self.evaluator(found[0]).value(found[1], depth + 1)

    def output(self, stack: str, name: str, region: str, depth: int) -> Any:
        """An output of another stack, by the stack's name."""
        for other in self._stacks.get((stack, region), ()):
            outputs = section(other.body, "Outputs")
            if name in outputs:
                return self.evaluator(other).value(section(outputs, name).get("Value"), depth + 1)
        return Unknown(f"output {name} of {stack}")

    def nested_output(self, template: Template, logical_id: str, name: str, depth: int) -> Any:
        """An output of a nested stack of this template, or None."""
        for child in self._children.get((template.name, logical_id), ()):
            output = section(section(child.body, "Outputs"), name)
            return self.evaluator(child).value(output["Value"], depth + 1) if "Value" in output else None
        return None

    def carried(self, template: Template, name: str, depth: int) -> Any:
        """What the CDK carries from a stack of another Region under a name, or None."""
        if self._carried is None:
            self._carried = self._all_carried()
        found = self._carried.get((template.region, name))
        return None if found is None else self.evaluator(found[0]).value(found[1], depth + 1)

    def _all_carried(self) -> dict[tuple[Any, str], tuple[Template, Any]]:
        """By the Region that is carried to and the name: who writes it there, and what."""
        found: dict[tuple[Any, str], tuple[Template, Any]] = {}
        for template in self._templates.values():
            for resource in map(object_of, section(template.body, "Resources").values()):
                if resource.get("Type") == "Custom::CrossRegionExportWriter":
                    said = section(section(resource, "Properties"), "WriterProps")
                    for name, value in section(said, "exports").items():
                        found[str(said.get("region")), str(name)] = (template, value)
        return found

    def _all_exports(self) -> dict[tuple[str | None, str], tuple[Template, Any]]:
        found: dict[tuple[str | None, str], tuple[Template, Any]] = {}
        for template in self._templates.values():
            for output in section(template.body, "Outputs").values():
                export = section(output, "Export")
                if "Name" in export:
                    name = str(self.evaluator(template).value(export["Name"]))
                    found[(template.region, name)] = (template, output.get("Value"))
        return found


def section(document: Any, name: str) -> Mapping[str, Any]:
    """A part of a document that is an object; empty when it is missing or something else."""
    return object_of(object_of(document).get(name))
