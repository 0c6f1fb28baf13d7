"""The review for code scanning: SARIF 2.1.0, as GitHub and others read it.

https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
"""

from __future__ import annotations

import json
import os
import tomllib
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from .._review import Review
from ..changes import Kind
from ..findings import Severity
from ..rules import RULES
from ._results import Result, results
from ._rules import OTHERS

SCHEMA: Final = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
LEVELS: Final = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}
FINGERPRINT: Final = "cdkStandby/v1"


def as_sarif(review: Review) -> str:
    """The review as SARIF, the same bytes for the same input."""
    return json.dumps(document(review), indent=2, ensure_ascii=False) + "\n"


def document(review: Review) -> dict[str, Any]:
    """The review as a log of one run."""
    found = [*results(review)]
    rules = _rules({result.finding.rule for result in found})
    index = {rule["id"]: number for number, rule in enumerate(rules)}
    return {
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {"driver": {"name": "cdk-standby", "semanticVersion": _version(), "rules": rules}},
                "columnKind": "unicodeCodePoints",
                "results": [_result(each, index) for each in found],
            }
        ],
    }


def _version() -> str:
    try:
        return version("cdk-standby")
    except PackageNotFoundError:  # run from a checkout, as the GitHub Action does
        project = Path(__file__).parents[3] / "pyproject.toml"
        return str(tomllib.loads(project.read_text("utf-8"))["project"]["version"]) if project.is_file() else "0.0.0"


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


def _result(result: Result, index: dict[str, int]) -> dict[str, Any]:
    finding, meant = result.finding, result.meant
    told: dict[str, Any] = {
        "ruleId": finding.rule,
        "ruleIndex": index[finding.rule],
        "level": LEVELS[finding.severity],
        "message": {"text": result.text},
        "locations": [_location(result)],
        "partialFingerprints": {FINGERPRINT: result.fingerprint},
    }
    return told | ({"suppressions": [{"kind": "external", "justification": meant}]} if meant else {})


def _uri(file: str) -> str:
    """A path as a URI, relative ones relative to where the review was started."""
    return Path(file).as_uri() if Path(file).is_absolute() else quote(os.fsencode(Path(file).as_posix()))


def _location(result: Result) -> dict[str, Any]:
    """The resource in its template; what is about the whole workload, or is gone, stands at the first line."""
    resource = result.finding.resource
    location: dict[str, Any] = {
        "physicalLocation": {"artifactLocation": {"uri": _uri(result.file)}, "region": {"startLine": result.line}}
    }
    if resource is None:
        return location
    name = {"name": resource.logical_id, "fullyQualifiedName": resource.name, "kind": "resource"}
    return location | {"logicalLocations": [name]}
