"""Values of properties in words."""

from __future__ import annotations

import json
from typing import Any

LONGEST = 80
"""Characters of a value that are shown."""


def shown(value: Any) -> str:
    """A value as a person reads it on one line."""
    if value is None:
        return "nothing"
    text = value if isinstance(value, str) else json.dumps(value, sort_keys=True, ensure_ascii=False, default=str)
    return text if len(text) <= LONGEST else text[: LONGEST - 3] + "..."
