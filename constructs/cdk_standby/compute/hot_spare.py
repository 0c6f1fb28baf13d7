"""Two servers of which one is needed, in two zones."""

from __future__ import annotations

from typing import Literal, cast

import jsii
from aws_cdk import Duration
from aws_cdk import aws_autoscaling as autoscaling
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from constructs import Construct

from cdk_standby_review.facts import Range

from .._checks import check
from .._service_launch import instance_role, launch_template
from . import _hot_spare_parts as parts
from ._hot_spare_rules import RULES, WAYS, in_zones, unknown_numbers, zones_of


@jsii.implements(ec2.IConnectable, iam.IGrantable)
class HotSpare(Construct):
    """A server of which only one serves, and a spare of it in another zone: two groups of one, each in its zone.

    Instance loss: the group replaces it in minutes, and meanwhile the spare can serve. Zone loss: the spare serves
    after `ready`. Region loss: not survived alone. What stands on a server's disks is not on the other's: keep it in
    a database, a file system or a queue.

    Somebody has to lead clients to the server that serves: `ElasticIpFailover`.
    """

    active_group: autoscaling.AutoScalingGroup
    spare_group: autoscaling.AutoScalingGroup
    launch_template: ec2.LaunchTemplate
    user_data: ec2.UserData
    role: iam.IRole
    vpc: ec2.IVpc
    zones: tuple[str, str]
    """The zone of the active server, and that of the spare."""
    spare: str
    private_addresses: int
    """How many Elastic IP addresses each server can hold."""
    ready: Range
    """Seconds until the spare can serve, once it is needed."""

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        vpc: ec2.IVpc,
        zones: tuple[str, str] | None = None,
        spare: Literal["running", "stopped", "launched"] = "running",
        subnets: ec2.SubnetSelection | None = None,
        instance_type: str = "m7g.large",
        image: ec2.IMachineImage | None = None,
        user_data: ec2.UserData | None = None,
        volume_gib: int = 20,
        key: kms.IKey | None = None,
        addresses: int = 1,
        boot_time: Duration | None = None,
    ) -> None:
        """Make both groups.

        Args:
            scope: the parent.
            id: unique among the parent's children.
            vpc: any VPC with subnets of that kind in two zones or more.
            zones: the zone of the active server and that of the spare, of those that `vpc` has; left out: the first
                two by name.
            spare: "running": an instance that waits, started and paid for; "stopped": one that was started once and
                waits in a warm pool, of which only the disk and the address are paid for; "launched": none, it is
                launched from the image when it is needed, if the zone has capacity then. Left out: "running".
            subnets: where the servers are; left out: the public subnets, which an Elastic IP address needs.
            instance_type: of both; left out: m7g.large.
            image: what instances boot. Left out: Amazon Linux 2023, by the public SSM parameter that CloudFormation
                reads at each deployment: then one may replace both servers, the spare first.
            user_data: runs at the first boot, without a public address: what it downloads must be reachable through
                endpoints of the VPC. Left out: an empty shell script, open as `user_data`.
            volume_gib: size of the encrypted gp3 root volume in GiB; left out: 20.
            key: encrypts the root volume; left out: the account's own EBS key.
            addresses: Elastic IP addresses that are to be held, each beside a private one; left out: 1.
            boot_time: from launch until a server can serve; left out: 3 minutes.

        Raises:
            InvalidOptions: zones that are one or that the network does not have, or a number out of range
                (https://docs.aws.amazon.com/autoscaling/ec2/userguide/auto-scaling-benefits.html).
        """
        super().__init__(scope, id)
        subnets = subnets or ec2.SubnetSelection(subnet_type=ec2.SubnetType.PUBLIC)
        there = zones_of(self, vpc, subnets)
        self.zones = zones or cast("tuple[str, str]", (*there, *there)[:2])
        boot_time = boot_time or Duration.minutes(3)
        given = {**locals(), "zones": self.zones, "there": there}
        check(self, RULES, given, also=unknown_numbers(self, given, "addresses"))
        self.vpc, self.spare, self.ready = vpc, spare, WAYS[spare].value
        self.private_addresses = addresses

        self.role = instance_role(self)
        self.user_data = user_data or ec2.UserData.for_linux()
        self.launch_template = launch_template(
            self,
            vpc=vpc,
            role=self.role,
            image=image,
            instance_type=instance_type,
            user_data=self.user_data,
            volume_gib=volume_gib,
            key=key,
        )
        parts.with_addresses(self.launch_template, addresses)
        first, second = (in_zones(vpc, subnets, zone) for zone in self.zones)
        shared = parts.Shared(vpc=vpc, template=self.launch_template, boot_time=boot_time)
        self.active_group = parts.group_of_one(self, "First", shared, subnets=first, runs=True)
        self.spare_group = parts.group_of_one(self, "Second", shared, subnets=second, runs=spare == "running")
        parts.are_a_pair(self, self.active_group, self.spare_group)
        parts.one_after_the_other(first=self.spare_group, then=self.active_group)
        if spare == "stopped":
            parts.keep_stopped(self.spare_group)

    @property
    def connections(self) -> ec2.Connections:
        """Both servers: let callers in here."""
        return self.launch_template.connections

    @property
    def grant_principal(self) -> iam.IPrincipal:
        """The role of both servers."""
        return self.role
