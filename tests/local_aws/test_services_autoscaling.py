"""Groups launch over zones, and do what their bounds say."""

from __future__ import annotations

from collections import Counter
from itertools import count
from typing import Any

import pytest
from botocore.exceptions import ClientError

from cdk_standby_runbooks.local_aws import LocalAws

REGION = "eu-west-1"
NUMBERS = count()


class Group:
    """A group over three zones, behind a target group."""

    def __init__(self, aws: LocalAws, minimum: int = 3, maximum: int = 9, **more: Any) -> None:
        self.name = f"group-{next(NUMBERS)}"
        self.asg, self.ec2, self.elb = (aws.client(service, REGION) for service in ("autoscaling", "ec2", "elbv2"))
        vpc = self.ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
        subnets = [
            self.ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.0.{number}.0/24", AvailabilityZone=f"{REGION}{zone}")
            for number, zone in enumerate("abc")
        ]
        made = self.elb.create_target_group(Name=self.name, Protocol="HTTP", Port=80, VpcId=vpc)
        self.targets = made["TargetGroups"][0]["TargetGroupArn"]
        data = {"ImageId": "ami-12c6146b", "InstanceType": "m7g.large"}
        self.ec2.create_launch_template(LaunchTemplateName=self.name, LaunchTemplateData=data)
        self.asg.create_auto_scaling_group(
            AutoScalingGroupName=self.name,
            LaunchTemplate={"LaunchTemplateName": self.name, "Version": "$Latest"},
            MinSize=minimum,
            MaxSize=maximum,
            VPCZoneIdentifier=",".join(subnet["Subnet"]["SubnetId"] for subnet in subnets),
            TargetGroupARNs=[self.targets],
            **more,
        )

    def told(self) -> Any:
        return self.asg.describe_auto_scaling_groups(AutoScalingGroupNames=[self.name])["AutoScalingGroups"][0]

    def zones(self) -> dict[str, int]:
        return dict(Counter(instance["AvailabilityZone"][-1] for instance in self.told()["Instances"]))

    def healthy(self) -> int:
        found = self.elb.describe_target_health(TargetGroupArn=self.targets)["TargetHealthDescriptions"]
        return sum(one["TargetHealth"]["State"] == "healthy" for one in found)

    def ids(self) -> set[str]:
        return {instance["InstanceId"] for instance in self.told()["Instances"]}

    def refusal(self, operation: str, **more: Any) -> str:
        with pytest.raises(ClientError) as caught:
            getattr(self.asg, operation)(AutoScalingGroupName=self.name, **more)
        return str(caught.value.response["Error"]["Message"])


@pytest.fixture
def group(aws: LocalAws) -> Group:
    return Group(aws)


def test_instances_spread_over_the_zones_and_join_their_targets(group: Group) -> None:
    assert (group.told()["DesiredCapacity"], group.zones(), group.healthy()) == (3, {"a": 1, "b": 1, "c": 1}, 3)


def test_a_higher_minimum_launches_and_a_lower_maximum_ends(group: Group) -> None:
    group.asg.update_auto_scaling_group(AutoScalingGroupName=group.name, MinSize=5)
    grown = (group.told()["DesiredCapacity"], group.zones(), group.healthy())
    group.asg.update_auto_scaling_group(AutoScalingGroupName=group.name, MinSize=2, MaxSize=2)

    assert grown == (5, {"a": 2, "b": 2, "c": 1}, 5)
    assert (group.told()["DesiredCapacity"], sorted(group.zones().values()), group.healthy()) == (2, [1, 1], 2)


def test_bounds_hold(group: Group) -> None:
    assert group.refusal("set_desired_capacity", DesiredCapacity=10) == (
        "New SetDesiredCapacity value 10 is above max value 9 for the AutoScalingGroup."
    )
    assert group.refusal("set_desired_capacity", DesiredCapacity=1) == (
        "New SetDesiredCapacity value 1 is below min value 3 for the AutoScalingGroup."
    )
    assert group.refusal("update_auto_scaling_group", MinSize=10) == (
        "Min size:10 must be less than or equal to max size:9"
    )
    assert group.refusal("update_auto_scaling_group", DesiredCapacity=2) == (
        "Desired capacity:2 must be between the specified min size:3 and max size:9"
    )


def test_an_instance_that_somebody_ends_is_replaced(group: Group) -> None:
    before = group.ids()
    lost = min(before)

    group.ec2.terminate_instances(InstanceIds=[lost])

    after = group.ids()
    assert (len(after), lost in after, len(before & after)) == (3, False, 2)
    assert (group.zones(), group.healthy()) == ({"a": 1, "b": 1, "c": 1}, 3)


def test_an_unhealthy_instance_is_replaced(group: Group) -> None:
    sick = min(group.ids())

    group.asg.set_instance_health(InstanceId=sick, HealthStatus="Unhealthy")

    assert (len(group.ids()), sick in group.ids()) == (3, False)


def test_suspended_launches_wait(group: Group) -> None:
    group.asg.suspend_processes(AutoScalingGroupName=group.name, ScalingProcesses=["Launch"])
    group.asg.set_desired_capacity(AutoScalingGroupName=group.name, DesiredCapacity=4)
    waiting = len(group.ids())

    group.asg.resume_processes(AutoScalingGroupName=group.name)

    assert (waiting, len(group.ids())) == (3, 4)


def test_a_refresh_replaces_what_is_of_another_version(group: Group) -> None:
    before = group.ids()

    group.asg.start_instance_refresh(AutoScalingGroupName=group.name)

    assert before.isdisjoint(group.ids())
    told = group.asg.describe_instance_refreshes(AutoScalingGroupName=group.name)["InstanceRefreshes"]
    assert [refresh["Status"] for refresh in told] == ["Successful"]


def test_settings_for_zones_read_back(aws: LocalAws) -> None:
    settings = {
        "AvailabilityZoneDistribution": {"CapacityDistributionStrategy": "balanced-only"},
        "AvailabilityZoneImpairmentPolicy": {
            "ZonalShiftEnabled": True,
            "ImpairedZoneHealthCheckBehavior": "IgnoreUnhealthy",
        },
        "InstanceMaintenancePolicy": {"MinHealthyPercentage": 100, "MaxHealthyPercentage": 120},
        "HealthCheckType": "ELB,EBS",
        "DefaultInstanceWarmup": 120,
    }

    told = Group(aws, 1, **settings).told()

    assert {name: told[name] for name in settings} == settings


def test_a_group_with_instances_goes_by_force_only(group: Group) -> None:
    ids = sorted(group.ids())
    assert group.refusal("delete_auto_scaling_group") == (
        "You cannot delete an AutoScalingGroup while there are instances still in the group."
    )

    group.asg.delete_auto_scaling_group(AutoScalingGroupName=group.name, ForceDelete=True)

    left = group.ec2.describe_instances(InstanceIds=ids)["Reservations"]
    assert {i["State"]["Name"] for reservation in left for i in reservation["Instances"]} == {"terminated"}
    assert group.healthy() == 0


def test_policies_and_tags_are_kept(group: Group) -> None:
    target = {
        "PredefinedMetricSpecification": {"PredefinedMetricType": "ASGAverageCPUUtilization"},
        "TargetValue": 50.0,
    }
    group.asg.put_scaling_policy(
        AutoScalingGroupName=group.name,
        PolicyName="cpu",
        PolicyType="TargetTrackingScaling",
        TargetTrackingConfiguration=target,
    )
    tag = {"ResourceId": group.name, "ResourceType": "auto-scaling-group", "Key": "team", "Value": "shop"}
    group.asg.create_or_update_tags(Tags=[{**tag, "PropagateAtLaunch": True}])

    policy = group.asg.describe_policies(AutoScalingGroupName=group.name)["ScalingPolicies"][0]
    assert (policy["PolicyType"], policy["TargetTrackingConfiguration"]) == ("TargetTrackingScaling", target)
    assert [(t["Key"], t["Value"], t["PropagateAtLaunch"]) for t in group.told()["Tags"]] == [("team", "shop", True)]
