"""Instances over all zones of a VPC, without a load balancer of their own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import jsii
from aws_cdk import Duration
from aws_cdk import aws_autoscaling as autoscaling
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from constructs import Construct

from .._alarms import add_alarms
from .._checks import check
from .._reasons import all_weakened
from .._service_alarms import capacity_alarms, pool_alarms
from .._service_group import EBS, ELB, LATTICE, scaling_group
from .._service_launch import instance_role, launch_template
from .._service_option_rules import option_problems, unknown
from .._service_options import add_options
from .._service_place import with_a_way_out, zones_of
from .._service_values import (
    CapacityReservations,
    InstanceRefresh,
    LifecycleHook,
    MetricTarget,
    PredictiveScaling,
    ScheduledSize,
    Spot,
    WarmPool,
)
from ..alarm_topic import AlarmTopic
from ..capacity import group_size
from ._fleet_rules import MARGIN, RULES, is_balanced
from ._fleet_targets import Targets, attach, counted_by, target_problems, track


@jsii.implements(ec2.IConnectable, iam.IGrantable)
class Fleet(Construct):
    """An Auto Scaling group that carries its load when a zone is lost: workers, or behind any target group.

    Instance loss: replaced in minutes, the others carry on. Zone loss: those left are enough by arithmetic, with
    nothing to start first. Region loss: not survived alone; build one in each Region.
    What an instance holds is lost with it: keep state elsewhere.
    """

    group: autoscaling.AutoScalingGroup
    launch_template: ec2.LaunchTemplate
    user_data: ec2.UserData
    role: iam.IRole
    alarms: dict[str, cloudwatch.Alarm]
    availability_zones: tuple[str, ...]
    running: int
    """The group's minimum size: `minimum`, and what a lost zone would take away."""

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        vpc: ec2.IVpc,
        minimum: int,
        maximum: int,
        image: ec2.IMachineImage | None = None,
        instance_types: Sequence[str] = ("m7g.large",),
        user_data: ec2.UserData | None = None,
        volume_gib: int = 20,
        key: kms.IKey | None = None,
        boot_time: Duration | None = None,
        auto_scaling_group_name: str | None = None,
        subnets: ec2.SubnetSelection | None = None,
        targets: Targets = (),
        lattice_targets: Sequence[str] = (),
        cpu_target: float | None = 50,
        network_in_target: float | None = None,
        network_out_target: float | None = None,
        requests_per_target: float | None = None,
        metric_targets: Sequence[MetricTarget] = (),
        predictive: PredictiveScaling | None = None,
        schedule: Sequence[ScheduledSize] = (),
        warm_pool: WarmPool | None = None,
        hooks: Sequence[LifecycleHook] = (),
        spot: Spot | None = None,
        spot_only_because: str | None = None,
        refresh: InstanceRefresh | None = None,
        maximum_lifetime: Duration | None = None,
        distribution: str = "balanced-best-effort",
        zonal_shift: bool = True,
        capacity_reservations: CapacityReservations | None = None,
        termination_policies: Sequence[str] = (),
        retain_abandoned: bool = False,
        group_protection: str = "prevent-force-deletion",
        deletable_because: str | None = None,
        alarms: AlarmTopic | None = None,
        alarm_thresholds: Mapping[str, float] | None = None,
        alarms_off_because: Mapping[str, str] | None = None,
    ) -> None:
        """Build the fleet.

        Args:
            scope: the parent.
            id: unique among the parent's children.
            vpc: any VPC with private subnets in two zones or more, better three.
            minimum: instances that carry the load. The group runs ``ceil(minimum x zones / (zones - 1))``, so that
                this many are left when a zone is lost. 0: nothing runs until somebody raises it (a pilot light).
            maximum: the most that scaling may run, at least what `minimum` comes to. The desired capacity is never
                rendered: scaling and runbooks own it.
            image: what instances boot. Left out: Amazon Linux 2023, by the public SSM parameter that CloudFormation
                reads at each deployment, which may so replace instances. Pin an image to decide that yourself.
            instance_types: tried in this order, all of one architecture; left out: m7g.large.
            user_data: runs at the first boot; left out: an empty shell script, open as `user_data`.
            volume_gib: size of the encrypted gp3 root volume in GiB; left out: 20. A hibernated warm pool keeps the
                memory there too.
            key: encrypts the root volume; left out: the account's own EBS key. Nothing of worth is kept on it.
            boot_time: from launch until an instance can work, at most 7140 seconds: warm-up for scaling, and a minute
                more of grace before health checks count. Left out: 3 minutes.
            auto_scaling_group_name: for others that must know it at synth; left out: generated. A named group cannot
                be replaced in place.
            subnets: where instances run; left out: the private subnets with a way out.
            targets: target groups of load balancers that ask these instances, whose health checks then count; left
                out: EC2 and EBS alone tell an ill instance.
            lattice_targets: ARNs of VPC Lattice target groups, likewise; left out: none.
            cpu_target: average CPU in percent that scaling keeps; left out: 50, since the loss of one zone of three
                makes 75 of it. None: no scaling by CPU.
            network_in_target: bytes a minute that an instance receives, which scaling keeps; left out: none.
            network_out_target: bytes a minute that an instance sends, likewise; left out: none.
            requests_per_target: requests a minute and instance that scaling keeps, with `targets` of an Application
                Load Balancer that has a listener already; left out: none.
            metric_targets: further metrics that scaling keeps, such as messages per instance; left out: none.
            predictive: capacity ahead of a forecast; left out: none.
            schedule: other sizes at other times; left out: none.
            warm_pool: booted instances in waiting; left out: none.
            hooks: pauses at launch and termination, which instances may end; left out: none.
            spot: Spot Instances beyond those that survive the loss of a zone; left out: On-Demand only.
            spot_only_because: why Spot may carry load that On-Demand has to when a zone is lost; left out: refused.
            refresh: how a deployment replaces instances; left out: new ones first, a fifth at once.
            maximum_lifetime: after which an instance is replaced, 1 to 365 days; left out: never by age.
            distribution: balanced-best-effort launches elsewhere when a zone has no capacity, balanced-only keeps
                trying there, reservations-then-balanced begins with reserved capacity; left out: balanced-best-effort.
            zonal_shift: False where a load balancer keeps requests in their zone, as a Network Load Balancer does when
                not told otherwise: Auto Scaling makes no such group ready for zonal shift. Left out: True, the
                group can be shifted out of a zone.
            capacity_reservations: capacity of its own; left out: as everybody else.
            termination_policies: which instances go first; left out: those that keep zones even, the oldest first.
            retain_abandoned: True keeps an instance whose termination hook was abandoned, until somebody looked and
                terminated it; left out: it is terminated.
            group_protection: prevent-force-deletion (no deletion while instances run), or prevent-all-deletion; left
                out: prevent-force-deletion.
            deletable_because: why a single call may delete the group with all its instances.
            alarms: who is told; left out: the alarms exist but tell nobody.
            alarm_thresholds: other thresholds by alarm name: `BelowMinimum`, `AtMaximum`, and `WarmPoolShort` where a
                pool has a minimum.
            alarms_off_because: alarms to leave out, by name, with reasons.

        Raises:
            InvalidOptions: options that cannot work, all of them at once.
        """
        super().__init__(scope, id)
        subnets = with_a_way_out(subnets)
        self.availability_zones = zones_of(self, vpc, subnets)
        zones = len(self.availability_zones)
        self.running = group_size(max(minimum, 0), max(zones, 2))
        given = {**locals(), "group_protection": None if deletable_because else group_protection}
        problems = [
            *unknown(self.node.path, given, "minimum", "maximum"),
            *target_problems(self.node.path, targets, shifts=zonal_shift),
            *option_problems(self.node.path, given, running=self.running, zones=zones, balanced=is_balanced(targets)),
        ]
        check(self, RULES, given, also=problems)
        all_weakened(self, given)
        boot_time = boot_time or Duration.minutes(3)

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
        self.group = scaling_group(
            self,
            vpc=vpc,
            subnets=subnets,
            template=self.launch_template,
            instance_types=instance_types,
            minimum=self.running,
            maximum=maximum,
            name=auto_scaling_group_name,
            boot_time=boot_time,
            grace=boot_time.plus(Duration.seconds(MARGIN)),
            health=[EBS, *([ELB] if targets else []), *([LATTICE] if lattice_targets else [])],
            refresh=refresh,
            spot=spot,
            shifts=zonal_shift,
        )
        attach(self.group, targets, lattice_targets)
        counts = requests_per_target is not None or (predictive is not None and predictive.metric == "requests")
        label = counted_by(self, targets) if counts else None
        track(
            self,
            self.group,
            cpu=cpu_target,
            network_in=network_in_target,
            network_out=network_out_target,
            requests=requests_per_target,
            label=label,
        )
        add_options(self, self.group, self.role, given, zones=zones, label=label)
        specs = [*capacity_alarms(self.group), *pool_alarms(self.group, warm_pool)]
        self.alarms = add_alarms(self, specs, topic=alarms, thresholds=alarm_thresholds, off_because=alarms_off_because)

    @property
    def connections(self) -> ec2.Connections:
        """The instances: open what they call to them, and them to what calls them."""
        return self.group.connections

    @property
    def grant_principal(self) -> iam.IPrincipal:
        """The role of the instances."""
        return self.role
