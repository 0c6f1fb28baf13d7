"""Volumes, their snapshots and images as AWS documents their fate, and what the review says about them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from cdk_standby_review.faults import outcomes, unknown_types
from cdk_standby_review.graph import Graph

IRELAND, A = "eu-west-1", "eu-west-1a"
SURVIVES, RUNBOOK, LOST = "survives", "recovers by runbook", "lost"
_EBS = "https://docs.aws.amazon.com/ebs/latest/userguide/"
_VOLUMES, _SNAPSHOTS = _EBS + "ebs-volumes.html", _EBS + "snapshot-lifecycle.html"
_REGIONS = "https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/regions.html"
Build = Callable[[Any], dict[str, Any]]
TAGS = [{"Key": "backup", "Value": "hourly"}]
COPY = [{"Encrypted": True, "Target": "eu-central-1"}]


def disk(m: Any, *, tags: Any = TAGS) -> dict[str, Any]:
    return {"Disk": m.resource("AWS::EC2::Volume", AvailabilityZone=A, Tags=tags)}


def policy(m: Any, *, state: str = "ENABLED", kind: str = "VOLUME", hours: int = 4, copies: Any = ()) -> dict[str, Any]:
    schedule = {
        "CreateRule": {"Interval": hours, "IntervalUnit": "HOURS"},
        "RetainRule": {"Interval": 5, "IntervalUnit": "WEEKS"},
        "CrossRegionCopyRules": list(copies),
    }
    details = {"ResourceTypes": [kind], "TargetTags": TAGS, "Schedules": [schedule]}
    return {"Policy": m.resource("AWS::DLM::LifecyclePolicy", State=state, PolicyDetails=details)}


# (what, what stands in Ireland, fault, place, fate, where AWS says so)
TRUTH: list[tuple[str, Build, str, str, str, str]] = [
    ("a volume, its instance lost", disk, "instance", "", SURVIVES, _VOLUMES),
    ("a volume with snapshots, its zone lost", lambda m: disk(m) | policy(m), "zone", A, RUNBOOK, _SNAPSHOTS),
    ("a volume whose tag no policy takes, its zone lost", lambda m: disk(m, tags=[]) | policy(m), "zone", A, LOST,
     _SNAPSHOTS),
    ("a volume whose policy is paused, its zone lost", lambda m: disk(m) | policy(m, state="DISABLED"), "zone", A, LOST,
     _SNAPSHOTS),
    ("a volume whose tag takes instances only, its zone lost", lambda m: disk(m) | policy(m, kind="INSTANCE"), "zone",
     A, LOST, _SNAPSHOTS),
    ("a volume with snapshots, its data deleted", lambda m: disk(m) | policy(m), "deletion", "", RUNBOOK, _SNAPSHOTS),
    ("a volume with snapshots in one Region, which is lost", lambda m: disk(m) | policy(m), "region", IRELAND, LOST,
     _REGIONS),
    ("a volume with copies in another Region, its Region lost", lambda m: disk(m) | policy(m, copies=COPY), "region",
     IRELAND, RUNBOOK, _SNAPSHOTS),
]  # fmt: skip


@pytest.mark.parametrize(("what", "build", "fault", "place", "fate", "source"), TRUTH, ids=[t[0] for t in TRUTH])
def test_the_review_judges_as_aws_documents(what, build, fault, place, fate, source, make, fates):
    found = fates(make.template(make.network() | build(make)))

    assert found[fault, place, "Disk"] == fate


def test_what_is_lost_is_the_interval_and_the_hour_in_which_aws_starts(make):
    graph = Graph([make.template(make.network() | disk(make) | policy(make))])

    [zone] = [o for o in outcomes(graph) if o.resource.name.endswith("Disk") and o.case.zone == A]

    assert zone.judgement.rpo.high == 5 * 3600
    assert zone.judgement.says.endswith("restored from the snapshot policy stack-eu-west-1/Policy")


def test_images_and_bins_are_known_and_have_no_fate_of_their_own(make):
    types = [
        *(f"AWS::ImageBuilder::{kind}" for kind in (
            "Component", "DistributionConfiguration", "ImagePipeline", "ImageRecipe", "InfrastructureConfiguration",
            "LifecyclePolicy",
        )),
        "AWS::DLM::LifecyclePolicy", "AWS::Rbin::Rule",
    ]  # fmt: skip

    graph = Graph([make.template({f"Thing{n}": make.resource(kind) for n, kind in enumerate(types)})])

    assert list(unknown_types(graph)) == []
