"""What a balancer leads to: instances or addresses that answer on a port, and how they join and leave."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from aws_cdk import CfnResource, Duration
from aws_cdk import aws_autoscaling as autoscaling
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_elasticloadbalancingv2_targets as elb_targets
from constructs import Construct

from cdk_standby_review.facts import Range
from cdk_standby_review.facts import autoscaling as group_facts
from cdk_standby_review.facts import elb as facts

from .._checks import InvalidOptions, Problem, check
from .._named_zones import zone_is_meant, zones_are_meant
from ._health_rules import whole_seconds
from ._spread import Judged, Spread, ask_the_balancer, spread_problems, zonal_problems
from .hybrid_targets import EVERY_ZONE, HybridTargets

KINDS = ("instance", "ip")
_BOOT_TIME = whole_seconds("boot_time", group_facts.GRACE)


class TargetPool(Construct):
    """Targets of one kind behind one load balancer."""

    vpc: ec2.IVpc
    kind: str
    port: int
    health_port: int | None
    needed: int | None
    cross_zone: bool | None
    """None: as the load balancer has it."""
    addresses: HybridTargets | None
    by_zone: bool = True
    """Whether healthy targets are counted zone by zone."""
    detection: Range
    """Seconds until a target that stopped answering gets nothing more."""
    alarms: dict[str, cloudwatch.Alarm]
    """Filled once a load balancer leads here."""
    thresholds: Mapping[str, float] | None
    off_because: Mapping[str, str] | None

    def __init__(self, scope: Construct, id: str) -> None:
        """Nobody's targets yet."""
        super().__init__(scope, id)
        self.alarms = {}
        self._groups: list[autoscaling.AutoScalingGroup] = []
        self._entrance: tuple[str, ...] | None = None
        self._caller: ec2.Connections | None = None
        self._crosses = True
        self._judged = False

    def attach(self, group: autoscaling.AutoScalingGroup, *, boot_time: Duration | None = None) -> None:
        """Register what a group starts, let the load balancer in, and have the group replace what it finds unhealthy.

        Args:
            group: an Auto Scaling group of the CDK in the same VPC; `Service` brings its own balancer.
            boot_time: from launch until the health check counts; left out: as the group has it, or 3 minutes.

        Raises:
            InvalidOptions: these targets are addresses, or too few instances run, or not in every zone, for what
                `needed` and balancing over zones ask. Groups of one zone each are judged together, at synth.
        """
        check(
            self, [whole_seconds("boot_time", group_facts.GRACE)], {"boot_time": boot_time}, also=self._misfits(group)
        )
        self._groups.append(group)
        self._check_spread(group)
        ask_the_balancer(group, boot_time)
        self._register(group)
        self._open(group)

    def _register(self, group: autoscaling.AutoScalingGroup) -> None:
        raise NotImplementedError

    def _misfits(self, group: autoscaling.AutoScalingGroup) -> Iterator[Problem]:
        where = self.node.path
        if self.kind != "instance":
            why = "what a group starts is registered by instance, and these targets go by address"
            allowed = "targets with kind='instance'"
            yield Problem(where=where, option="group", got=group.node.path, allowed=allowed, why=why)
        try:
            _ = group.connections
        except RuntimeError:
            got = f"{group.node.path}, of an imported launch template"
            allowed = "a group of a launch template of the CDK, with its security group"
            why = "the load balancer has to be let in by a security group, and nobody knows which the instances have"
            yield Problem(where=where, option="group", got=got, allowed=allowed, why=why)

    def _check_spread(self, group: autoscaling.AutoScalingGroup) -> None:
        if self._entrance is None:
            return
        spread, zones = Spread.of(group, self.vpc), self._entrance
        if spread.zones is not None and len(spread.zones) == 1:
            self._judge_at_synth()
        elif problems := [
            *spread_problems(self.node.path, spread, zones, needed=self.needed, cross_zone=self._balances)
        ]:
            raise InvalidOptions(problems)

    def _judge_at_synth(self) -> None:
        """Groups of one zone each are judged together, once all of them are there."""
        if not self._judged:
            self._judged = True
            self.node.add_validation(Judged(self._zonal_problems))

    def _zonal_problems(self) -> Iterator[Problem]:
        spreads = [Spread.of(group, self.vpc) for group in self._groups]
        zones = self._entrance or ()
        return zonal_problems(self.node.path, spreads, zones, needed=self.needed, cross_zone=self._balances)

    @property
    def _balances(self) -> bool:
        """Whether targets answer for all zones."""
        return self._crosses if self.cross_zone is None else self.cross_zone

    def meet(self, balancer: ec2.Connections, zones: tuple[str, ...], *, crosses: bool) -> None:
        """A load balancer leads here: doors open between the two, and groups are held against its zones."""
        self._entrance, self._caller, self._crosses = zones, balancer, crosses
        for group in self._groups:
            self._check_spread(group)
            self._open(group)
        for address in (*self.addresses.inside, *self.addresses.outside) if self.addresses else ():
            for port in self.ports:
                balancer.allow_to(ec2.Peer.ipv4(f"{address}/32"), port, f"to {self.node.path}")

    @property
    def met(self) -> bool:
        """Whether a load balancer leads here already."""
        return self._entrance is not None

    @property
    def ports(self) -> tuple[ec2.Port, ...]:
        """What the balancer calls on: the service and, where it differs, its health."""
        health = () if self.health_port in (None, self.port) else (ec2.Port.tcp(self.health_port),)
        return (ec2.Port.tcp(self.port), *health)

    def _open(self, group: autoscaling.AutoScalingGroup) -> None:
        if self._caller is None:
            return
        for port in self.ports:
            group.connections.allow_from(self._caller, port, f"from the load balancer of {self.node.path}")


def ip_targets(addresses: HybridTargets | None, port: int) -> list[Any]:
    """The addresses as the CDK registers them."""
    if addresses is None:
        return []
    here = [elb_targets.IpTarget(address, port) for address in addresses.inside]
    return here + [elb_targets.IpTarget(address, port, addresses.outside_zone) for address in addresses.outside]


def zone_was_chosen(scope: Construct, resource: object, addresses: HybridTargets | None) -> None:
    """Tell the validators that addresses stand in a zone by name, where they do."""
    if addresses is not None and addresses.outside_zone != EVERY_ZONE and isinstance(resource, CfnResource):
        zones_are_meant(scope, "requests of this zone go to addresses outside of the VPC, as somebody chose")
        zone_is_meant(resource)


def met_already(where: str, pools: Mapping[str, Any]) -> list[Problem]:
    """Targets that another load balancer leads to."""
    return [
        Problem(
            where=where,
            option=option,
            got=f"{pool.node.path}, which another load balancer leads to",
            allowed="targets of their own",
            why=facts.ONE_BALANCER.says,
            source=facts.ONE_BALANCER.source,
        )
        for option, pool in pools.items()
        if pool.met
    ]
