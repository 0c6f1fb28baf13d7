"""Instances behind a load balancer, over all zones of a VPC."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import jsii
from aws_cdk import Duration
from aws_cdk import aws_autoscaling as autoscaling
from aws_cdk import aws_certificatemanager as acm
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_elasticloadbalancingv2 as elb
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from constructs import Construct

from cdk_standby_review.facts import Range
from cdk_standby_review.facts import elb as facts

from ._alarms import add_alarms
from ._checks import check
from ._reasons import all_weakened
from ._service_alarms import service_alarms
from ._service_balancer import (
    HEALTH_FAILURES,
    HEALTH_INTERVAL,
    HEALTH_TIMEOUT,
    callers,
    listen,
    load_balancer,
    target_group,
)
from ._service_group import scale_by_cpu_and_requests, scaling_group
from ._service_launch import instance_role, launch_template
from ._service_option_rules import option_problems
from ._service_options import add_options
from ._service_place import region_of, with_a_way_out, zones_of
from ._service_rules import RULES
from ._service_values import (
    CapacityReservations,
    InstanceRefresh,
    LifecycleHook,
    MetricTarget,
    PredictiveScaling,
    ScheduledSize,
    Spot,
    WarmPool,
)
from .access_logs import AccessLogs
from .alarm_topic import AlarmTopic
from .capacity import group_size


@jsii.implements(ec2.IConnectable, iam.IGrantable)
class Service(Construct):
    """An Auto Scaling group behind an Application Load Balancer that carries its load when a zone is lost.

    Instance loss: replaced in minutes, the others carry on. Zone loss: the balancer stops asking the zone's instances
    within `detection`, and those left are enough by arithmetic, with nothing to start first.
    Region loss: not survived alone; build one in each Region and join them by `FailoverRecords`.
    """

    load_balancer: elb.ApplicationLoadBalancer
    listener: elb.ApplicationListener
    target_group: elb.ApplicationTargetGroup
    group: autoscaling.AutoScalingGroup
    launch_template: ec2.LaunchTemplate
    user_data: ec2.UserData
    warm_pool: WarmPool | None
    role: iam.IRole
    access_logs: AccessLogs
    alarms: dict[str, cloudwatch.Alarm]
    availability_zones: tuple[str, ...]
    running: int
    """The group's minimum size: `minimum`, and what a lost zone would take away."""
    detection: Range
    """Seconds until an instance that stopped answering gets no more requests."""

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        vpc: ec2.IVpc,
        minimum: int,
        maximum: int,
        certificate: acm.ICertificate | None = None,
        http_only_because: str | None = None,
        image: ec2.IMachineImage | None = None,
        instance_types: Sequence[str] = ("m7g.large",),
        user_data: ec2.UserData | None = None,
        volume_gib: int = 20,
        key: kms.IKey | None = None,
        port: int = 8080,
        health_path: str = "/healthz",
        boot_time: Duration | None = None,
        auto_scaling_group_name: str | None = None,
        subnets: ec2.SubnetSelection | None = None,
        cpu_target: float | None = 50,
        requests_per_target: int | None = None,
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
        capacity_reservations: CapacityReservations | None = None,
        termination_policies: Sequence[str] = (),
        retain_abandoned: bool = False,
        group_protection: str | None = None,
        internet_facing: bool = True,
        dual_stack: bool = False,
        allow_from: Sequence[str] | None = None,
        keep_alive: Duration | None = None,
        deregistration_delay: Duration | None = None,
        slow_start: Duration | None = None,
        dns_failover_percent: int | None = None,
        fail_open_percent: int | None = None,
        zonal_autoshift: bool = False,
        web_acl_arn: str | None = None,
        access_logs: AccessLogs | None = None,
        connection_logs: bool = False,
        deletable_because: str | None = None,
        alarms: AlarmTopic | None = None,
        alarm_thresholds: Mapping[str, float] | None = None,
        alarms_off_because: Mapping[str, str] | None = None,
    ) -> None:
        """Build the service.

        Args:
            scope: the parent.
            id: unique among the parent's children.
            vpc: any VPC with private subnets in two zones or more, better three; its public subnets (the private ones
                without `internet_facing`) take the load balancer.
            minimum: instances that carry the load. The group runs ``ceil(minimum x zones / (zones - 1))``, so that
                this many are left when a zone is lost. 0: nothing runs until somebody raises it (a pilot light).
            maximum: the most that scaling may run, at least what `minimum` comes to. A standby needs that of the
                active site. The desired capacity is never rendered: scaling and runbooks own it.
            certificate: for HTTPS on 443 (TLS 1.2 and 1.3), in this Region; HTTP on 80 redirects there. Required,
                unless `http_only_because` is given.
            http_only_because: why HTTP without encryption will do, in a lab without `FailoverRecords`; left out: HTTPS.
            image: what instances boot. Left out: Amazon Linux 2023, by the public SSM parameter that CloudFormation
                reads at each deployment. So a deployment for another reason may bring a newer image, and with it an
                instance refresh; and without deployments nothing is patched. Pin an image to decide that yourself.
            instance_types: tried in this order, all of one architecture; left out: m7g.large. More than one: a zone
                that has none of the first left still starts instances.
            user_data: runs at the first boot; left out: an empty shell script, open as `user_data`.
            volume_gib: size of the encrypted gp3 root volume in GiB; left out: 20.
            key: encrypts the root volume; left out: the account's own EBS key. Nothing of worth is kept on it.
            port: where instances listen by HTTP; left out: 8080.
            health_path: what answers 2xx when an instance can serve, beginning with ``/``; left out: ``/healthz``. It
                must not depend on the database: a failed one would have every instance replaced.
            boot_time: from launch until `health_path` answers: grace of health checks, and warm-up for scaling. Left
                out: 3 minutes.
            auto_scaling_group_name: for others that must know it at synth; left out: generated. A named group cannot
                be replaced in place.
            subnets: where instances run; left out: the private subnets with a way out.
            cpu_target: average CPU in percent that scaling keeps; left out: 50, since the loss of one zone of three
                makes 75 of it. None: no scaling by CPU.
            requests_per_target: requests per minute and instance that scaling keeps, beside CPU; left out: none.
            metric_targets: further metrics that scaling keeps; left out: none.
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
            capacity_reservations: capacity of its own; left out: as everybody else.
            termination_policies: which instances go first; left out: those that keep zones even, the oldest first.
            retain_abandoned: True keeps an instance whose termination hook was abandoned; left out: it is terminated.
            group_protection: prevent-force-deletion or prevent-all-deletion, for the group; left out: none.
            internet_facing: False puts the load balancer into the private subnets; left out: True.
            dual_stack: True answers on IPv6 too, which the VPC must have; left out: IPv4 only.
            allow_from: CIDR blocks that may call; left out: everybody, and without `internet_facing` the VPC. Those of
                Route 53's health checkers must be among them where `FailoverRecords` lead here.
            keep_alive: how long a client may keep a connection, 60 to 180 seconds; left out: 120. AWS would allow
                7 days, but a client moves to another zone or Region only by a new connection.
            deregistration_delay: how long a leaving instance may finish requests; left out: 30 seconds.
            slow_start: how long a new instance gets a growing share of requests, 30 to 900 seconds; left out: none.
            dns_failover_percent: below this share of healthy targets Route 53 sees the balancer as unhealthy and
                `FailoverRecords` move traffic; left out: only when no target is healthy.
            fail_open_percent: below this share the balancer uses unhealthy targets too; left out: only when no target
                is healthy. At most `dns_failover_percent`.
            zonal_autoshift: True lets AWS shift traffic out of a zone that it finds impaired, and practise that every
                week; the alarms of unhealthy hosts and errors stop a practice run. Left out: somebody shifts by hand,
                for which balancer and group are ready.
            web_acl_arn: a WAF web ACL of this Region; left out: none.
            access_logs: a bucket of this Region, shared with other services; left out: one of its own, kept 365 days.
            connection_logs: True logs TLS connections too; left out: requests only.
            deletable_because: why the load balancer may be deleted with its stack; left out: deletion protection.
            alarms: who is told; left out: the alarms exist but tell nobody.
            alarm_thresholds: other thresholds by alarm name: `HealthyHosts-a` and so on for each zone,
                `UnhealthyHosts`, `TargetErrors`, `BalancerErrors`, `ResponseTime`, `BelowMinimum`, `AtMaximum`, and
                `WarmPoolShort` where a pool has a minimum.
            alarms_off_because: alarms to leave out, by name, with reasons.

        Raises:
            InvalidOptions: options that cannot work, all of them at once.
        """
        super().__init__(scope, id)
        subnets = with_a_way_out(subnets)
        self.availability_zones = zones_of(self, vpc, subnets)
        zones = len(self.availability_zones)
        self.running = group_size(max(minimum, 0), max(zones, 2))
        given = {**locals(), "env": region_of(self)}
        also = option_problems(self.node.path, given, running=self.running, zones=zones, balanced=True)
        check(self, RULES, given, also=also)
        all_weakened(self, given)
        boot_time = boot_time or Duration.minutes(3)
        self.warm_pool = warm_pool
        self.detection = facts.detection(HEALTH_INTERVAL, HEALTH_FAILURES, HEALTH_TIMEOUT)

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
        self.access_logs = access_logs or AccessLogs(self, "AccessLogs")
        self.load_balancer = load_balancer(
            self,
            vpc=vpc,
            internet_facing=internet_facing,
            dual_stack=dual_stack,
            keep_alive=keep_alive,
            protected=deletable_because is None,
            logs=self.access_logs,
            connection_logs=connection_logs,
            web_acl_arn=web_acl_arn,
        )
        self.target_group = target_group(
            self,
            vpc=vpc,
            port=port,
            health_path=health_path,
            deregistration_delay=deregistration_delay,
            slow_start=slow_start,
            dns_failover_percent=dns_failover_percent,
            fail_open_percent=fail_open_percent,
        )
        allowed = callers(vpc, allow_from, internet_facing=internet_facing, dual_stack=dual_stack)
        self.listener = listen(self.load_balancer, self.target_group, certificate=certificate, allow_from=allowed)
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
            refresh=refresh,
            spot=spot,
        )
        self.group.attach_to_application_target_group(self.target_group)
        scale_by_cpu_and_requests(
            self,
            self.group,
            cpu_target=cpu_target,
            requests_per_target=requests_per_target,
            balancer=self.load_balancer,
            listener=self.listener,
            targets=self.target_group,
        )
        label = f"{self.load_balancer.load_balancer_full_name}/{self.target_group.target_group_full_name}"
        add_options(self, self.group, self.role, given, zones=zones, label=label)
        self.alarms = add_alarms(
            self, service_alarms(self), topic=alarms, thresholds=alarm_thresholds, off_because=alarms_off_because
        )
        if zonal_autoshift:
            from ._service_autoshift import shift_automatically  # noqa: PLC0415  few need it

            shift_automatically(self, self.load_balancer, self.alarms)

    @property
    def connections(self) -> ec2.Connections:
        """The instances: open what they call to them. Callers come through the load balancer."""
        return self.group.connections

    @property
    def grant_principal(self) -> iam.IPrincipal:
        """The role of the instances."""
        return self.role
