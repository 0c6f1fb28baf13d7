"""The review for code scanning: SARIF 2.1.0, as GitHub and others read it.

https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from .._review import Review
from ..changes import Kind
from ..findings import Finding, Severity
from ..graph import Resource
from ..rules import RULES
from ..templates import Template
from ._lines import Lines
from ._rules import OTHERS

SCHEMA: Final = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
LEVELS: Final = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}
FINGERPRINT: Final = "cdkStandby/v1"


def as_sarif(review: Review) -> str:
    """The review as SARIF, the same bytes for the same input."""
    return json.dumps(document(review), indent=2, ensure_ascii=False) + "\n"


def document(review: Review) -> dict[str, Any]:
    """The review as a log of one run."""
    found = [*_found(review)]
    rules = _rules({finding.rule for finding, _ in found})
    index = {rule["id"]: number for number, rule in enumerate(rules)}
    return {
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {"driver": {"name": "cdk-standby", "semanticVersion": _version(), "rules": rules}},
                "columnKind": "unicodeCodePoints",
                "results": [*_results(found, index, review.templates)],
            }
        ],
    }


def _found(review: Review) -> Iterator[tuple[Finding, str]]:
    """Findings, and of the changes those that somebody has to look at; each with the reason when it is meant."""
    yield from ((finding, "") for finding in review.findings)
    yield from review.acknowledged
    for change in review.changes or ():
        if change.severity is not Severity.INFO:
            yield change.as_finding(), change.meant


def _version() -> str:
    try:
        return version("cdk-standby")
    except PackageNotFoundError:
        return "0.0.0"


def _rules(ids: set[str]) -> list[dict[str, Any]]:
    known = {rule.id: (rule.severity, rule.why, rule.source) for rule in RULES} | OTHERS
    known |= {str(kind): (Severity.WARNING, kind.about, "") for kind in Kind if str(kind) not in known}
    return [_rule(each, *known.get(each, (Severity.WARNING, each, ""))) for each in sorted(ids)]


def _rule(name: str, severity: Severity, why: str, source: str) -> dict[str, Any]:
    page = f" Source: {source}" if source else ""
    rule: dict[str, Any] = {
        "id": name,
        "shortDescription": {"text": f"{why[:1].upper()}{why[1:]}"},
        "help": {"text": f"{why}.{page}", "markdown": f"{why}.{page}"},
        "defaultConfiguration": {"level": LEVELS[severity]},
        "properties": {"tags": ["resilience"]},
    }
    return rule | ({"helpUri": source} if source.startswith("https://") else {})


def _results(
    found: Iterable[tuple[Finding, str]], index: dict[str, int], templates: tuple[Template, ...]
) -> Iterator[dict[str, Any]]:
    seen: dict[str, int] = {}
    lines = Lines()
    for finding, meant in sorted(found, key=_order):
        place = "|".join((finding.rule, *(finding.resource.key if finding.resource else ("", ""))))
        seen[place] = seen.get(place, 0) + 1
        again = f"|{seen[place]}" if seen[place] > 1 else ""
        fix = f". Fix: {finding.fix}" if finding.fix else ""
        result: dict[str, Any] = {
            "ruleId": finding.rule,
            "ruleIndex": index[finding.rule],
            "level": LEVELS[finding.severity],
            "message": {"text": f"{finding.message}{fix}"},
            "locations": [_location(finding.resource, templates, lines)],
            "partialFingerprints": {FINGERPRINT: hashlib.sha256(f"{place}{again}".encode()).hexdigest()},
        }
        yield result | ({"suppressions": [{"kind": "external", "justification": meant}]} if meant else {})


def _order(found: tuple[Finding, str]) -> tuple[str, tuple[str, str], str]:
    finding, _ = found
    return (finding.rule, finding.resource.key if finding.resource else ("", ""), finding.message)


def _uri(file: str) -> str:
    """A path as a URI, relative ones relative to where the review was started."""
    return Path(file).as_uri() if Path(file).is_absolute() else quote(Path(file).as_posix())


def _location(resource: Resource | None, templates: tuple[Template, ...], lines: Lines) -> dict[str, Any]:
    """The resource in its template; what is about the whole workload, or is gone, stands at the first line."""
    by_name = {template.name: template for template in templates}
    here = by_name.get(resource.template.name) if resource else None
    template = here or next(iter(templates), None)
    uri = _uri(template.origin or template.file) if template else "."
    line = lines.of(resource) if resource and here is resource.template else None
    location: dict[str, Any] = {
        "physicalLocation": {"artifactLocation": {"uri": uri}, "region": {"startLine": line or 1}}
    }
    if resource is None:
        return location
    name = {"name": resource.logical_id, "fullyQualifiedName": resource.name, "kind": "resource"}
    return location | {"logicalLocations": [name]}
