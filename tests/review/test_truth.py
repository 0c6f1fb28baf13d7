"""What a whole warm standby does when a Region is lost; single services are in `fates` and test_documented_fates.py."""

from __future__ import annotations

from cdk_standby_review import review_templates

SURVIVES, ITSELF, RUNBOOK, LOST = "survives", "recovers by itself", "recovers by runbook", "lost"
UNKNOWN = "unknown"


def test_a_lost_region_promotes_the_secondary_of_a_global_database(make, fates):
    found = fates(*make.warm_standby())

    assert found["region", "eu-west-1", "Db"] == RUNBOOK


def test_a_lost_region_that_only_waited_is_not_felt(make, fates):
    found = fates(*make.warm_standby())

    assert {fate for (fault, place, _), fate in found.items() if (fault, place) == ("region", "eu-central-1")} == {
        SURVIVES
    }


def test_the_loss_of_us_east_1_leaves_traffic_alone(make, fates):
    found = fates(*make.warm_standby())

    assert {fate for (fault, place, _), fate in found.items() if (fault, place) == ("region", "us-east-1")} == {
        SURVIVES
    }


def test_a_headless_secondary_takes_longer_than_one_with_instances(make):
    ready = make.warm_standby()
    headless = make.warm_standby()
    for template in headless:
        if template.region == "eu-central-1":
            for logical_id in ("Instance0", "Instance1"):
                del template.body["Resources"][logical_id]

    times = [
        next(e.rto.high for e in review_templates(ts).estimates if str(e.case) == "loss of eu-west-1")
        for ts in (ready, headless)
    ]

    assert times[1] - times[0] == 900


def test_two_sites_without_a_way_to_move_traffic_prove_nothing(make, fates):
    sites = [t for t in make.warm_standby() if t.region != "us-east-1"]

    found = fates(*sites)

    assert found["region", "eu-west-1", "Balancer"] == UNKNOWN
    assert str(review_templates(sites).status) == "unknown"


def test_a_failover_record_without_a_partner_is_lost_with_its_region(make, fates):
    templates = make.warm_standby()
    del templates[2].body["Resources"]["Second"]

    found = fates(*templates)

    assert found["region", "eu-west-1", "First"] == LOST


def test_a_failover_record_that_nobody_checks_answers_for_ever(make, fates):
    templates = make.warm_standby()
    first = templates[2].body["Resources"]["First"]["Properties"]
    del first["HealthCheckId"]
    first["AliasTarget"]["EvaluateTargetHealth"] = False

    found = fates(*templates)

    assert found["region", "eu-west-1", "First"] == LOST


def test_after_a_failover_the_loss_of_the_active_region_brings_the_primary_record_back(make, fates):
    """https://docs.aws.amazon.com/Route53/latest/APIReference/API_ResourceRecordSet.html: the last resort."""
    templates = make.warm_standby()
    for template in templates[:2]:
        said = template.body["Metadata"]["cdk-standby"]
        said["role"] = {"active": "standby", "standby": "active"}[said["role"]]

    found = fates(*templates)

    assert found["region", "eu-central-1", "Second"] == ITSELF
    assert found["region", "eu-central-1", "Db"] == RUNBOOK
    assert {fate for (fault, place, _), fate in found.items() if (fault, place) == ("region", "eu-west-1")} == {
        SURVIVES
    }
