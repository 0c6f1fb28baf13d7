"""What the options of a service may be."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable

from aws_cdk import aws_ec2 as ec2

from cdk_standby_review.facts import autoscaling, elb

from ._checks import Options, Rule, within
from ._service_value_rules import seconds
from .capacity import group_size

_VPC = "https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html"


def _path_is_long(o: Options) -> bool:
    return len(o["health_path"]) not in elb.HEALTH_PATH_LENGTH.value


def _sizes(then: Callable[[Options], bool]) -> Callable[[Options], bool]:
    """Compare sizes only where a comparison means something: other rules speak of the rest."""
    return lambda o: o["minimum"] >= 0 and o["zones"] >= 2 and then(o)


def _running(o: Options) -> int:
    return group_size(o["minimum"], o["zones"])


def _no_cidr(text: str) -> bool:
    try:
        ipaddress.ip_network(text)
    except ValueError:
        return True
    return False


def _architectures(o: Options) -> set[str | None]:
    return {_architecture(kind) for kind in o["instance_types"]}


def _architecture(kind: str) -> str | None:
    """Of the processor; None for what the CDK cannot tell."""
    try:
        return ec2.InstanceType(kind).architecture.name
    except RuntimeError:  # its parser stumbles
        return None


INSTANCES = [
    Rule(
        option="minimum",
        broken=lambda o: o["minimum"] < 0,
        allowed="0 (nothing runs: a pilot light) or more",
        why="it is the number of instances that carries the load when a zone is lost",
    ),
    Rule(
        option="maximum",
        reads=["minimum"],
        broken=_sizes(lambda o: o["maximum"] < _running(o)),
        allowed=lambda o: f"{_running(o)} or more",
        why="that many instances run in all, so that 'minimum' is left when a zone is lost",
    ),
    Rule(
        option="maximum",
        reads=["minimum"],
        broken=lambda o: o["maximum"] < 1 and o["minimum"] <= 0,
        allowed="1 or more",
        why="a group that can never run an instance takes over from nobody",
    ),
    Rule(
        option="instance_types",
        broken=lambda o: not o["instance_types"],
        allowed="one type or more",
        why="something has to run",
    ),
    Rule(
        option="instance_types",
        broken=lambda o: None in _architectures(o),
        allowed="types such as m7g.large",
        why="the processor is told by the family, and the image goes by it",
        source="https://docs.aws.amazon.com/ec2/latest/instancetypes/instance-type-names.html",
    ),
    Rule(
        option="instance_types",
        broken=lambda o: None not in (kinds := _architectures(o)) and len(kinds) > 1,
        allowed="types of one processor architecture",
        why="one image starts them all",
        source="https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-mixed-instances-groups.html",
    ),
    Rule(
        option="auto_scaling_group_name",
        broken=lambda o: (
            o["auto_scaling_group_name"] is not None
            and len(o["auto_scaling_group_name"]) not in autoscaling.NAME_LENGTH.value
        ),
        allowed=f"{autoscaling.NAME_LENGTH.value} characters",
        why=autoscaling.NAME_LENGTH.says,
        source=autoscaling.NAME_LENGTH.source,
    ),
    within("cpu_target", autoscaling.CPU_TARGET),
    within("volume_gib", autoscaling.VOLUME_SIZE),
    seconds("boot_time", autoscaling.GRACE),
]
"""Of every group of instances, balanced or not."""
RULES = [
    *INSTANCES,
    Rule(
        option="env",
        broken=lambda o: o["env"] is None,
        allowed="a stack with an explicit account and Region, Stack(..., env=Environment(account=..., region=...))",
        why="otherwise nobody knows the zones, and the load balancer has nowhere to write its logs",
        source=elb.LOG_ACCOUNTS.source,
    ),
    Rule(
        option="zones",
        broken=lambda o: o["zones"] < elb.ZONES.value,
        allowed="2 or more, better 3",
        why=elb.ZONES.says,
        source=elb.ZONES.source,
    ),
    Rule(
        option="health_path",
        broken=lambda o: not o["health_path"].startswith("/"),
        allowed="a path that begins with '/'",
        why="the load balancer asks for it by HTTP",
        source=elb.HEALTH_PATH_LENGTH.source,
    ),
    Rule(
        option="health_path",
        broken=_path_is_long,
        allowed=f"{elb.HEALTH_PATH_LENGTH.value} characters",
        why=elb.HEALTH_PATH_LENGTH.says,
        source=elb.HEALTH_PATH_LENGTH.source,
    ),
    Rule(
        option="certificate",
        broken=lambda o: o["certificate"] is None and o["http_only_because"] is None,
        allowed="a certificate of this Region, or 'http_only_because' with the reason",
        why="what is sent to a service is nobody else's business",
        source="https://docs.aws.amazon.com/elasticloadbalancing/latest/application/create-https-listener.html",
    ),
    Rule(
        option="http_only_because",
        broken=lambda o: o["certificate"] is not None and o["http_only_because"] is not None,
        allowed="one of 'certificate' and 'http_only_because'",
        why="with a certificate the service speaks HTTPS",
    ),
    Rule(
        option="allow_from",
        broken=lambda o: any(map(_no_cidr, o["allow_from"] or ())),
        allowed="CIDR blocks such as 0.0.0.0/0 or 203.0.113.0/24",
        why="security groups open by block",
        source=_VPC,
    ),
    Rule(
        option="fail_open_percent",
        reads=["dns_failover_percent"],
        broken=lambda o: (o["fail_open_percent"] or 0) > (o["dns_failover_percent"] or 0),
        allowed="at most 'dns_failover_percent'",
        why="traffic has to leave by DNS before, or when, the balancer starts to use unhealthy targets",
        source=elb.HEALTHY_PERCENT.source,
    ),
    within("port", elb.PORT),
    within("dns_failover_percent", elb.HEALTHY_PERCENT),
    within("fail_open_percent", elb.HEALTHY_PERCENT),
    seconds("keep_alive", elb.CLIENT_KEEP_ALIVE),
    seconds("deregistration_delay", elb.DEREGISTRATION_DELAY),
    seconds("slow_start", elb.SLOW_START),
]
