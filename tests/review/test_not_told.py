"""What only a deployment can tell is unknown: it is neither lost, nor found to be off."""

from __future__ import annotations

from typing import Any

import pytest

from cdk_standby_review import review_templates

ASKED = {"Ref": "Asked"}
POINT_IN_TIME = {"PointInTimeRecoverySpecification": {"PointInTimeRecoveryEnabled": ASKED}}


@pytest.mark.parametrize(
    ("kind", "properties", "said"),
    [
        (
            "AWS::DynamoDB::Table",
            POINT_IN_TIME,
            "whether it has point-in-time recovery is known only at deployment",
        ),
        (
            "AWS::DynamoDB::GlobalTable",
            {"Replicas": [{"Region": "eu-west-1", **POINT_IN_TIME}]},
            "whether it has point-in-time recovery is known only at deployment",
        ),
        (
            "AWS::Backup::BackupVault",
            {"LockConfiguration": {"MinRetentionDays": ASKED}},
            "how long its lock keeps backups is known only at deployment",
        ),
    ],
)
def test_a_protection_that_a_parameter_decides_is_unknown(
    make: Any, kind: str, properties: dict[str, Any], said: str
) -> None:
    template = make.template({"Kept": make.resource(kind, **properties)})
    template.body["Parameters"] = {"Asked": {"Type": "String"}}

    found = review_templates([template])

    [deletion] = [o for o in found.outcomes if str(o.case.fault) == "deletion"]
    assert (str(deletion.fate), deletion.judgement.says) == ("unknown", said)
    assert found.findings == ()


@pytest.mark.parametrize(
    ("kind", "properties", "said"),
    [
        (
            "AWS::DSQL::Cluster",
            {"MultiRegionProperties": {"WitnessRegion": "eu-west-2", "Clusters": [ASKED]}},
            "where its peer is, is known only at deployment",
        ),
        ("AWS::SecretsManager::Secret", {"ReplicaRegions": ASKED}, "ReplicaRegions is known only at deployment"),
        (
            "AWS::SecretsManager::Secret",
            {"ReplicaRegions": [{"Region": ASKED}]},
            "ReplicaRegions is known only at deployment",
        ),
    ],
)
def test_a_replica_that_a_parameter_decides_is_unknown(
    make: Any, kind: str, properties: dict[str, Any], said: str
) -> None:
    template = make.template({"Kept": make.resource(kind, **properties)})
    template.body["Parameters"] = {"Asked": {"Type": "String"}}

    found = review_templates([template])

    [region] = [o for o in found.outcomes if str(o.case.fault) == "region"]
    assert (str(region.fate), region.judgement.says) == ("unknown", said)


def test_a_table_that_a_backup_plan_selects_is_not_gone(make: Any) -> None:
    table = {"Orders": make.resource("AWS::DynamoDB::Table")} | make.backup({"Fn::GetAtt": ["Orders", "Arn"]})

    found = review_templates([make.template(table)])

    assert "table-point-in-time" not in {finding.rule for finding in found.findings}
