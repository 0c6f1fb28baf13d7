"""Flipping the active Region, adding capacity, a reader or a zone: no resource with data is replaced for it."""

from __future__ import annotations

import pytest
from kept import kept
from shop import shop

from cdk_standby_stacks import AuroraPostgres, Capacity, Service


@pytest.fixture(scope="module")
def flipped(synthesize):
    return synthesize(active="eu-central-1")


def test_a_flip_replaces_nothing(standby, flipped):
    assert kept(flipped.templates) == kept(standby.templates)


def test_a_flip_changes_sizes_with_their_alarms_and_copies_and_nothing_else(standby, flipped):
    """So that the app, synthesized after a failover, matches what runs: no surprise failback."""
    changed = {
        (stack, resource["Type"], key)
        for stack, template in standby.templates.items()
        for name, resource in template["Resources"].items()
        for key in resource.get("Properties", {})
        if flipped.templates[stack]["Resources"][name]["Properties"].get(key) != resource["Properties"][key]
        and resource["Type"] != "AWS::CloudWatch::Alarm"  # thresholds follow the sizes
    }

    assert changed == {
        ("Shop-eu-west-1-service", "AWS::AutoScaling::AutoScalingGroup", "MinSize"),
        ("Shop-eu-central-1-service", "AWS::AutoScaling::AutoScalingGroup", "MinSize"),
        ("Shop-eu-west-1-data", "AWS::Backup::BackupPlan", "BackupPlan"),
        ("Shop-eu-central-1-data", "AWS::Backup::BackupPlan", "BackupPlan"),
    }


def test_after_a_flip_the_template_has_the_size_that_the_runbook_set(standby, flipped):
    sizes = {
        region: flipped.only(f"Shop-{region}-service", "AWS::AutoScaling::AutoScalingGroup")["MinSize"]
        for region in ("eu-west-1", "eu-central-1")
    }

    assert sizes == {"eu-west-1": "2", "eu-central-1": "5"}


@pytest.mark.parametrize(
    "changes",
    [
        {"scale": 0.5},
        {"zones": 4, "primary": "us-east-1", "recovery": "us-west-2"},
        {"alarm_emails": ["oncall@example.com"]},
    ],
    ids=["scale", "zones", "emails"],
)
def test_a_change_of_the_deployment_replaces_nothing(synthesize, changes):
    homes = {key: changes[key] for key in ("primary", "recovery") if key in changes}

    before, after = synthesize(**homes), synthesize(**changes)

    for key, properties in kept(before.templates).items():
        found = kept(after.templates)[key]
        # A zone adds a subnet to the group, which RDS takes in place.
        assert {k: v for k, v in found.items() if k != "SubnetIds"} == {
            k: v for k, v in properties.items() if k != "SubnetIds"
        }


def test_a_reader_and_capacity_are_added_beside_what_is_there(synthesize, standby):
    grown = synthesize(
        workload=shop(
            service=Service(capacity=Capacity(minimum=6, maximum=48)),
            database=AuroraPostgres(version="17.4", instance="r7g.2xlarge", readers=4),
        )
    )

    after = kept(grown.templates)
    assert {key: after[key] for key in kept(standby.templates)} == kept(standby.templates)
    assert len(after) == len(kept(standby.templates)) + 4
