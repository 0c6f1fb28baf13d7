"""What AWS's resource schemas say of updates, as `make create-only` wrote it down."""

from __future__ import annotations

import json
from functools import lru_cache
from importlib.resources import files


@lru_cache(maxsize=1)
def _known() -> dict[str, dict[str, list[str]]]:
    text = (files("cdk_standby_review.locks") / "create_only.json").read_text(encoding="utf-8")
    known: dict[str, dict[str, list[str]]] = json.loads(text)
    return known


def listed(kind: str) -> tuple[str, ...]:
    """The properties of a type whose change replaces it, always or in some cases, as `A.B` or `A.*.B`."""
    schema = _known().get(kind, {})
    return (*schema.get("create_only", ()), *schema.get("conditional", ()))


def is_conditional(kind: str, name: str) -> bool:
    """Whether AWS replaces for this property in some cases only."""
    return name in _known().get(kind, {}).get("conditional", ())
