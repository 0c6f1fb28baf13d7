"""Backup vaults: what their locks keep, and what is lost with their Region."""

from __future__ import annotations

import pytest

from cdk_standby_review.faults import unknown_types
from cdk_standby_review.graph import Graph

GAPPED = "AWS::Backup::LogicallyAirGappedBackupVault"
_GAP = "https://docs.aws.amazon.com/aws-backup/latest/devguide/logicallyairgappedvault.html"

# (what, type, properties, fault, fate, where AWS says so)
TRUTH = [
    ("an air-gapped vault, emptied", GAPPED, {"MinRetentionDays": 7}, "deletion", "survives", _GAP),
    ("an air-gapped vault alone, its Region lost", GAPPED, {"MinRetentionDays": 7}, "region", "lost", _GAP),
]


def name_of(case):
    """Of fault, place and logical id, what matters here."""
    fault, _, name = case
    return fault, name


@pytest.mark.parametrize(
    ("what", "kind", "properties", "fault", "fate", "source"), TRUTH, ids=[case[0] for case in TRUTH]
)
def test_the_review_judges_vaults_as_aws_documents(what, kind, properties, fault, fate, source, make, fates):
    template = make.template(make.network() | {"Vault": make.resource(kind, **properties)})

    found = {name_of(case): outcome for case, outcome in fates(template).items()}

    assert found[fault, "Vault"] == fate
    assert source.startswith("https://docs.aws.amazon.com/")


def test_what_tests_and_reports_are_made_of_is_known(make):
    kinds = [f"AWS::Backup::{name}" for name in ("ReportPlan", "RestoreTestingPlan", "RestoreTestingSelection")]
    template = make.template({f"R{n}": make.resource(kind) for n, kind in enumerate(kinds)})

    assert unknown_types(Graph([template])) == {}
