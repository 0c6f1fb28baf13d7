"""Traffic is led from outside the primary, even when that is where Route 53 itself lives."""

from __future__ import annotations

import pytest
import validators
from aws_cdk import Duration
from shop import regions_read

from cdk_standby_stacks import Objectives, Recovery


@pytest.fixture(scope="module")
def from_virginia(synthesize):
    return synthesize(primary="us-east-1", recovery="us-west-2")


def regions(synthesized):
    return {stack.stack_name: stack.environment.region for stack in synthesized.app.synth().stacks}


def test_records_live_where_route_53_does(standby):
    assert regions(standby)["Shop-traffic"] == "us-east-1"
    assert "Shop-traffic-alarms" not in standby.templates


def test_records_leave_a_primary_in_virginia_and_their_alarms_stay_with_the_metrics(from_virginia):
    where = regions(from_virginia)

    assert (where["Shop-traffic"], where["Shop-traffic-alarms"]) == ("us-west-2", "us-east-1")
    alarms = from_virginia.of_type("AWS::CloudWatch::Alarm")
    watching = {stack for (stack, _), a in alarms.items() if a["Properties"].get("Namespace") == "AWS/Route53"}
    assert watching == {"Shop-traffic-alarms"}


def test_only_the_alarms_read_another_region(from_virginia):
    own = regions(from_virginia)
    readers = {stack for stack, t in from_virginia.templates.items() if regions_read(t) - {own[stack]}}

    assert readers == {"Shop-traffic-alarms"}


def test_validators_find_nothing_but_that_one_reading(synthesize):
    found = validators.findings(synthesize(primary="us-east-1", recovery="us-west-2").app)

    assert {rule for rule, _ in found} <= {"cross-region-weak-reference"}


def test_lag_rings_before_the_promised_recovery_point_is_passed(synthesize):
    promise = Objectives(region=Recovery(rto=Duration.minutes(30), rpo=Duration.seconds(5)))

    strict = synthesize(objectives=promise)

    thresholds = {
        alarm["Properties"]["Threshold"]
        for alarm in strict.of_type("AWS::CloudWatch::Alarm").values()
        if str(alarm["Properties"].get("MetricName", "")).startswith("AuroraGlobalDB")
    }
    assert thresholds == {5000}
