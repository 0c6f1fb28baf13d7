"""The part that answers calls: a group of instances behind a load balancer."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from aws_cdk import aws_ec2 as ec2
from constructs import Construct

from cdk_standby._checks import Problem

from ..capacity import scaled
from ..service_parts import build_service
from ._tier import Kind, Layer, Placing, Posture

if TYPE_CHECKING:
    from ..sites import Site


@dataclass(frozen=True, slots=True, kw_only=True)
class Capacity:
    """How many instances carry the load.

    Args:
        minimum: instances that carry the normal load. The active site runs enough more that this number
            is left when an Availability Zone is lost.
        maximum: the most that autoscaling may run, at every site alike: a standby has to grow to it.
    """

    minimum: int
    maximum: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """Instances in an Auto Scaling group behind an Application Load Balancer, over three zones.

    Args:
        name: unique in the workload.
        capacity: see `Capacity`.
        image: any machine image whose lookup happens at deployment. Left out: Amazon Linux 2023 on arm64.
        instance_types: tried in this order, all of one architecture. Left out: m7g.large.
        port: where instances listen, 1 to 65535.
        health_path: what answers 200 when an instance can serve, beginning with ``/``.
        commands: shell commands that install and start the service at boot. They find the endpoints and the
            secret of the workload's database in ``/etc/cdk-standby/environment``.
    """

    capacity: Capacity
    name: str = "service"
    image: ec2.IMachineImage | None = None
    instance_types: Sequence[str] = ("m7g.large",)
    port: int = 8080
    health_path: str = "/healthz"
    commands: Sequence[str] = ()

    @property
    def kind(self) -> Kind:
        """The row of a strategy's table."""
        return Kind.SERVICE

    @property
    def layer(self) -> Layer:
        """The stack of a site that it lives in."""
        return Layer.SERVICE

    def problems(self, where: str) -> Iterable[Problem]:
        """Sizes that no site could run, and a health path that no balancer could ask for."""
        size = self.capacity
        if size.minimum < 1:
            yield Problem(
                where=where,
                option="capacity.minimum",
                got=str(size.minimum),
                allowed="1 or more",
                why="it is the number of instances that carries the normal load; a strategy decides where none run",
            )
        if size.maximum < size.minimum:
            yield Problem(
                where=where,
                option="capacity.maximum",
                got=str(size.maximum),
                allowed=f"{size.minimum} (the minimum) or more",
                why="autoscaling grows from the minimum to the maximum",
            )
        if not self.health_path.startswith("/"):
            yield Problem(
                where=where,
                option="health_path",
                got=f"'{self.health_path}'",
                allowed="a path that begins with '/'",
                why="load balancer and Route 53 ask for it by HTTP",
            )

    def misfits(self, where: str, placing: Placing) -> Iterable[Problem]:
        """It runs anywhere."""
        return ()

    def needed(self, posture: Posture, *, scale: float, share: Fraction = Fraction(1)) -> int:
        """Instances that must be left when a zone is lost: of many Regions that serve, each has a `share`."""
        return {
            Posture.FULL: math.ceil(self.capacity.minimum * share),
            Posture.RESTORED: math.ceil(self.capacity.minimum * share),
            Posture.SCALED_DOWN: scaled(self.capacity.minimum, scale),
            Posture.IDLE: 0,
        }[posture]

    def build(self, scope: Construct, site: Site, posture: Posture) -> None:
        """The group, its balancer and its certificate, sized for the posture."""
        needed = self.needed(posture, scale=site.scale, share=site.share)
        site.services[self.name] = build_service(scope, self, site, needed=needed)
