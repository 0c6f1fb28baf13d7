"""All that this family builds, in one stack that is synthesized once."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_autoscaling as autoscaling
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam

from cdk_standby.alarm_topic import AlarmTopic
from cdk_standby.images.bootstrap import Bootstrap
from cdk_standby.images.golden_image import GoldenImage, ImageComponent, ImageCopy
from cdk_standby.images.image_retention import ImageRetention
from cdk_standby.images.recycle_bin import RecycleBin
from cdk_standby.images.volume_snapshots import SnapshotCopy, SnapshotSchedule, VolumeSnapshots
from cdk_standby.keys import DataKey

DOCUMENT = """\
name: shop
schemaVersion: 1.0
phases:
  - name: build
    steps: [{name: install, action: ExecuteBash, inputs: {commands: [dnf install -y nginx]}}]
  - name: test
    steps: [{name: runs, action: ExecuteBash, inputs: {commands: [nginx -t]}}]
"""
THERE = "arn:aws:kms:eu-central-1:111111111111:key/12345678-1234-1234-1234-123456789012"
VIRGINIA = "arn:aws:kms:us-east-1:111111111111:key/12345678-1234-1234-1234-123456789012"


def network(stack: cdk.Stack) -> ec2.IVpc:
    return ec2.Vpc.from_vpc_attributes(
        stack,
        "Vpc",
        vpc_id="vpc-0123456789abcdef0",
        vpc_cidr_block="10.0.0.0/16",
        availability_zones=[f"{stack.region}{zone}" for zone in "ab"],
        private_subnet_ids=[f"subnet-0aaaaaaaaaaaaaaa{n}" for n in range(2)],
        private_subnet_route_table_ids=[f"rtb-0aaaaaaaaaaaaaaa{n}" for n in range(2)],
    )


def launches(stack: cdk.Stack, name: str, vpc: ec2.IVpc, image: ec2.IMachineImage) -> SimpleNamespace:
    """The smallest thing that launches instances."""
    user_data = ec2.UserData.for_linux()
    template = ec2.LaunchTemplate(
        stack,
        f"{name}Template",
        instance_type=ec2.InstanceType("m7g.large"),
        machine_image=image,
        user_data=user_data,
        security_group=ec2.SecurityGroup(stack, f"{name}Door", vpc=vpc),
        role=iam.Role(stack, f"{name}Role", assumed_by=iam.ServicePrincipal("ec2.amazonaws.com")),
    )
    group = autoscaling.AutoScalingGroup(stack, name, vpc=vpc, launch_template=template, min_capacity=4, max_capacity=8)
    return SimpleNamespace(group=group, user_data=user_data, role=template.role)


@pytest.fixture(scope="session")
def world(make_stack: Callable[..., cdk.Stack], template: Callable[..., Any]) -> SimpleNamespace:
    """An image and what starts from it, here and in Frankfurt; snapshots, images of servers, bins."""
    stack = make_stack(name="Images")
    key = DataKey(stack, "Key").key
    alarms, vpc = AlarmTopic(stack, "Alarms", key=key), network(stack)
    image = GoldenImage(
        stack,
        "Image",
        name="shop",
        vpc=vpc,
        key=key,
        components=["update-linux", ImageComponent(name="app", document=DOCUMENT, parameters={"Release": ["7"]})],
        version="1.4.0",
        recovery=[
            ImageCopy(region="eu-central-1", key="alias/shop"),
            ImageCopy(region="us-east-1", key=VIRGINIA, launch_template_id="lt-0123456789abcdef0"),
        ],
        alarms=alarms,
    )
    GoldenImage(
        stack,
        "Lab",
        name="lab",
        vpc=vpc,
        key=key,
        components=["update-linux"],
        parent_image="ssm:/lab/parent",
        one_region_because="a lab",
        untested_because="a lab",
        unscanned_because="no Inspector here",
        schedule=None,
        keep=5,
        never_delete={"keep": "yes"},
        target_accounts=["222222222222"],
        launch_template=ec2.LaunchTemplate.from_launch_template_attributes(
            stack, "Given", launch_template_id="lt-0123456789abcdef1"
        ),
        unprotected_because="a lab",
    )
    snapshots = VolumeSnapshots(
        stack,
        "Snapshots",
        tags={"backup": "hourly"},
        key=key,
        copies=[SnapshotCopy(region="eu-central-1", key=THERE)],
        alarms=alarms,
    )
    VolumeSnapshots(
        stack,
        "Servers",
        tags={"backup": "server"},
        key=key,
        schedules=[
            SnapshotSchedule(
                name="Often",
                every=cdk.Duration.hours(4),
                keep=6,
                fast_restore_in=["eu-west-1a", "eu-west-1b"],
                fast_restore=2,
                share_with=["222222222222"],
                unshare_after=cdk.Duration.days(7),
            ),
            SnapshotSchedule(name="Weekly", cron="cron(0 3 ? * SUN *)", keep_for=cdk.Duration.days(365)),
        ],
        one_region_because="a lab",
        instances=True,
        with_boot_volume=False,
        paused_because="being moved",
    )
    ImageRetention(
        stack,
        "Retention",
        tags={"image": "daily"},
        key=key,
        reboot=False,
        keep_for=cdk.Duration.days(60),
        deprecate_after=cdk.Duration.days(30),
        copies=[SnapshotCopy(region="eu-central-1", key=THERE, keep_for=cdk.Duration.days(14))],
        alarms=alarms,
    )
    RecycleBin(stack, "Bin", of="snapshots", tags={"backup": "hourly"})
    RecycleBin(stack, "Locked", of="images", keep_for=cdk.Duration.days(30), lock_for=cdk.Duration.days(7))
    RecycleBin(stack, "Volumes", of="volumes")

    there = make_stack(app=stack.node.root, name="Frankfurt", region="eu-central-1")
    ec2.LaunchTemplate(there, "Newest", machine_image=image.image_for("eu-central-1", at_launch=True))
    bootstrap = Bootstrap(
        there,
        "Bootstrap",
        of=launches(there, "Group", network(there), image.image_for("eu-central-1")),
        init=ec2.CloudFormationInit.from_elements(ec2.InitCommand.shell_command("systemctl start shop")),
        data=["aws s3 cp s3://shop-data/catalogue.db /var/lib/shop/"],
        instances=4,
    )
    return SimpleNamespace(
        app=stack.node.root,
        stack=stack,
        image=image,
        snapshots=snapshots,
        bootstrap=bootstrap,
        template=template(stack),
        frankfurt=template(there),
    )


@pytest.fixture
def one(world: SimpleNamespace) -> Callable[..., dict[str, Any]]:
    """`one("AWS::DLM::LifecyclePolicy", "Snapshots")`: the whole resource of that type whose id begins so."""

    def of(wanted: str, prefix: str, template: str = "template") -> dict[str, Any]:
        [found] = [
            resource
            for name, resource in getattr(world, template)["Resources"].items()
            if resource["Type"] == wanted and name.startswith(prefix)
        ]
        return dict(found)

    return of


@pytest.fixture(scope="session")
def scope(make_stack: Callable[..., cdk.Stack]) -> SimpleNamespace:
    """For calls that are refused before anything is rendered."""
    stack = make_stack()
    vpc = network(stack)
    images = iter(range(1000))

    def launching() -> SimpleNamespace:
        base = ec2.MachineImage.latest_amazon_linux2023(cpu_type=ec2.AmazonLinuxCpuType.ARM_64)
        return launches(stack, f"Group{next(images)}", vpc, base)

    return SimpleNamespace(stack=stack, vpc=vpc, key=DataKey(stack, "Key").key, launching=launching)
