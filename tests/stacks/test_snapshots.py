"""A change shows as a template diff, one JSON file per stack."""

from __future__ import annotations

import json
import re

import pytest
from syrupy.extensions.json import JSONSnapshotExtension

HASH = re.compile(r"\b[0-9a-f]{64}\b")
SITES = ("eu-west-1", "eu-central-1")
STACKS = [
    "database",
    "traffic",
    *(f"{site}-{part}" for site in SITES for part in ("network", "vault", "data", "service")),
]


@pytest.mark.parametrize("stack", STACKS)
def test_template(standby, snapshot, stack):
    masked = json.loads(HASH.sub("<asset>", json.dumps(standby.templates[f"Shop-{stack}"])))

    assert masked == snapshot(extension_class=JSONSnapshotExtension)
