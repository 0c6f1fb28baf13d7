"""What the options of a fleet may be, beyond those of every group of instances."""

from __future__ import annotations

from collections.abc import Sequence

from aws_cdk import aws_elasticloadbalancingv2 as elb

from cdk_standby_review.facts import Range, autoscaling

from .._checks import Options, Rule
from .._service_rules import INSTANCES
from .._service_value_rules import length
from .._tokens import is_token

_PILLAR = "https://docs.aws.amazon.com/wellarchitected/latest/reliability-pillar/rel_fault_isolation_multiaz_region_system.html"
_TRACKING = autoscaling.CPU_TARGET.source
MARGIN = 60  # seconds of grace after `boot_time`


def _long_boot(o: Options) -> bool:
    span = o["boot_time"]
    return span is not None and (span.is_unresolved() or (length(span) or 0) not in Range(0, longest_boot()))


def longest_boot() -> int:
    """Seconds of boot that leave the grace within its limit."""
    return int(autoscaling.GRACE.value.high) - MARGIN


ZONES = Rule(
    option="zones",
    broken=lambda o: o["zones"] < 2,
    allowed="2 or more, better 3",
    why="a group in one zone stops with it",
    source=_PILLAR,
)
BOOT = Rule(
    option="boot_time",
    broken=_long_boot,
    allowed=f"up to {longest_boot()} whole seconds, known at synth",
    why=f"health checks begin {MARGIN} seconds after it, so that no instance is replaced while it boots",
    source=autoscaling.GRACE.source,
)
RULES = [
    ZONES,
    *INSTANCES,
    BOOT,
    Rule(
        option="requests_per_target",
        broken=lambda o: o["requests_per_target"] is not None and not is_balanced(o["targets"]),
        allowed="left out, or 'targets' with a target group of an Application Load Balancer of this app",
        why="a balancer counts requests",
        source=_TRACKING,
    ),
    *(
        Rule(
            option=option,
            broken=lambda o, option=option: o[option] is not None and o[option] <= 0,  # type: ignore[misc]
            allowed="more than 0",
            why="capacity is set in proportion to it",
            source=_TRACKING,
        )
        for option in ("network_in_target", "network_out_target", "requests_per_target")
    ),
    Rule(
        option="lattice_targets",
        broken=lambda o: any(not is_token(arn) and ":targetgroup/" not in arn for arn in o["lattice_targets"]),
        allowed="ARNs of VPC Lattice target groups",
        why="Auto Scaling registers instances with them",
        source="https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-vpc-lattice.html",
    ),
]


def is_balanced(targets: Sequence[object]) -> bool:
    """Whether an Application Load Balancer of this app counts requests for the group."""
    return any(isinstance(target, elb.ApplicationTargetGroup) for target in targets)
