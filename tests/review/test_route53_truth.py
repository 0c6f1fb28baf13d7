"""Records that share a name as AWS documents their fate, with health checks and without, and what the review says."""

from __future__ import annotations

from typing import Any

import pytest

from cdk_standby_review import review_templates
from cdk_standby_review.faults import outcomes, unknown_types
from cdk_standby_review.graph import Graph

IRELAND, FRANKFURT = "eu-west-1", "eu-central-1"
SURVIVES, ITSELF, RUNBOOK, LOST, UNKNOWN = (
    "survives", "recovers by itself", "recovers by runbook", "lost", "unknown",
)  # fmt: skip
_API = "https://docs.aws.amazon.com/Route53/latest/APIReference/API_ResourceRecordSet.html"
_CHOOSES = "https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/health-checks-how-route-53-chooses-records.html"
_ARC = "https://docs.aws.amazon.com/r53recovery/latest/dg/routing-control.update.api.html"
ENDPOINT = {"Type": "HTTPS", "RequestInterval": 10, "FailureThreshold": 3}
ALARM = {"Type": "CLOUDWATCH_METRIC", "AlarmIdentifier": {"Name": "shop", "Region": FRANKFURT}}
CONTROL = {"Type": "RECOVERY_CONTROL", "RoutingControlArn": "arn:of:control"}
WEIGHTS = [{"Weight": 90}, {"Weight": 10}]
LATENCIES = [{"Region": IRELAND}, {"Region": FRANKFURT}]
PLACES = [{"GeoLocation": {"CountryCode": "IE"}}, {"GeoLocation": {"CountryCode": "*"}}]
DISTANCES = [{"GeoProximityLocation": {"AWSRegion": region}} for region in (IRELAND, FRANKFURT)]
NETWORKS = [{"CidrRoutingConfig": {"LocationName": name}} for name in ("office", "*")]
SEVERAL = [{"MultiValueAnswer": True}, {"MultiValueAnswer": True}]


def records(
    make: Any,
    policies: list[dict[str, Any]],
    check: dict[str, Any] | None = None,
    *,
    evaluated: bool = False,
    places: tuple[str, str] = (IRELAND, FRANKFURT),
    named: str = "Check",
) -> dict[str, Any]:
    """Two records of one name, an alias for each Region."""
    health = {"HealthCheckId": {"Ref": named}} if check or named != "Check" else {}
    found = {
        name: make.resource(
            "AWS::Route53::RecordSet",
            Name="shop.example.com",
            Type="A",
            AliasTarget={"DNSName": f"{region}.shop.example.com", "EvaluateTargetHealth": evaluated},
            **policy,
            **health,
        )
        for name, region, policy in zip(("First", "Second"), places, policies, strict=True)
    }
    checks = {"Check": make.resource("AWS::Route53::HealthCheck", HealthCheckConfig=check)} if check else {}
    return {**found, **checks}


def world(make: Any, found: dict[str, Any]) -> list[Any]:
    """The records in us-east-1, and the Regions that they lead to."""
    sites = [make.template(make.network(region=region), region=region) for region in (IRELAND, FRANKFURT)]
    return [make.template(found, region="us-east-1"), *sites]


# (what, policies, health check, evaluated, fate of the record of the lost Region, where AWS says so)
TRUTH: list[tuple[str, list[dict[str, Any]], dict[str, Any] | None, bool, str, str]] = [
    ("weighted, checked", WEIGHTS, ENDPOINT, False, ITSELF, _CHOOSES),
    ("weighted, nobody checks", WEIGHTS, None, False, LOST, _CHOOSES),
    ("latency, as healthy as the target", LATENCIES, None, True, ITSELF, _CHOOSES),
    ("latency, nobody checks", LATENCIES, None, False, LOST, _CHOOSES),
    ("geolocation, checked: a larger place answers", PLACES, ENDPOINT, False, ITSELF, _API),
    ("geolocation, nobody checks", PLACES, None, False, LOST, _API),
    ("geoproximity, checked", DISTANCES, ENDPOINT, False, ITSELF, _CHOOSES),
    ("by network, nobody checks", NETWORKS, None, False, LOST, _CHOOSES),
    ("several values, checked", SEVERAL, ENDPOINT, False, ITSELF, _API),
    ("several values, nobody checks: always healthy", SEVERAL, None, False, LOST, _API),
    ("weighted, by routing control", WEIGHTS, CONTROL, False, RUNBOOK, _ARC),
    ("weighted, by an alarm", WEIGHTS, ALARM, False, RUNBOOK, _CHOOSES),
]  # fmt: skip


@pytest.mark.capability("EDGE-05")
@pytest.mark.parametrize(("what", "policies", "check", "evaluated", "fate", "source"), TRUTH, ids=[t[0] for t in TRUTH])
def test_the_record_of_a_lost_region_is_left_out_when_somebody_checks_it(
    what, policies, check, evaluated, fate, source, make, fates
):
    found = fates(*world(make, records(make, policies, check, evaluated=evaluated)))

    assert found["region", IRELAND, "First"] == fate
    assert found["region", IRELAND, "Second"] == SURVIVES
    assert source.startswith("https://docs.aws.amazon.com/")


def test_a_check_outside_of_the_templates_is_not_guessed_at(make, fates):
    found = fates(*world(make, records(make, WEIGHTS, named="Elsewhere")))

    assert found["region", IRELAND, "First"] == UNKNOWN


def test_records_within_one_region_promise_nothing_about_it(make, fates, broken):
    template = make.template(records(make, WEIGHTS, places=(IRELAND, IRELAND)))

    assert ("region", IRELAND, "First") not in fates(template)
    assert broken(template) == []


@pytest.mark.capability("EDGE-06")
def test_routed_records_that_resolvers_keep_for_long_are_found(make, broken):
    kept = records(make, LATENCIES, ENDPOINT)
    kept["First"]["Properties"] |= {"TTL": "300"}

    assert broken(*world(make, kept)) == [("failover-record-ttl", "First")]


@pytest.mark.capability("EDGE-05", "EDGE-06")
def test_how_soon_traffic_moves_is_interval_times_threshold_and_time_to_live(make):
    graph = Graph(world(make, records(make, WEIGHTS, ENDPOINT)))

    [moved] = [o for o in outcomes(graph) if o.resource.logical_id == "First" and o.case.where == IRELAND]

    assert (moved.judgement.rto.low, moved.judgement.rto.high) == (20, 48 + 60)


@pytest.mark.capability("DR-07")
def test_a_failover_record_is_moved_by_its_routing_control(make, fates):
    roles = [{"Failover": "PRIMARY"}, {"Failover": "SECONDARY"}]

    found = fates(*world(make, records(make, roles, CONTROL)))

    assert found["region", IRELAND, "First"] == RUNBOOK


@pytest.mark.parametrize("region", ["us-west-2", "us-east-1"])
def test_routing_controls_go_on_without_any_one_region(make, fates, region):
    kinds = ("Cluster", "ControlPanel", "RoutingControl", "SafetyRule")
    template = make.template(
        {kind: make.resource(f"AWS::Route53RecoveryControl::{kind}") for kind in kinds}
        | {"Networks": make.resource("AWS::Route53::CidrCollection")},
        region=region,
    )

    found = fates(template)

    assert {found["region", region, kind] for kind in (*kinds, "Networks")} == {SURVIVES}
    assert unknown_types(Graph([template])) == {}


@pytest.mark.capability("DR-17")
def test_readiness_checks_are_refused_and_region_switch_is_named_instead(make):
    template = make.template({"Ready": make.resource("AWS::Route53RecoveryReadiness::ReadinessCheck")})

    [finding] = [f for f in review_templates([template]).findings if f.rule == "readiness-checks-closed"]

    assert finding.message == (
        "a readiness check of ARC: ARC takes no new customers for readiness checks since 2026-04-30, and names Region "
        "switch instead"
    )
    assert finding.fix == "take it out, and practise with a Region switch plan or a drill"


def test_the_region_of_a_secondary_record_that_nobody_checks_stops_nobody_while_the_primary_is_healthy(make, fates):
    """https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/dns-failover-types.html"""
    pair = [{"SetIdentifier": name.lower(), "Failover": name} for name in ("PRIMARY", "SECONDARY")]
    found = records(make, pair, ENDPOINT)
    del found["Second"]["Properties"]["HealthCheckId"]

    fate = fates(*world(make, found))

    assert fate["region", FRANKFURT, "Second"] == SURVIVES
    assert fate["region", IRELAND, "First"] == ITSELF
