"""Findings that somebody meant: acknowledged in the CDK's way beside the construct, or in a file with reasons.

The CDK writes `Validations.of(x).acknowledge(...)` into the assembly. The file is for templates that are not ours.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .changes import Kind
from .documents import read_document
from .errors import UnreadableInput
from .findings import Finding, Severity
from .graph import Resource
from .locks.judged import RULE_IDS
from .plain import is_list, is_object
from .rules import RULES
from .templates import Template
from .verdict import AT_RISK, MISSED, UNPROVEN

TOOL = "cdk-standby"
UNUSED = "acknowledgement-unused"
KNOWN = frozenset({*(rule.id for rule in RULES), *RULE_IDS, *map(str, Kind), MISSED, AT_RISK, UNPROVEN, UNUSED})
"""Every id that can be acknowledged."""
FIELDS = ("rule", "resource", "reason")
_FORM = 'acknowledgements are a list of {"rule": "...", "resource": "...", "reason": "..."}'


@dataclass(frozen=True, slots=True, kw_only=True)
class Acknowledgement:
    """One line of a file of acknowledgements."""

    rule: str
    resource: str
    """A logical id, `stack/logical id`, or a construct path; empty for what is about the whole workload."""
    reason: str
    file: str = ""

    def means(self, finding: Finding) -> bool:
        """Whether it is about a finding."""
        return self.rule == finding.rule and _is(self.resource, finding.resource)


def _is(name: str, resource: Resource | None) -> bool:
    if resource is None or not name:
        return resource is None and not name
    return name in {resource.logical_id, f"{resource.template.name}/{resource.logical_id}", resource.path}


def read_acknowledgements(path: str | Path) -> tuple[Acknowledgement, ...]:
    """Read a file of acknowledgements, JSON or YAML.

    Raises:
        UnreadableInput: there is no such file, or it says something else; one line says what.
    """
    file = Path(path)
    if not file.is_file():
        raise UnreadableInput(f"{file}: there is no such file")
    found = read_document(file)
    if not is_list(found):
        raise UnreadableInput(f"{file}: {_FORM}")
    return tuple(_read(file, number, raw) for number, raw in enumerate(found, 1))


def _read(file: Path, number: int, raw: Any) -> Acknowledgement:
    where = f"{file}: entry {number}"
    if not is_object(raw):
        raise UnreadableInput(f"{where}: {_FORM}")
    if unknown := sorted(map(str, set(raw) - set(FIELDS))):
        raise UnreadableInput(f"{where}: unknown field {', '.join(unknown)}; known: {', '.join(FIELDS)}")
    for field in ("rule", "reason"):
        if not isinstance(raw.get(field), str) or not raw[field].strip():
            raise UnreadableInput(f"{where}: '{field}' is missing; {_FORM}")
    if not isinstance(raw.get("resource", ""), str):
        raise UnreadableInput(f"{where}: 'resource' is no text; {_FORM}")
    _known(where, raw["rule"])
    return Acknowledgement(
        rule=raw["rule"], resource=raw.get("resource", ""), reason=raw["reason"].strip(), file=file.name
    )


def _known(where: str, rule: str) -> None:
    if rule not in KNOWN:
        near = difflib.get_close_matches(rule, sorted(KNOWN), n=1)
        hint = f"; did you mean '{near[0]}'?" if near else ""
        raise UnreadableInput(f"{where}: unknown rule '{rule}'{hint}")


def reasons(given: Iterable[Acknowledgement] = ()) -> Callable[[Finding], str | None]:
    """Who is asked for the reason of a finding: the file first, then the assembly."""
    listed = tuple(given)

    def reason(finding: Finding) -> str | None:
        return next((each.reason for each in listed if each.means(finding)), None) or reason_for(finding)

    return reason


def check_rules(templates: Iterable[Template]) -> None:
    """Refuse acknowledgements in an assembly that name a rule of ours which does not exist.

    Raises:
        UnreadableInput: there is one; it says where.
    """
    for template in templates:
        for path, reasons in template.acknowledged.items():
            for rule in reasons:
                if rule.startswith(f"{TOOL}::"):
                    _known(f"{template.file}: {path}: acknowledgement", rule.removeprefix(f"{TOOL}::"))


def unused(given: Iterable[Acknowledgement], found: Iterable[Finding]) -> list[Finding]:
    """A hint for every line of a file that is about nothing any more."""
    found = tuple(found)
    return [
        Finding(
            rule=UNUSED,
            severity=Severity.INFO,
            message=f"{each.file}: {each.rule} of {each.resource or 'the workload'} is acknowledged, and not found",
            fix="remove the entry",
            source=TOOL,
        )
        for each in given
        if not any(map(each.means, found))
    ]


def reason_for(finding: Finding) -> str | None:
    """Why a finding is meant, when it was acknowledged at its construct or above; else None."""
    resource = finding.resource
    if resource is None or not resource.path:
        return None
    for path, reasons in sorted(resource.template.acknowledged.items(), reverse=True):
        reason = reasons.get(f"{TOOL}::{finding.rule}")
        if reason is not None and f"{resource.path}/".startswith(f"{path.removesuffix('/Resource')}/"):
            return reason
    return None
