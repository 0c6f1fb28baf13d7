"""The three ways to tell a review."""

from __future__ import annotations

import json

import pytest

from cdk_standby_review import review_templates
from cdk_standby_review.facts import Range
from cdk_standby_review.report import as_html, as_json, as_markdown, as_text
from cdk_standby_review.spans import span, spans


def test_json_tells_findings_outcomes_coverage_and_verdict(make):
    template = make.template(make.network() | make.rds(MultiAZ=False) | {"X": make.resource("AWS::New::Thing")})

    told = json.loads(as_json(review_templates([template])))

    assert [*told] == [
        "format",
        "verdict",
        "objectives",
        "findings",
        "acknowledged",
        "estimates",
        "outcomes",
        "paths",
        "changes",
        "compared",
        "cost",
        "coverage",
        "quotas",
        "templates",
    ]
    assert told["format"] == 1
    assert told["verdict"] == "not promised"
    assert told["findings"] == [
        {
            "rule": "rds-needs-standby",
            "severity": "error",
            "message": "MultiAZ is off: the loss of its zone means a restore from backups",
            "fix": "set MultiAZ to true",
            "source": "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Concepts.MultiAZ.html",
            "resource": {
                "template": "stack-eu-west-1.template.json",
                "logical_id": "Db",
                "type": "AWS::RDS::DBInstance",
                "path": "",
                "region": "eu-west-1",
            },
            "new": False,
        }
    ]
    assert [u["type"] for u in told["coverage"]["unknown"]] == ["AWS::New::Thing"]


def test_every_outcome_says_how_long_how_much_how_known_and_from_where(good):
    told = json.loads(as_json(good))["outcomes"]

    promoted = next(o for o in told if o["where"] == "eu-west-1" and o["resource"]["logical_id"] == "Db")

    assert promoted == {
        "fault": "region",
        "where": "eu-west-1",
        "resource": {
            "template": "Shop-eu-west-1.template.json",
            "logical_id": "Db",
            "type": "AWS::RDS::DBCluster",
            "path": "",
            "region": "eu-west-1",
        },
        "outcome": "recovers by runbook",
        "says": "the secondary cluster in eu-central-1 is promoted",
        "rto": {"low": 60.0, "high": 300.0},
        "rpo": {"low": 0.0, "high": 1.0},
        "confidence": "assumed",
        "source": "assumed: one to five minutes, the guide says minutes (https://docs.aws.amazon.com/AmazonRDS/latest/"
        "AuroraUserGuide/aurora-global-database-disaster-recovery.html)",
        "evidence": {"secondary": "eu-central-1"},
        "vital": True,
    }
    assert [o for o in told if o["outcome"] not in {"lost", "unknown"} and not o["source"]] == []


def test_every_figure_says_documented_measured_or_assumed(good):
    told = json.loads(as_json(good))

    confidences = {o["confidence"] for o in told["outcomes"]} | {
        s["confidence"] for e in told["estimates"] for s in e["path"]
    }

    assert confidences <= {"documented", "measured", "assumed"}


def test_text_begins_with_the_verdict_and_has_a_row_per_fault(good):
    lines = as_text(good).splitlines()

    assert lines[0] == "All objectives are met; no findings; 100% of the resources are known."
    assert [line.split("  ")[0] for line in lines[2 : lines.index("", 2)]] == ["workload"] + ["shop"] * 8
    assert " ".join(lines[4].split()) == (
        "shop loss of any zone of eu-central-1 survives 0 s 0 s 5 min / 0 s met documented"
    )


def test_text_lists_findings_with_their_fix_and_types_that_are_not_known(make):
    template = make.template(make.network() | make.group("a") | {"X": make.resource("AWS::New::Thing")})

    told = as_text(review_templates([template]))

    assert (
        "error: autoscaling-single-zone stack-eu-west-1/Group: all its subnets are in eu-west-1a: the loss of that zone\n"  # noqa: E501
        "  takes every instance\n"
        "  fix: spread VPCZoneIdentifier over three zones\n\n"
        "Not judged, types that the review does not know: AWS::New::Thing\n"
    ) in told


def test_text_names_what_is_lost_and_why(make):
    buckets = {f"B{n}": make.resource("AWS::S3::Bucket") for n in range(2)}

    told = as_text(review_templates([make.template(buckets)]))

    assert (
        "lost after deletion or corruption of data:\n"
        "  stack-eu-west-1/B0, stack-eu-west-1/B1: not versioned, and no backup holds the objects\n"
    ) in told


@pytest.mark.parametrize("report", [as_text, as_markdown, as_html])
def test_a_nested_stack_that_is_not_judged_is_one_whose_template_is_not_there(make, report):
    far = make.resource("AWS::CloudFormation::Stack", TemplateURL="https://s3.amazonaws.com/x/y.yaml")

    assert " (its template is not there)" in report(review_templates([make.template({"Far": far})]))


def test_the_title_of_the_cost_says_what_the_figure_lacks(make):
    things = {"Key": make.resource("AWS::KMS::Key"), "X": make.resource("AWS::New::Thing")}

    told = as_markdown(review_templates([make.template(things)]))

    assert "<summary>Cost of a month: USD at least 1.00, and what 1 more thing costs is not known</summary>" in told


def test_markdown_is_short_first_and_folds_the_rest(good):
    told = as_markdown(good)

    assert told.startswith(
        "## Resilience review\n\n**All objectives are met; no findings; 100% of the resources are known.**\n\n"
        "### Faults\n\n"
        "| Workload | Fault | What happens | RTO | RPO | Promised RTO / RPO | Verdict | Known by |\n"
    )
    assert told.count("<details>") == told.count("</details>") == 6
    assert len(told.split("<details>")[0].splitlines()) < 30


def test_markdown_fits_into_a_comment_whatever_there_is_to_tell(make):
    instances = {f"Instance{n}": make.resource("AWS::EC2::Instance", SubnetId={"Ref": "SubnetA"}) for n in range(150)}
    many = review_templates([make.template(make.network("a") | instances)])
    buckets = {f"Bucket{n}": make.resource("AWS::S3::Bucket") for n in range(400)}
    more = review_templates([make.template(buckets)])

    folded, cut = as_markdown(many), as_markdown(more)

    assert max(len(folded), len(cut)) < 65_536
    assert "Left out, so that it fits into a comment: Every resource that a fault reaches" in folded.splitlines()[-1]
    assert cut.endswith("\n\nCut here, so that it fits into a comment. `--format json` has all of it.\n")
    assert [text.count("<details>") - text.count("</details>") for text in (folded, cut)] == [0, 0]


def test_markdown_cells_cannot_break_the_table(make):
    template = make.template({"A": make.resource("AWS::EC2::Instance", AvailabilityZone="a|b\nc")}, name="x|y")

    told = as_markdown(review_templates([template]))

    assert {line.replace("\\|", "").count("|") for line in told.splitlines() if line.startswith("| loss")} == {8}


def test_an_empty_template_is_told_without_a_table(make):
    told = as_markdown(review_templates([make.template({})]))

    assert "Nothing in these templates has a fate of its own that the review knows." in told
    assert as_text(review_templates([make.template({})])) == (
        "No objectives are promised, so there is no verdict; no findings; 100% of the resources are known.\n"
    )


def test_spans_read_like_people_write():
    assert [span(s) for s in (0, 59, 60, 90, 3600, 5400, 86400)] == [
        "0 s",
        "59 s",
        "1 min",
        "1.5 min",
        "1 h",
        "1.5 h",
        "1 d",
    ]
    assert [spans(None), spans(Range(60, 60)), spans(Range(0, 90))] == ["-", "1 min", "0 s to 1.5 min"]


def test_zones_that_fare_alike_share_a_row(make):
    template = make.template(make.network() | make.group("a"))

    told = as_text(review_templates([template]))

    assert [line.split("  ")[0] for line in told.splitlines() if line.startswith("loss of zone")] == [
        "loss of zone eu-west-1a",
        "loss of zone eu-west-1b or eu-west-1c",
    ]
