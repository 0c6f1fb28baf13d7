"""The app that people copy, as `python app.py` writes it: a change shows as a template diff, a JSON file per stack."""

from __future__ import annotations

import json
import re

import pytest
from syrupy.extensions.json import JSONSnapshotExtension
from syrupy.extensions.single_file import SingleFileSnapshotExtension, WriteMode

from cdk_standby_review.report import as_text

HASH = re.compile(r"\b[0-9a-f]{64}\b")
HERE, THERE = "eu-west-1", "eu-central-1"
WHOLE = [f"{site}-{part}" for site in (HERE, THERE) for part in ("network", "vault", "data", "service")]
STACKS = {
    "MultiAz": [part for part in WHOLE if HERE in part],
    "BackupRestore": [*(part for part in WHOLE if HERE in part), f"{THERE}-vault"],
    "PilotLight": WHOLE,
    "WarmStandby": WHOLE,
    "MultiSite": WHOLE,
}
NAMES = [f"{stage}-Shop-{part}" for stage, parts in STACKS.items() for part in ("database", "traffic", *parts)]


class TextSnapshot(SingleFileSnapshotExtension):
    """A report, as people read it."""

    _write_mode = WriteMode.TEXT
    file_extension = "txt"


@pytest.fixture(scope="module")
def templates(assembly):
    """By stack name, with hashes of assets masked."""
    found = {}
    for manifest in assembly.glob("assembly-*/manifest.json"):
        for artifact in json.loads(manifest.read_text())["artifacts"].values():
            if artifact["type"] == "aws:cloudformation:stack":
                text = (manifest.parent / artifact["properties"]["templateFile"]).read_text()
                found[artifact["properties"]["stackName"]] = json.loads(HASH.sub("<asset>", text))
    return found


def test_every_strategy_is_a_stage_with_the_stacks_of_its_table(templates):
    assert sorted(templates) == sorted(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_template(templates, snapshot, name):
    assert templates[name] == snapshot(extension_class=JSONSnapshotExtension)


def test_the_review_of_the_whole_app_finds_nothing(reviewed):
    assert reviewed.findings == ()
    assert {verdict.status for verdict in reviewed.verdicts} == {"met"}


def test_what_the_review_says_of_the_whole_app(reviewed, snapshot):
    """Its figures are those that the documentation cites: another one is a decision, and shows here."""
    assert as_text(reviewed) == snapshot(extension_class=TextSnapshot)
