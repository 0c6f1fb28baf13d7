"""A group of instances in each zone, pinned there: zones that share nothing, and fail alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import jsii
from aws_cdk import Duration, Stack
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_elasticloadbalancingv2 as elb
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from constructs import Construct

from .._alarms import add_alarms
from .._checks import InvalidOptions, Problem, check
from .._reasons import all_weakened
from .._service_alarms import zone_letter
from .._service_launch import instance_role, launch_template
from .._service_option_rules import option_problems, unknown
from .._service_place import subnets_of, with_a_way_out
from .._service_values import CapacityReservations, InstanceRefresh, LifecycleHook, WarmPool
from ..alarm_topic import AlarmTopic
from ..capacity import zone_size
from ._zonal_rules import DEFAULTS, RULES, subnet_problems
from ._zone_group import Target, ZoneGroup, healthy_hosts, zonal_targets


@jsii.implements(ec2.IConnectable, iam.IGrantable)
class ZonalFleets(Construct):
    """One Auto Scaling group in each zone, of which any one may be lost: exact placement, and cells by zone.

    Instance loss: replaced in its zone, in minutes. Zone loss: the groups of the other zones carry the load by
    arithmetic; nothing is started for it, and nothing is moved. Capacity that a zone lacks is not found elsewhere:
    where that matters more than independence, `Fleet` balances one group over all zones.
    Region loss: not survived alone; build one in each Region.
    """

    zones: dict[str, ZoneGroup]
    """By the letter of the zone: `zones["a"].group`, `zones["a"].target_group`."""
    target_group: Target | None
    """The one that all zones share, unless each has its own."""
    launch_template: ec2.LaunchTemplate
    user_data: ec2.UserData
    role: iam.IRole
    alarms: dict[str, cloudwatch.Alarm]
    running_per_zone: int
    """Each group's minimum size, such that those of all other zones are enough."""

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        vpc: ec2.IVpc,
        minimum: int,
        maximum_per_zone: int,
        image: ec2.IMachineImage | None = None,
        instance_types: Sequence[str] = ("m7g.large",),
        user_data: ec2.UserData | None = None,
        volume_gib: int = 20,
        key: kms.IKey | None = None,
        boot_time: Duration | None = None,
        subnets: ec2.SubnetSelection | None = None,
        port: int | None = None,
        protocol: str = "HTTP",
        health_path: str = "/healthz",
        targets_each: bool = False,
        cpu_target: float | None = 50,
        warm_pool: WarmPool | None = None,
        hooks: Sequence[LifecycleHook] = (),
        refresh: InstanceRefresh | None = None,
        maximum_lifetime: Duration | None = None,
        capacity_reservations: CapacityReservations | None = None,
        retain_abandoned: bool = False,
        group_protection: str = "prevent-force-deletion",
        deletable_because: str | None = None,
        alarms: AlarmTopic | None = None,
        alarm_thresholds: Mapping[str, float] | None = None,
        alarms_off_because: Mapping[str, str] | None = None,
    ) -> None:
        """Build the groups.

        Args:
            scope: the parent.
            id: unique among the parent's children.
            vpc: any VPC with one private subnet in each of two zones or more, better three.
            minimum: instances that carry the load, in all. Each zone runs ``ceil(minimum / (zones - 1))``, so that
                this many are left when one is lost. 0: nothing runs until somebody raises it (a pilot light).
            maximum_per_zone: the most that scaling may run in each zone.
            image: what instances boot. Left out: Amazon Linux 2023, by the public SSM parameter that CloudFormation
                reads at each deployment, which may so replace instances. Pin an image to decide that yourself.
            instance_types: tried in this order, all of one architecture; left out: m7g.large.
            user_data: runs at the first boot; left out: an empty shell script, open as `user_data`.
            volume_gib: size of the encrypted gp3 root volume in GiB; left out: 20.
            key: encrypts the root volume; left out: the account's own EBS key. Nothing of worth is kept on it.
            boot_time: from launch until an instance can work, at most 7140 seconds: warm-up for scaling, and a minute
                more of grace before health checks count. Left out: 3 minutes.
            subnets: where instances run, one subnet in each zone; left out: the private subnets with a way out.
            port: where instances listen, for a target group that is not balanced across zones, so that each zone
                answers what arrives there; left out: no target group.
            protocol: HTTP for an Application Load Balancer, TCP for a Network Load Balancer; left out: HTTP.
            health_path: what answers 2xx when an instance can serve; left out: ``/healthz``. Of no use for TCP.
            targets_each: True makes a target group for each zone, to be led to by a balancer or listener of that zone;
                left out: one for all, by which one balancer keeps each zone's requests in the zone.
            cpu_target: average CPU in percent that scaling keeps in each zone; left out: 50. None: no scaling.
            warm_pool: booted instances in waiting, as many in each zone; left out: none.
            hooks: pauses at launch and termination, which instances may end; left out: none.
            refresh: how a deployment replaces instances; left out: new ones first, a fifth at once.
            maximum_lifetime: after which an instance is replaced, 1 to 365 days; left out: never by age.
            capacity_reservations: capacity of its own; left out: as everybody else.
            retain_abandoned: True keeps an instance whose termination hook was abandoned, until somebody looked and
                terminated it; left out: it is terminated.
            group_protection: prevent-force-deletion (no deletion while instances run), or prevent-all-deletion; left
                out: prevent-force-deletion.
            deletable_because: why a single call may delete a group with all its instances.
            alarms: who is told; left out: the alarms exist but tell nobody.
            alarm_thresholds: other thresholds by alarm name, for each zone: `BelowMinimum-a`, `AtMaximum-a` and so on,
                and `WarmPoolShort-a` where a pool has a minimum.
            alarms_off_because: alarms to leave out, by name, with reasons.

        Raises:
            InvalidOptions: options that cannot work, all of them at once.
        """
        super().__init__(scope, id)
        found = subnets_of(self, vpc, with_a_way_out(subnets))
        zones = len(set(found.availability_zones))
        self.running_per_zone = running = zone_size(max(minimum, 0), max(zones, 2))
        given = {**DEFAULTS, **locals(), "maximum": maximum_per_zone}
        given["group_protection"] = None if deletable_because else group_protection
        path = self.node.path
        problems = [
            *unknown(path, given, "minimum", "maximum_per_zone"),
            *subnet_problems(path, found),
            *option_problems(path, given, running=running, zones=zones, balanced=False),
        ]
        check(self, RULES, given, also=problems)
        all_weakened(self, given)

        self.role = instance_role(self)
        self.user_data = user_data or ec2.UserData.for_linux()
        self.launch_template = launch_template(
            self,
            vpc=vpc,
            role=self.role,
            image=image,
            instance_type=instance_types[0],
            user_data=self.user_data,
            volume_gib=volume_gib,
            key=key,
            hibernates=warm_pool is not None and warm_pool.state == "Hibernated",
        )
        self.target_group = zonal_targets(self, given) if port is not None and not targets_each else None
        built = {
            **given,
            "boot_time": boot_time or Duration.minutes(3),
            "role": self.role,
            "launch_template": self.launch_template,
            "running_per_zone": running,
            "shared_targets": self.target_group,
        }
        region = Stack.of(self).region
        self.zones = {}
        for position, subnet in enumerate(found.subnets):
            letter = zone_letter(subnet.availability_zone, region, position)
            self.zones[letter] = ZoneGroup(self, letter, subnet=subnet, options=built)
        specs = [spec for zone in self.zones.values() for spec in zone.specs()]
        self._topic = alarms
        self.alarms = add_alarms(self, specs, topic=alarms, thresholds=alarm_thresholds, off_because=alarms_off_because)

    def watch(
        self,
        balancer: elb.ApplicationLoadBalancer | elb.NetworkLoadBalancer,
        *,
        alarm_thresholds: Mapping[str, float] | None = None,
        alarms_off_because: Mapping[str, str] | None = None,
    ) -> dict[str, cloudwatch.Alarm]:
        """Ring when a zone has no healthy target left, as a balancer of the target groups sees it.

        Args:
            balancer: it leads to the target group of these fleets.
            alarm_thresholds: other thresholds by alarm name, `HealthyHosts-a` and so on.
            alarms_off_because: alarms to leave out, by name, with reasons.

        Raises:
            InvalidOptions: there is no target group to watch.
        """
        zones = [*self.zones.values()]
        if any(zone.target_group is None for zone in zones):
            raise InvalidOptions([_nothing_to_watch(self)])
        specs = healthy_hosts(zones, balancer, expected=self.running_per_zone > 0)
        made = add_alarms(self, specs, topic=self._topic, thresholds=alarm_thresholds, off_because=alarms_off_because)
        self.alarms |= made
        return made

    @property
    def connections(self) -> ec2.Connections:
        """The instances of all zones: open what they call to them, and them to what calls them."""
        return self.launch_template.connections

    @property
    def grant_principal(self) -> iam.IPrincipal:
        """The role of the instances."""
        return self.role


def _nothing_to_watch(fleets: Construct) -> Problem:
    return Problem(
        where=fleets.node.path,
        option="port",
        got="not given",
        allowed="the port that a load balancer asks, when its targets are watched",
        why="healthy hosts are counted in a target group",
    )
