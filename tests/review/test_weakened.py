"""A well-built warm standby with one thing taken away: the verdict turns, and the right rule says why."""

from __future__ import annotations

import pytest

from cdk_standby_review import review_templates

WEST, CENTRAL, OUTSIDE = "eu-west-1", "eu-central-1", "us-east-1"

# what is taken away: (Region, logical ids), the verdict then, and a rule that names it
TAKEN = [
    ("the readers of the primary", WEST, ["Instance1"], "at risk", "aurora-needs-reader"),
    ("the standby's service", CENTRAL, ["Service"], "missed", "objective-missed"),
    ("the standby's load balancer", CENTRAL, ["Balancer"], "missed", "objective-missed"),
    ("the standby's database", CENTRAL, ["Db", "Instance0", "Instance1"], "missed", "objective-missed"),
    ("the backup plan", WEST, ["Selection"], "met", "backup-copy-missing"),
    ("the secondary record", OUTSIDE, ["Second"], "missed", "failover-record-partner"),
    ("both records", OUTSIDE, ["First", "Second"], "unknown", "objective-not-proven"),
]


@pytest.mark.parametrize(("what", "region", "logical_ids", "status", "rule"), TAKEN, ids=[t[0] for t in TAKEN])
def test_what_is_missing_turns_the_verdict(what, region, logical_ids, status, rule, make):
    templates = make.warm_standby()
    site = next(t for t in templates if t.region == region)
    for logical_id in logical_ids:
        del site.body["Resources"][logical_id]

    found = review_templates(templates)

    assert str(found.status) == status
    assert rule in {finding.rule for finding in found.findings}


def test_one_nat_gateway_for_a_site_misses_the_objective_for_a_zone(make):
    templates = make.warm_standby()
    site = next(t for t in templates if t.region == WEST)
    for logical_id in ("OutB", "OutC"):
        site.body["Resources"][logical_id]["Properties"]["NatGatewayId"] = {"Ref": "NatA"}

    found = review_templates(templates)

    assert [(f.rule, f.resource.logical_id) for f in found.findings] == [
        ("nat-gateway-per-zone", "NatA"),
        ("objective-missed", "NatA"),
    ]
