"""Writes what AWS's resource schemas, as cfn-lint ships them, say about updates of the resources that a lock holds.

The review must know this without cfn-lint: `make create-only` writes its data file anew.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, cast

from cfnlint.schema import PROVIDER_SCHEMA_MANAGER  # pyright: ignore[reportMissingTypeStubs]

from cdk_standby_review.locks.kinds import LOCKED

FILE = Path(__file__).parents[1] / "review" / "cdk_standby_review" / "locks" / "create_only.json"
REGION = "us-east-1"
LISTS = {"create_only": "createOnlyProperties", "conditional": "conditionalCreateOnlyProperties"}


def made() -> dict[str, dict[str, list[str]]]:
    """The file's content, made from the installed schemas."""
    return {kind: _of(_schema(kind)) for kind in sorted(LOCKED)}


def _schema(kind: str) -> dict[str, list[str] | None]:
    found = cast("Any", PROVIDER_SCHEMA_MANAGER).get_resource_schema(REGION, kind)
    return cast("dict[str, list[str] | None]", found.schema)


def _of(schema: dict[str, list[str] | None]) -> dict[str, list[str]]:
    """`/properties/A/B` of a schema is `A.B` here; `*` stands for every item of a list."""
    return {
        ours: sorted(path.removeprefix("/properties/").replace("/", ".") for path in schema.get(theirs) or ())
        for ours, theirs in LISTS.items()
    }


def text(content: dict[str, dict[str, list[str]]]) -> str:
    """One line per list: an update of the schemas is a diff that can be read."""
    return json.dumps(content, indent=2) + "\n"


if __name__ == "__main__":
    FILE.write_text(text(made()), encoding="utf-8")
