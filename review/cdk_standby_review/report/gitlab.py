"""The review for merge requests of GitLab: a Code Quality report.

https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

from .._review import Review
from ..findings import Severity
from ._results import Result, results

SEVERITIES: Final = {Severity.ERROR: "critical", Severity.WARNING: "major", Severity.INFO: "info"}


def as_gitlab(review: Review) -> str:
    """The review as GitLab's Code Quality reads it, the same bytes for the same input. What is meant is left out."""
    told = [_told(result) for result in results(review) if not result.meant]
    return json.dumps(told, indent=2, ensure_ascii=False) + "\n"


def _told(result: Result) -> dict[str, Any]:
    return {
        "description": result.text,
        "check_name": result.finding.rule,
        "fingerprint": result.fingerprint,
        "severity": SEVERITIES[result.finding.severity],
        "location": {"path": _in_repository(result.file), "lines": {"begin": result.line}},
    }


def _in_repository(file: str) -> str:
    """GitLab takes paths from the root of the repository, where its jobs start."""
    path = Path(file)
    told = (path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path).as_posix()
    return told.encode(errors="backslashreplace").decode()
