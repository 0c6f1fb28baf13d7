"""Buckets, queues, secrets and images as AWS documents their fate, and what the review says about them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from cdk_standby_review.faults import outcomes, unknown_types
from cdk_standby_review.graph import Graph

IRELAND, FRANKFURT, A = "eu-west-1", "eu-central-1", "eu-west-1a"
SURVIVES, ITSELF, RUNBOOK, LOST = "survives", "recovers by itself", "recovers by runbook", "lost"
_S3 = "https://docs.aws.amazon.com/AmazonS3/latest/userguide/"
_SQS = "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/disaster-recovery-resiliency.html"
_ECR = "https://docs.aws.amazon.com/AmazonECR/latest/userguide/replication.html"
Build = Callable[[Any], tuple[dict[str, Any], dict[str, Any]]]
"""What stands in Ireland, and what in Frankfurt."""


def bucket(m: Any, name: str = "shop-here", status: str | None = None, *, in_time: bool = True) -> dict[str, Any]:
    time = {"ReplicationTime": {"Status": "Enabled"}} if in_time else {}
    rule = {"Status": status, "Destination": {"Bucket": "arn:aws:s3:::shop-there", **time}}
    copied = {"ReplicationConfiguration": {"Rules": [rule]}} if status else {}
    return {"Bucket": m.resource("AWS::S3::Bucket", BucketName=name, **copied)}


def point(m: Any, *buckets: str) -> dict[str, Any]:
    regions = [{"Bucket": name} for name in buckets]
    return {"Point": m.resource("AWS::S3::MultiRegionAccessPoint", Regions=regions)}


def queue(m: Any) -> dict[str, Any]:
    redrive = {"deadLetterTargetArn": {"Fn::GetAtt": ["Dead", "Arn"]}}
    return {"Queue": m.resource("AWS::SQS::Queue", RedrivePolicy=redrive), "Dead": m.resource("AWS::SQS::Queue")}


def images(m: Any, prefix: str | None = None) -> dict[str, Any]:
    rule = {
        "Destinations": [{"Region": FRANKFURT, "RegistryId": "111111111111"}],
        "RepositoryFilters": [{"Filter": prefix, "FilterType": "PREFIX_MATCH"}],
    }
    sent = {"Registry": m.resource("AWS::ECR::ReplicationConfiguration", ReplicationConfiguration={"Rules": [rule]})}
    return {"Images": m.resource("AWS::ECR::Repository", RepositoryName="shop/web"), **(sent if prefix else {})}


# (what, what stands in both Regions, fault, place, logical id, fate, where AWS says so)
TRUTH: list[tuple[str, Build, str, str, str, str, str]] = [
    ("the same, and the Region of its stack is not lost but the other",
     lambda m: (bucket(m) | point(m, "shop-here", "shop-there"), bucket(m, "shop-there")), "region", FRANKFURT,
     "Point", RUNBOOK, _S3 + "MultiRegionAccessPointFailover.html"),
    ("a repository beside the prefixes that are sent away, its Region lost", lambda m: (images(m, "other/"), {}),
     "region", IRELAND, "Images", LOST, _ECR),
]  # fmt: skip


@pytest.mark.parametrize(
    ("what", "build", "fault", "place", "logical_id", "fate", "source"), TRUTH, ids=[t[0] for t in TRUTH]
)
def test_the_review_judges_as_aws_documents(what, build, fault, place, logical_id, fate, source, make, fates):
    here, there = build(make)
    templates = [
        make.template(make.network() | here),
        make.template(make.network(region=FRANKFURT) | there, region=FRANKFURT),
    ]

    found = fates(*templates)

    assert found[fault, place, logical_id] == fate
    assert source.startswith("https://docs.aws.amazon.com/")


def judged(make: Any, resources: dict[str, Any], name: str) -> Any:
    [found] = [
        outcome.judgement
        for outcome in outcomes(Graph([make.template(resources)]))
        if outcome.resource.logical_id == name and outcome.case.region == IRELAND and not outcome.case.zone
        if outcome.case.fault == "region"
    ]
    return found


@pytest.mark.capability("STO-11")
def test_a_time_is_promised_where_it_is_paid_for_and_assumed_elsewhere(make):
    in_time = judged(make, bucket(make, status="Enabled"), "Bucket")
    whenever = judged(make, bucket(make, status="Enabled", in_time=False), "Bucket")

    assert (in_time.rpo.high, whenever.rpo.high) == (900, 86_400)
    assert [fact.confidence for fact in whenever.facts][-1] == "assumed"


def test_the_workload_does_not_stand_still_without_its_dead_letters(make):
    assert judged(make, queue(make), "Dead").vital is False
    assert judged(make, queue(make), "Queue").vital is True


def test_every_type_of_these_constructs_is_known(make):
    types = [
        "AWS::ECR::RepositoryCreationTemplate",
        "AWS::S3::MultiRegionAccessPoint",
        "AWS::Lambda::EventSourceMapping",
    ]
    template = make.template({f"R{n}": make.resource(kind) for n, kind in enumerate(types)})

    assert unknown_types(Graph([template])) == {}
