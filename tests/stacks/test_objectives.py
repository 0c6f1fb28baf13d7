"""Objectives are held at synth: the shortfall, where the time goes, and the cheapest change that closes it."""

from __future__ import annotations

import json
from pathlib import Path

import aws_cdk as cdk
import pytest
from aws_cdk import Duration
from every_tier import WORDS
from shop import OPTIONS, shop

from cdk_standby_review.facts.strategies import LADDER
from cdk_standby_stacks import BackupRestore, Objectives, Recovery, WarmStandby


def complaint(out: Path, strategy=WarmStandby, **changes):
    app = cdk.App(outdir=str(out), analytics_reporting=False)
    strategy(app, "Shop", **{"workload": shop(), **OPTIONS, **changes})
    with pytest.raises(RuntimeError, match="ValidationFailed"):
        app.synth()
    reports = json.loads((out / "validation-report.json").read_text())["pluginReports"]
    [mine] = [report["violations"] for report in reports if report["pluginName"] == "cdk-standby"]
    [found] = [violation for violation in mine if violation["severity"] == "error"]
    return found


@pytest.mark.capability("DR-01")
def test_an_rto_that_the_worst_case_misses_stops_synth(tmp_path):
    promise = Objectives(region=Recovery(rto=Duration.minutes(10), rpo=Duration.minutes(1)))

    found = complaint(tmp_path, objectives=promise)

    assert found["ruleName"] == "objective-at-risk"
    assert found["description"] == (
        "shop, loss of eu-west-1: RTO is 4.2 min to 14.8 min, promised 10 min, up to 4.8 min too much. "
        "Longest path: detect: a health check turns unhealthy when the endpoint has failed often enough in a row "
        "(20 s to 48 s, documented) -> "
        "decide: somebody on call is paged and decides to act (1 min to 5 min, assumed) -> "
        "the secondary cluster in eu-central-1 is promoted (1 min to 5 min, assumed) -> "
        "the switch is thrown and its health check turns the record (1 min to 3 min, assumed) -> "
        "validate: a look at the new site before it is called recovered (30 s to 1 min, assumed)"
    )
    assert found["suggestedFix"].startswith("let an alarm decide instead of a person (costs no money;")


@pytest.mark.capability("DR-01")
@pytest.mark.capability("DR-02")
def test_what_restores_keep_at_best_is_not_promised_and_the_word_that_can_keep_it_is_named(tmp_path):
    promise = Objectives(region=Recovery(rto=Duration.minutes(35), rpo=Duration.minutes(10)))

    found = complaint(tmp_path, BackupRestore, objectives=promise)

    assert found["ruleName"] == "objective-at-risk"
    assert found["description"].startswith(
        "shop, loss of eu-west-1: RTO is 34.5 min to 5 h, promised 35 min, up to 4.4 h too much; "
        "RPO is 10 min to 1.2 d, promised 10 min, up to 1.2 d too much. Longest path: "
    )
    assert found["suggestedFix"].startswith(
        "choose PilotLight instead of BackupRestore: RTO 4.2 min to 14.8 min, RPO 0 s to 1 s (costs 1.23 to 1.85 times "
    )


@pytest.mark.capability("DR-02")
def test_an_alarm_rings_before_more_is_lost_than_was_promised(standby):
    alarms = [each["Properties"] for each in standby.of_type("AWS::CloudWatch::Alarm").values()]

    lags = [alarm["Threshold"] for alarm in alarms if alarm.get("MetricName") == "AuroraGlobalDBRPOLag"]
    assert lags
    assert max(lags) <= OPTIONS["objectives"].region.rpo.to_milliseconds()


@pytest.mark.capability("DR-02")
def test_less_than_replication_may_lag_cannot_be_promised(tmp_path):
    promise = Objectives(region=Recovery(rto=Duration.minutes(30), rpo=Duration.millis(100)))

    found = complaint(tmp_path, objectives=promise)

    assert "RPO is 0 s to 1 s, promised 0.1 s" in found["description"]
    assert found["suggestedFix"].startswith("move the data to a store that commits in several Regions at once")


@pytest.mark.parametrize(("rto", "rpo", "message"), [(0, 60, "'rto' is 0:00:00; allowed: more than zero")])
def test_a_promise_that_nobody_can_keep_is_no_promise(rto, rpo, message):
    promise = Objectives(region=Recovery(rto=Duration.minutes(rto), rpo=Duration.seconds(rpo)))

    with pytest.raises(ValueError, match=message):
        promise.plain()


def test_advice_speaks_of_the_strategies_that_there_are():
    assert {each.name: each.word for each in LADDER} == {word.strategy.name: word.__name__ for word in WORDS}
