"""Tables whose fate AWS documents, and what the review says about them."""

from __future__ import annotations

from typing import Any

import pytest

from cdk_standby_review.faults import outcomes, unknown_types
from cdk_standby_review.graph import Graph

IRELAND, FRANKFURT, A = "eu-west-1", "eu-central-1", "eu-west-1a"
SURVIVES, ITSELF, RUNBOOK, LOST, UNKNOWN = (
    "survives", "recovers by itself", "recovers by runbook", "lost", "unknown",
)  # fmt: skip
_GUIDE = "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/"
_GLOBAL = _GUIDE + "V2globaltables_HowItWorks.html"
_RECOVERY = _GUIDE + "PointInTimeRecovery_Howitworks.html"
_ZONES = _GUIDE + "disaster-recovery-resiliency.html"
RECOVERS = {"PointInTimeRecoverySpecification": {"PointInTimeRecoveryEnabled": True}}


def table(m: Any, *regions: Any, recovers: bool = True, **properties: Any) -> dict[str, Any]:
    replicas = [{"Region": region, **(RECOVERS if recovers else {})} for region in regions or (IRELAND,)]
    return {"Orders": m.resource("AWS::DynamoDB::GlobalTable", Replicas=replicas, **properties)}


def strong(m: Any, *regions: str, witness: str | None = None) -> dict[str, Any]:
    third = {"GlobalTableWitnesses": [{"Region": witness}]} if witness else {}
    return table(m, *regions, MultiRegionConsistency="STRONG", **third)


BOTH = (IRELAND, FRANKFURT)
# (what, what stands in Ireland, fault, place, fate, where AWS says so)
TRUTH: list[tuple[str, Any, str, str, str, str]] = [
    ("a table, one of its hosts lost", table, "instance", "", SURVIVES, _ZONES),
    ("a global table, a zone of its Region lost", lambda m: table(m, *BOTH), "zone", A, SURVIVES, _ZONES),
    ("a strong table in three Regions, its Region lost", lambda m: strong(m, *BOTH, "eu-west-2"), "region", IRELAND,
     ITSELF, _GLOBAL),
    ("a table whose replicas only the deployment knows: nothing is guessed",
     lambda m: {"Orders": m.resource("AWS::DynamoDB::GlobalTable", Replicas={"Ref": "Replicas"})}, "region", IRELAND,
     UNKNOWN, _GLOBAL),
    ("items of a global table are deleted: in every replica, so that another Region is no help",
     lambda m: table(m, *BOTH, recovers=False), "deletion", "", LOST, _GLOBAL),
    ("items of a recoverable global table are deleted", lambda m: table(m, *BOTH), "deletion", "", RUNBOOK, _RECOVERY),
    ("items of a table in a backup plan are deleted",
     lambda m: table(m, recovers=False) | m.backup({"Fn::GetAtt": ["Orders", "Arn"]}), "deletion", "", RUNBOOK,
     _GUIDE + "BackupRestore.html"),
    ("a table in a plan that copies its backups, its Region lost",
     lambda m: table(m) | m.backup({"Fn::GetAtt": ["Orders", "Arn"]}), "region", IRELAND, RUNBOOK,
     _GUIDE + "BackupRestore.html"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("build", "fault", "place", "fate", "source"), [row[1:] for row in TRUTH], ids=[row[0] for row in TRUTH]
)
def test_the_review_says_what_aws_says(make, build, fault, place, fate, source):
    graph = Graph([make.template(make.network() | build(make))])

    [found] = [
        outcome
        for outcome in outcomes(graph)
        if outcome.resource.logical_id == "Orders"
        and str(outcome.case.fault) == fault
        and place in ("", outcome.case.zone or outcome.case.region)
    ]

    assert str(found.fate) == fate, source


@pytest.mark.parametrize(("build", "loses"), [(table, (0, 1)), (strong, (0, 0))], ids=["eventual", "strong"])
def test_replicas_that_follow_lose_a_second_and_replicas_that_agree_lose_nothing(make, build, loses):
    graph = Graph([make.template(build(make, *BOTH, "eu-west-2"))])

    [lost] = [o for o in outcomes(graph) if str(o.case.fault) == "region" and o.resource.logical_id == "Orders"]

    assert (lost.judgement.rpo.low, lost.judgement.rpo.high) == loses
    assert lost.judgement.rto.high == 0
    assert lost.judgement.says == "the replica in eu-central-1, eu-west-2 takes reads and writes"


TABLES = (
    "AWS::ApplicationAutoScaling::ScalableTarget", "AWS::ApplicationAutoScaling::ScalingPolicy",
    "AWS::CloudWatch::Alarm", "AWS::DynamoDB::GlobalTable", "AWS::DynamoDB::Table", "AWS::IAM::ManagedPolicy",
    "AWS::IAM::Role", "AWS::KMS::Key", "AWS::Scheduler::Schedule",
    "AWS::Scheduler::ScheduleGroup",
)  # fmt: skip


def test_every_type_that_tables_are_made_of_is_known(make):
    made = {f"R{n}": make.resource(kind) for n, kind in enumerate(TABLES)}

    assert unknown_types(Graph([make.template(made)])) == {}
