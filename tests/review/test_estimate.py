"""How an estimate is put together: what people do in a row, what happens by itself meanwhile, and what changes it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cdk_standby_review import Case, Estimate, Fate, Fault, Objectives, Recovery, Step, review_templates
from cdk_standby_review.deployments import Deployment
from cdk_standby_review.facts import Range, autoscaling, strategies
from cdk_standby_review.facts import recovery_times as times
from cdk_standby_review.levers import LEVERS, cheapest

FEW = settings(max_examples=15, deadline=None)
KNOWN = (times.INSTANCE_START, times.RESTORE, times.AURORA_RECREATE, times.RDS_HOST_REPLACEMENT, times.DECISION)
WEST = "loss of eu-west-1"

ranges = st.tuples(st.integers(0, 5000), st.integers(0, 5000)).map(lambda ends: Range(min(ends), max(ends)))
steps = st.builds(
    lambda what, takes, fact: Step(what=what, takes=takes, facts=(fact,)),
    st.sampled_from(["detect: a", "decide: b", "restore", "switch"]),
    ranges,
    st.sampled_from(KNOWN),
)
estimates = st.builds(
    lambda stages, alongside, losses: Estimate(
        deployment=Deployment(workload="shop"),
        case=Case(Fault.REGION),
        fate=Fate.RUNBOOK,
        stages=tuple(map(tuple, stages)),
        alongside=tuple(alongside),
        losses=tuple(losses),
    ),
    st.lists(st.lists(steps, max_size=3), max_size=4),
    st.lists(steps, max_size=2),
    st.lists(steps, max_size=2),
)


def loss(templates, case=WEST):
    return next(e for e in review_templates(templates).estimates if str(e.case) == case)


def side_by_side(make):
    """The warm standby with latency records in the place of the failover records."""
    templates = make.warm_standby()
    templates[1].body["Resources"]["Service"]["Properties"]["MinSize"] = "5"
    resources = templates[2].body["Resources"]
    for logical_id, region in (("First", "eu-west-1"), ("Second", "eu-central-1")):
        record = resources[logical_id]["Properties"]
        del record["Failover"]
        record |= {"Region": region, "SetIdentifier": region}
        record["HealthCheckId"] = {"Ref": "Endpoint"}
    return templates


@FEW
@given(estimate=estimates)
def test_the_longest_way_is_as_long_as_the_worst_case(estimate):
    assert sum(step.takes.high for step in estimate.path) == estimate.rto.high
    assert estimate.rto.low <= estimate.rto.high


@FEW
@given(estimate=estimates, lever=st.sampled_from(LEVERS))
def test_a_lever_never_makes_anything_worse(estimate, lever):
    better = lever.pulled(estimate)

    assert (better.rto.low, better.rto.high) <= (estimate.rto.low, estimate.rto.high)
    assert better.rto.high <= estimate.rto.high
    assert better.rpo.high <= estimate.rpo.high


@FEW
@given(estimate=estimates, limit=st.integers(0, 6000), of_loss=st.booleans())
def test_the_levers_that_are_named_close_the_gap_together(estimate, limit, of_loss):
    named = cheapest(estimate, limit, of_loss=of_loss)

    pulled = estimate
    for lever in named:
        pulled = lever.pulled(pulled)
    figure = pulled.rpo if of_loss else pulled.rto
    assert not named or figure.high <= limit


@FEW
@given(estimate=estimates, seed=st.randoms(use_true_random=False))
def test_the_order_of_steps_side_by_side_does_not_matter(estimate, seed):
    stages = [list(stage) for stage in estimate.stages]
    for stage in stages:
        seed.shuffle(stage)
    other = Estimate(
        deployment=estimate.deployment,
        case=estimate.case,
        fate=estimate.fate,
        stages=tuple(map(tuple, stages)),
        alongside=estimate.alongside[::-1],
        losses=estimate.losses[::-1],
    )

    assert (other.rto, other.rpo) == (estimate.rto, estimate.rpo)


def test_more_that_runs_at_the_standby_is_never_slower(make):
    found = []
    for minimum in (0, 1, 4, 5, 9):
        templates = make.warm_standby()
        templates[1].body["Resources"]["Service"]["Properties"]["MinSize"] = str(minimum)
        found.append(loss(templates).rto)

    assert found == sorted(found, key=lambda rto: (rto.high, rto.low), reverse=True)


def test_a_health_check_of_latency_records_sees_the_loss_as_soon_as_that_of_failover_records(make):
    beside, standby = loss(side_by_side(make)), loss(make.warm_standby())

    seen = [next(step for step in e.path if step.what.startswith("detect")) for e in (beside, standby)]
    assert seen[0].takes == seen[1].takes == Range(20, 48)


def test_sites_side_by_side_are_back_sooner_than_a_standby_since_nobody_switches(make):
    beside, standby = loss(side_by_side(make)), loss(make.warm_standby())

    assert beside.rto == Range(170, 708)
    assert standby.rto == Range(250, 888)


def test_what_happens_by_itself_waits_for_nobody(make):
    beside = loss(side_by_side(make))

    assert [(step.what, step.takes) for step in beside.alongside] == [
        ("its health check leaves it out, and others of its name are answered", Range(20, 108))
    ]


def test_what_happens_by_itself_counts_when_it_takes_longest(make):
    templates = side_by_side(make)
    resources = templates[2].body["Resources"]
    resources["First"]["Properties"] |= {"TTL": "86400", "ResourceRecords": ["192.0.2.1"]}
    del resources["First"]["Properties"]["AliasTarget"]

    found = loss(templates)

    assert found.rto == Range(170, 86448)
    assert [step.resource.logical_id for step in found.path] == ["First"]


@pytest.mark.parametrize(("strategy", "lost"), [("multi-site", Range(0, 900)), ("warm-standby", Range(0, 0))])
def test_what_a_region_wrote_last_is_lost_with_it_only_where_it_writes(strategy, lost, make):
    templates = side_by_side(make)
    table = make.resource("AWS::DynamoDB::GlobalTable", Replicas=[{"Region": "eu-west-1"}, {"Region": "eu-central-1"}])
    in_time = {"Status": "Enabled", "Destination": {"ReplicationTime": {"Status": "Enabled"}}}
    bucket = make.resource("AWS::S3::Bucket", ReplicationConfiguration={"Rules": [in_time]})
    templates[0].body["Resources"] |= {"Orders": table, "Uploads": bucket}
    templates[1].body["Resources"] |= {"Uploads": bucket}
    for template in templates:
        template.body["Metadata"]["cdk-standby"]["strategy"] = strategy

    found = loss(templates, "loss of eu-central-1")

    assert found.rpo == lost
    assert [step.takes for step in found.losses] == ([Range(0, 900), Range(0, 1)] if lost.high else [])
    assert str(found.fate) == "recovers by itself"


def test_a_check_of_another_region_does_not_see_the_loss(make):
    templates = make.warm_standby()
    first, second = (templates[2].body["Resources"][name]["Properties"] for name in ("First", "Second"))
    second["HealthCheckId"] = first.pop("HealthCheckId")

    found = loss(templates)

    assert next(step.takes for step in found.path if step.what.startswith("detect")) == times.DETECTION.value


def test_instances_that_are_missing_take_as_long_one_as_all(make):
    """A pilot light starts all of them and a warm standby most: AWS documents no difference, so that none is made."""
    idle, scaled = make.warm_standby(), make.warm_standby()
    idle[1].body["Resources"]["Service"]["Properties"]["MinSize"] = "0"

    assert loss(idle).rto == loss(scaled).rto
    assert times.INSTANCE_START.value.low == autoscaling.BOOT.value.low + 20


def promised(templates, *, rto, rpo):
    objectives = Objectives(region=Recovery(rto=timedelta(seconds=rto), rpo=timedelta(seconds=rpo)))
    found = review_templates(templates, objectives).findings
    return next(f.fix for f in found if f.rule.startswith("objective-"))


def one_region(make, strategy="multi-az"):
    said = {"workload": "shop", "strategy": strategy, "role": "active", "site": "eu-west-1"}
    return [make.template(make.network() | make.aurora(2) | make.group(minimum=5), **said)]


@pytest.mark.parametrize(
    ("rto", "rpo", "fix"),
    [
        (
            86400,
            2 * 86400,
            "choose BackupRestore instead of MultiAz: RTO 34.5 min to 5 h, RPO 10 min to 1.2 d "
            "(costs 1.02 to 1.1 times the bill of one Region while nothing happens)",
        ),
        (
            900,
            60,
            "choose PilotLight instead of MultiAz: RTO 4.2 min to 14.8 min, RPO 0 s to 1 s "
            "(costs 1.23 to 1.85 times the bill of one Region while nothing happens)",
        ),
        (
            720,
            60,
            "choose MultiSite instead of MultiAz: RTO 2.8 min to 11.8 min, RPO 0 s to 1 s "
            "(costs 2.03 to 2.15 times the bill of one Region while nothing happens)",
        ),
        (
            900,
            0,
            "choose PilotLight over a store that takes writes in several Regions (DynamoDB MRSC, Aurora DSQL) instead "
            "of MultiAz: RTO 4.2 min to 13.8 min, RPO 0 s (costs 1.23 to 1.85 times the bill of one Region while "
            "nothing happens, and a change of the data store)",
        ),
        (10, 0, "give what is lost a standby, a replica or a copy of its backups where the fault does not reach"),
    ],
)
def test_what_one_region_cannot_promise_the_cheapest_strategy_above_it_can(rto, rpo, fix, make):
    assert promised(one_region(make), rto=rto, rpo=rpo) == fix


def test_templates_of_others_are_told_no_strategy_of_ours(make):
    assert promised(one_region(make, strategy=""), rto=86400, rpo=2 * 86400) == (
        "give what is lost a standby, a replica or a copy of its backups where the fault does not reach"
    )


def test_objects_that_arrive_some_time_are_asked_to_arrive_in_time(make):
    templates = make.warm_standby()
    rules = [{"Status": "Enabled", "Destination": {"Bucket": "arn:aws:s3:::there"}}]
    bucket = make.resource("AWS::S3::Bucket", ReplicationConfiguration={"Rules": rules})
    templates[0].body["Resources"]["Uploads"] = bucket

    assert promised(templates, rto=3600, rpo=900) == (
        "replicate objects in 15 minutes at most (ReplicationTime) (costs a price per gigabyte that is replicated)"
    )


def test_who_is_at_the_top_is_told_to_move_the_data(make):
    templates = side_by_side(make)
    for template in templates:
        template.body["Metadata"]["cdk-standby"]["strategy"] = "multi-site"

    assert promised(templates, rto=120, rpo=0) == (
        "move the data to a store that takes writes in several Regions (DynamoDB MRSC, Aurora DSQL): "
        "RTO 20 s to 1.8 min, RPO 0 s (costs 2.03 to 2.15 times the bill of one Region while nothing happens, "
        "and a change of the data store)"
    )


@pytest.mark.capability("DR-02")
def test_no_loss_over_replication_that_lags_is_at_risk(make):
    nothing = Objectives(region=Recovery(rto=timedelta(hours=1), rpo=timedelta(0)))

    assert str(review_templates(make.warm_standby(), nothing).status) == "at risk"


@pytest.mark.capability("DR-01")
def test_an_outage_of_no_time_at_all_cannot_be_promised():
    says = "'rto' is 0:00:00; allowed: more than zero, because nothing recovers in no time at all"

    with pytest.raises(ValueError, match=f"^{says}$"):
        Recovery(rto=timedelta(0), rpo=timedelta(0))


def test_the_ladder_rises_in_cost_and_never_falls_in_what_runs():
    paid = [(s.compute.high, s.data.high, s.other.high) for s in strategies.LADDER]

    assert paid == sorted(paid)
