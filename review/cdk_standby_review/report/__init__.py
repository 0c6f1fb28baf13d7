"""The review as people and programs read it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from .._review import Review
from .gitlab import as_gitlab
from .html import as_html
from .json import as_json
from .markdown import as_markdown
from .sarif import as_sarif
from .text import as_text

FORMATS: Mapping[str, Callable[[Review], str]] = {
    "gitlab": as_gitlab,
    "html": as_html,
    "markdown": as_markdown,
    "json": as_json,
    "sarif": as_sarif,
    "text": as_text,
}

__all__ = ["FORMATS", "as_gitlab", "as_html", "as_json", "as_markdown", "as_sarif", "as_text"]
