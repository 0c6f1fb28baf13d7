"""The line of a resource in the file of its template."""

from __future__ import annotations

import re
from pathlib import Path

from ..graph import Resource


class Lines:
    """Looks up lines, and reads every file once."""

    def __init__(self) -> None:
        self._files: dict[str, dict[str, int]] = {}

    def of(self, resource: Resource) -> int | None:
        """Where a resource begins, counted from 1; None when its file cannot be read any more, or is a single line."""
        file = resource.template.origin
        if file not in self._files:
            self._files[file] = _lines(file)
        return self._files[file].get(resource.logical_id)


def _lines(file: str) -> dict[str, int]:
    """The lines of everything one level below `Resources`, in JSON as in YAML."""
    try:
        text = Path(file).read_text(encoding="utf-8").splitlines() if file else []
    except (OSError, UnicodeDecodeError):
        return {}
    found: dict[str, int] = {}
    outer = inner = -1
    for number, line in enumerate(text, 1):
        key = re.match(r'(\s*)["\']?([\w:.-]+)["\']?\s*:', line)
        if key is None:
            continue
        depth = len(key[1])
        if outer < 0:
            outer = depth if key[2] == "Resources" else -1
        elif depth <= outer:
            break
        else:
            inner = depth if inner < 0 else inner
            if depth == inner:
                found.setdefault(key[2], number)
    return found
