"""Objectives against estimates: met, at risk, missed, not known; the shortfall and the cheapest change."""

from __future__ import annotations

from datetime import timedelta

import pytest

from cdk_standby_review import Assumptions, Objectives, Recovery, Severity, Status, review_templates
from cdk_standby_review.facts import Range


def promise(rto, rpo=60.0, fault="region"):
    recovery = Recovery(rto=timedelta(seconds=rto), rpo=timedelta(seconds=rpo))
    return Objectives(**{fault: recovery})


def judged(make, objectives, **seconds):
    return review_templates(make.warm_standby(), objectives, Assumptions().changed(**seconds))


def only(review, rule):
    return next(f for f in review.findings if f.rule == rule)


def test_an_estimate_is_detection_decision_longest_branch_traffic_and_validation(make):
    found = judged(make, promise(1800))

    estimate = next(e for e in found.estimates if str(e.case) == "loss of eu-west-1")

    assert [(step.what.split(":")[0], step.takes) for step in estimate.path] == [
        ("detect", Range(20, 48)),
        ("decide", Range(60, 300)),
        ("the secondary cluster in eu-central-1 is promoted", Range(60, 300)),
        ("the switch is thrown and its health check turns the record", Range(60, 180)),
        ("validate", Range(30, 60)),
    ]
    assert estimate.rto == Range(250, 888)
    assert estimate.rpo == Range(0, 1)


def test_steps_of_one_stage_run_side_by_side(make):
    templates = make.warm_standby()
    slow = {"decide": Range(60, 60)}

    alone = review_templates(templates, promise(1800), Assumptions().changed(**slow))

    stage = next(e for e in alone.estimates if str(e.case) == "loss of eu-west-1").stages[2]
    assert sorted(step.resource.logical_id for step in stage) == ["Db", "Service"]
    assert max(step.takes.high for step in stage) == 300


@pytest.mark.parametrize(
    ("rto", "status"), [(888, Status.MET), (887, Status.AT_RISK), (250, Status.AT_RISK), (249, Status.MISSED)]
)
def test_the_bad_end_of_the_range_decides_between_met_and_at_risk(rto, status, make):
    found = judged(make, promise(rto))

    assert found.status is status


def test_a_missed_objective_names_the_shortfall_the_path_and_the_cheapest_change(make):
    found = only(judged(make, promise(240)), "objective-missed")

    assert found.severity is Severity.ERROR
    assert found.message == (
        "shop, loss of eu-west-1: RTO is 4.2 min to 14.8 min, promised 4 min, up to 10.8 min too much. Longest path: "
        "detect: a health check turns unhealthy when the endpoint has failed often enough in a row "
        "(20 s to 48 s, documented) -> "
        "decide: somebody on call is paged and decides to act (1 min to 5 min, assumed) -> "
        "the secondary cluster in eu-central-1 is promoted (1 min to 5 min, assumed) -> "
        "the switch is thrown and its health check turns the record (1 min to 3 min, assumed) -> "
        "validate: a look at the new site before it is called recovered (30 s to 1 min, assumed)"
    )
    assert found.fix == (
        "choose MultiSite over a store that takes writes in several Regions (DynamoDB MRSC, Aurora DSQL) "
        "instead of WarmStandby: RTO 20 s to 1.8 min, RPO 0 s "
        "(costs 2.03 to 2.15 times the bill of one Region while nothing happens, and a change of the data store)"
    )


def test_one_cheap_change_that_suffices_is_preferred(make):
    found = only(judged(make, promise(600)), "objective-at-risk")

    assert found.severity is Severity.ERROR
    assert found.fix == (
        "let an alarm decide instead of a person "
        "(costs no money; a false alarm fails over, and loses the last writes without asking)"
    )


def test_a_slow_health_check_is_the_cheapest_thing_to_change(make):
    templates = make.warm_standby()
    outside = next(t for t in templates if t.region == "us-east-1")
    outside.body["Resources"]["Endpoint"]["Properties"]["HealthCheckConfig"]["RequestInterval"] = 30

    found = only(review_templates(templates, promise(900)), "objective-at-risk")

    assert found.fix == (
        "check the endpoint every 10 seconds, three failures (RequestInterval 10, FailureThreshold 3) "
        "(costs about the price of one more health check)"
    )


def test_no_loss_at_all_needs_another_store(make):
    found = only(judged(make, promise(1800, rpo=0)), "objective-at-risk")

    assert found.fix == (
        "move the data to a store that commits in several Regions at once (DynamoDB MRSC, Aurora DSQL) "
        "(costs a change of the data store, and the write latency between Regions)"
    )


def test_what_is_lost_misses_every_objective_and_says_what_it_is(make):
    template = make.template(make.network() | make.rds())

    found = only(review_templates([template], promise(86400, rpo=86400)), "objective-missed")

    assert found.resource.logical_id == "Db"
    assert found.message == (
        "the workload, loss of eu-west-1: nothing brings it back within any objective. "
        "stack-eu-west-1/Db: no replica and no copy of a backup in another Region"
    )


def test_too_little_known_is_neither_met_nor_missed(make):
    group = make.resource("AWS::AutoScaling::AutoScalingGroup", MinSize="2", VPCZoneIdentifier=["subnet-1"])

    found = review_templates([make.template({"Group": group})], promise(300, rpo=0, fault="zone"))

    assert found.status is Status.UNKNOWN
    assert only(found, "objective-not-proven").message == (
        "the workload, loss of one zone of eu-west-1: the objective can be neither met nor missed. "
        "stack-eu-west-1/Group: the templates do not say which zones its subnets are in"
    )


def test_the_objectives_of_the_templates_hold_unless_others_are_given(make, good):
    strict = judged(make, promise(60))

    assert (good.status, strict.status) == (Status.MET, Status.MISSED)


def test_nothing_promised_gives_no_verdict(make):
    found = review_templates([make.template(make.network() | make.group())])

    assert found.status is None


def test_the_worst_zone_is_what_counts(make):
    template = make.template(make.network(nat="single") | make.group())

    found = review_templates([template], promise(300, rpo=0, fault="zone"))

    assert [(v.status, v.estimate.case.zone) for v in found.verdicts] == [(Status.MISSED, "eu-west-1a")]


def test_every_deployment_is_held_to_its_own_promise(make):
    careless = make.template(make.network() | make.aurora(2), name="careless", workload="careless")
    careful = make.template(
        make.network() | make.aurora(2), name="careful", workload="careful", objectives={"region": {"rto": 9, "rpo": 9}}
    )

    found = review_templates([careless, careful])

    assert [f.resource.template.name for f in found.findings if f.rule == "backup-copy-missing"] == ["careful"]
    assert [v.estimate.deployment.workload for v in found.verdicts] == ["careful"]
