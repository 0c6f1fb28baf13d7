"""Experiments strike what is tagged for the workload, are stopped by alarms, and may do nothing else."""

from __future__ import annotations

import contextlib
import json
from types import SimpleNamespace

import pytest
from aws_cdk import Duration, Token
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_kms as kms
from hypothesis import given, settings
from hypothesis import strategies as st
from resilient import BUCKET, ERRORS, TABLE

from cdk_standby._checks import InvalidOptions
from cdk_standby.resilience.fault_experiments import FaultExperiments

EXPERIMENT = "AWS::FIS::ExperimentTemplate"
TAG = "cdk-standby:experiments"
FIS = "https://docs.aws.amazon.com/fis/latest/userguide/"


@pytest.fixture(scope="module")
def built(made, resources):
    all_of = {one["Tags"]["Name"]: one for one in resources(made.faults, EXPERIMENT).values()}
    policies = resources(made.faults, "AWS::IAM::ManagedPolicy")
    return SimpleNamespace(template=made.faults, all_of=all_of, policies=policies, workload=made.struck)


def actions(experiment):
    return {action["ActionId"] for action in experiment["Actions"].values()}


@pytest.mark.capability("DR-15")
def test_every_experiment_is_stopped_by_an_alarm_unless_a_reason_says_otherwise(built):
    stops = {name: experiment["StopConditions"] for name, experiment in built.all_of.items()}

    rings = [{"Source": "aws:cloudwatch:alarm", "Value": ERRORS}]
    assert stops == {
        "Faults/Faults/ZonePower": rings,
        "Faults/Faults/RegionCut": rings,
        "Faults/Faults/ReplicationPause": rings,
        "Faults/Zone/ZonePower": [{"Source": "none"}],
    }


@pytest.mark.capability("DR-15")
def test_a_zone_loses_its_power_in_every_part_that_is_there(built):
    assert actions(built.all_of["Faults/Faults/ZonePower"]) == {
        "aws:ec2:stop-instances",
        "aws:ec2:asg-insufficient-instance-capacity-error",
        "aws:network:disrupt-connectivity",
        "aws:rds:failover-db-cluster",
        "aws:rds:reboot-db-instances",
        "aws:elasticache:replicationgroup-interrupt-az-power",
        "aws:ebs:pause-volume-io",
    }
    assert actions(built.all_of["Faults/Zone/ZonePower"]) == {"aws:network:disrupt-connectivity"}


def test_a_region_is_cut_off_with_its_replication_and_replication_can_pause_alone(built):
    pauses = {"aws:s3:bucket-pause-replication", "aws:dynamodb:global-table-pause-replication"}

    assert actions(built.all_of["Faults/Faults/ReplicationPause"]) == pauses
    assert actions(built.all_of["Faults/Faults/RegionCut"]) == pauses | {
        "aws:network:route-table-disrupt-cross-region-connectivity"
    }


def test_targets_are_of_one_zone_and_tagged_for_the_workload(built):
    targets = built.all_of["Faults/Faults/ZonePower"]["Targets"]

    assert {target["ResourceTags"][TAG] for target in targets.values()} == {"shop"}
    assert all(
        "eu-west-1a" in json.dumps([t.get("Filters"), t.get("Parameters")])
        for t in targets.values()
        if t["ResourceType"] != "aws:ec2:autoscaling-group"
    )
    assert targets["StopInstances"]["Filters"] == [
        {"Path": "Placement.AvailabilityZone", "Values": ["eu-west-1a"]},
        {"Path": "State.Name", "Values": ["running"]},
    ]


def test_buckets_and_tables_are_named(built):
    targets = built.all_of["Faults/Faults/ReplicationPause"]["Targets"]

    assert {name: target["ResourceArns"] for name, target in targets.items()} == {
        "PauseBuckets": [BUCKET],
        "PauseTables": [TABLE],
    }


def test_faults_last_as_long_as_was_said_and_the_network_of_a_zone_two_minutes(built):
    lasts = {
        name: action.get("Parameters", {}).get("duration")
        for name, action in built.all_of["Faults/Faults/ZonePower"]["Actions"].items()
    }

    assert {lasts["RefuseCapacity"], lasts["StopCacheNodes"], lasts["PauseVolumes"]} == {"PT30M"}
    assert lasts["CutSubnets"] == "PT2M"


def test_what_has_nobody_to_fail_over_to_is_not_struck(built):
    tagged = {
        name.removesuffix(name[-8:]).removeprefix("Workload")
        for name, resource in built.workload["Resources"].items()
        if TAG in json.dumps(resource)
    }

    assert tagged == {"Subnet", "Group", "Cluster", "Pair", "Cache", "Volume"}


def test_instances_of_a_group_carry_the_tag_too(built):
    [group] = [r for r in built.workload["Resources"].values() if r["Type"] == "AWS::AutoScaling::AutoScalingGroup"]

    assert group["Properties"]["Tags"] == [{"Key": TAG, "Value": "shop", "PropagateAtLaunch": True}]


def test_roles_change_only_what_is_tagged_named_or_made_by_fis(built):
    loose = [
        statement
        for policy in built.policies.values()
        for statement in policy["PolicyDocument"]["Statement"]
        if "Condition" not in statement and statement["Resource"] == "*"
    ]

    verbs = {action.split(":")[1] for statement in loose for action in statement["Action"]}
    assert {verb for verb in verbs if not verb.startswith(("Describe", "Get", "List"))} == {
        "CreateLogDelivery",
        "PutResourcePolicy",
    }


def test_policies_are_within_the_size_that_iam_takes(built):
    """6,144 characters without white space: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html"""
    sizes = [len(json.dumps(policy["PolicyDocument"], separators=(",", ":"))) for policy in built.policies.values()]

    assert max(sizes) < 6144


def test_what_happened_is_logged(built):
    configured = built.all_of["Faults/Faults/RegionCut"]["LogConfiguration"]

    assert configured["CloudWatchLogsConfiguration"]["LogGroupArn"] == {
        "Fn::GetAtt": [next(n for n in built.template["Resources"] if n.startswith("FaultsLog")), "Arn"]
    }


@pytest.fixture(scope="module")
def refused(make_stack):
    """`refused(zone="eu-central-1a")`: what is wrong, line by line."""
    stack = make_stack(name="Refused")
    key, subnet = kms.Key(stack, "Key"), ec2.CfnSubnet(stack, "Subnet", vpc_id="vpc-1", cidr_block="10.0.0.0/24")
    count = iter(range(1000))

    def run(**changes):
        options = {"workload": "shop", "strikes": [subnet], "zone": "eu-west-1a", "key": key, **changes}
        with pytest.raises(InvalidOptions) as caught:
            FaultExperiments(stack, f"Faults{next(count)}", **options)
        return [line.split(": ", 1)[1] for line in str(caught.value).splitlines()]

    return run


@pytest.mark.capability("DR-15")
def test_an_experiment_needs_alarms_that_stop_it_or_a_reason(refused):
    assert refused() == [
        "'stop_on' is []; allowed: one to five alarms, or none with 'no_stop_because', because an experiment that "
        f"hurts more than it should must come to an end ({FIS}stop-conditions.html)"
    ]


def test_what_an_experiment_cannot_be_is_told_at_once(refused):
    told = refused(
        no_stop_because="a test",
        workload=" ",
        strikes=[],
        zone="eu-central-1a",
        duration=Duration.hours(13),
        other_region="eu-west-1",
    )

    assert told == [
        "'duration' is 13 hours; allowed: 1 to 720 minutes, because an action of an experiment lasts a minute to 12 "
        f"hours ({FIS}fis-actions-reference.html)",
        "'strikes' is []; allowed: constructs with subnets, groups, clusters, caches or volumes, because an experiment "
        f"that strikes nothing proves nothing ({FIS}fis-actions-reference.html)",
        "'workload' is ' '; allowed: the name of the workload, because it is the tag by which other workloads of the "
        "account are left alone",
        "'zone' is 'eu-central-1a'; allowed: a zone of eu-west-1, such as 'eu-west-1a', because FIS strikes in its own "
        f"Region ({FIS}fis-actions-reference.html)",
        "'other_region' is 'eu-west-1'; allowed: another Region than 'eu-west-1', because a Region is not cut off from "
        f"itself ({FIS}cross-region-scenario.html)",
    ]


def test_replication_pauses_towards_a_region(refused):
    assert refused(no_stop_because="a test", buckets=[BUCKET]) == [
        "'other_region' is not given; allowed: the Region to which buckets and tables replicate, because replication "
        f"pauses towards another Region ({FIS}fis-actions-reference.html)"
    ]


@settings(max_examples=10, deadline=None)
@given(
    workload_name=st.sampled_from(["", "shop", "x" * 300, Token.as_string({"Ref": "A"})]),
    zone=st.sampled_from(["", "eu-west-1a", "eu-west-1z", Token.as_string({"Ref": "B"})]),
    other_region=st.sampled_from([None, "", "eu-west-1", "eu-central-1", "nowhere"]),
    duration=st.sampled_from([None, Duration.seconds(1), Duration.minutes(90), Duration.days(1)]),
)
def test_no_options_at_all_end_in_an_error_that_is_not_ours(make_stack, workload_name, **options):
    stack = make_stack()
    subnet = ec2.CfnSubnet(stack, "Subnet", vpc_id="vpc-1", cidr_block="10.0.0.0/24")

    with contextlib.suppress(InvalidOptions):
        FaultExperiments(
            stack,
            "Faults",
            workload=workload_name,
            strikes=[subnet],
            key=kms.Key(stack, "Key"),
            no_stop_because="a test",
            **options,
        )
