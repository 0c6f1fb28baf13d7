"""Global Accelerator: two addresses for the whole world, behind which Regions come and go."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import cast

from aws_cdk import Aws, Duration, Fn, RemovalPolicy, Stack
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_globalaccelerator as ga
from aws_cdk import aws_s3 as s3
from constructs import Construct

from cdk_standby_review.facts import Range
from cdk_standby_review.facts import globalaccelerator as facts

from .._alarms import add_alarms
from .._checks import check
from .._reasons import all_weakened
from .._tokens import is_token
from ..alarm_topic import AlarmTopic
from . import _accelerator_parts as parts
from ._accelerator_alarms import region_alarms
from ._accelerator_rules import RULES, endpoint_problems, serving
from ._accelerator_values import AcceleratorEndpoint, Dials
from ._log_delivery import let_logs_in

__all__ = ["AcceleratorEndpoint", "Dials", "GlobalAccelerator"]


class GlobalAccelerator(Construct):
    """Static addresses that lead to the nearest healthy Region, without any DNS that somebody could remember.

    Region loss: new connections go to another Region by themselves, `detection` and `shift` after its endpoints stopped
    answering; open connections break. **A dial of 0 is no switch-off**: on such a failover dials are ignored, and a
    Region with a dial of 0 gets the traffic. What keeps a Region out of it is a weight of 0 on all its endpoints.
    Loss of us-west-2: the accelerator works on, and no dial or weight can be changed: do not plan to turn one then.

    Its addresses are what clients have in their firewalls, and gone for ever when it is deleted: it stays, with its
    listener, when its stack goes. Its endpoint groups go: a Region that is taken out of `endpoints` gets no traffic.
    """

    accelerator: ga.CfnAccelerator
    listener: ga.CfnListener
    groups: dict[str, ga.CfnEndpointGroup]
    """By Region."""
    dials: Dials
    """Who gets traffic now, and who would after a loss."""
    detection: Range
    """Seconds until an EC2 instance or Elastic IP address that stopped answering is unhealthy; of a load balancer its
    own health checks count."""
    shift: Range
    """Seconds until new connections go elsewhere after that."""
    alarms: dict[str, cloudwatch.Alarm]

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        name: str,
        endpoints: Mapping[str, Sequence[AcceleratorEndpoint]],
        one_region_because: str | None = None,
        dials: Mapping[str, float] | None = None,
        ports: Sequence[int | tuple[int, int]] = (443,),
        protocol: str = "TCP",
        affinity: str = "NONE",
        interval: Duration | None = None,
        threshold: int = 3,
        health_protocol: str = "TCP",
        health_port: int | None = None,
        health_path: str | None = None,
        port_overrides: Mapping[int, int] | None = None,
        ipv6: bool = False,
        flow_logs: s3.IBucket | None = None,
        no_flow_logs_because: str | None = None,
        deletable_because: str | None = None,
        alarms: AlarmTopic | None = None,
        alarm_thresholds: Mapping[str, float] | None = None,
        alarms_off_because: Mapping[str, str] | None = None,
    ) -> None:
        """Make the accelerator.

        Args:
            scope: the parent, in a stack of us-west-2: accelerators are changed, and their metrics are, only there.
            id: unique among the parent's children; another id is another accelerator with other addresses.
            name: by which people find it, at most 64 letters, digits, periods and hyphens.
            endpoints: by Region, 1 to 10 each; two Regions or more with a weight above 0.
            one_region_because: why one Region is enough: then it is an entrance, and no more available than the Region.
            dials: percent of the traffic that a Region would get otherwise, 0 to 100; left out: 100 everywhere. Turned
                here to redirect users for as long as a Region is repaired, best from the app's context; after a loss it
                is ignored.
            ports: that clients call, ports or pairs of the first and the last, 1 to 10; left out: 443.
            protocol: TCP or UDP; left out: TCP.
            affinity: SOURCE_IP sends all connections of a client's address to one endpoint; left out: NONE.
            interval: between two health checks of an instance or Elastic IP address, 10 or 30 seconds; left out: 10.
            threshold: how many answers alike change an endpoint's state, 1 to 10; left out: 3.
            health_protocol: TCP, HTTP or HTTPS, by which instances and Elastic IP addresses are asked; left out: TCP.
            health_port: where they are asked, 1 to 65535; left out: at the first port.
            health_path: what they are asked for by HTTP or HTTPS; left out: ``/``.
            port_overrides: ports of the endpoints by port that clients call, such as ``{443: 8443}``, at most 10; left
                out: the same ports.
            ipv6: True adds two IPv6 addresses, when all endpoints are dual-stack; left out: IPv4 only.
            flow_logs: the bucket of the flow logs, such as ``AccessLogs(...).bucket``. Required, unless
                `no_flow_logs_because` is given.
            no_flow_logs_because: why connections are not logged.
            deletable_because: why the addresses may be given up with the stack.
            alarms: who is told, by a topic of us-west-2; left out: alarms exist, but notify nobody.
            alarm_thresholds: other thresholds by name: `Unhealthy-<region>`, `NoneHealthy-<region>` (endpoints).
            alarms_off_because: alarms to leave out, by name, with reasons.

        Raises:
            InvalidOptions: with every option that cannot work, and the AWS page that says so
                (https://docs.aws.amazon.com/global-accelerator/latest/api/API_CreateEndpointGroup.html).
        """
        super().__init__(scope, id)
        interval = interval or Duration.seconds(min(facts.INTERVALS.value))
        given = {region: list(group) for region, group in endpoints.items()}
        turned = {**dict.fromkeys(given, 100.0), **(dials or {})}
        heard = [port if isinstance(port, tuple) else (port, port) for port in ports]
        overrides = dict(port_overrides or {})
        options = {**locals(), "region": Stack.of(self).region, "port_overrides": overrides}
        options |= {"endpoints": given, "dials": turned, "ports": heard}
        check(self, RULES, options, also=endpoint_problems(self.node.path, given, turned))
        all_weakened(self, options)

        self._ipv6 = ipv6
        self.dials = Dials(turned, tuple(serving(given)))
        failures = int(facts.THRESHOLD.value.high) if is_token(threshold) else threshold
        self.detection, self.shift = facts.detection(interval.to_seconds(), failures), facts.SHIFT.value
        self.accelerator = ga.CfnAccelerator(
            self,
            "Accelerator",
            name=name,
            enabled=True,
            ip_address_type="DUAL_STACK" if ipv6 else "IPV4",
            flow_logs_enabled=flow_logs is not None,
            flow_logs_s3_bucket=flow_logs.bucket_name if flow_logs else None,
            flow_logs_s3_prefix=name if flow_logs else None,
        )
        self._log(flow_logs, name)
        self.listener = parts.listener(self, self.accelerator_arn, heard, protocol, affinity)
        probe = parts.Probe(interval, threshold, health_protocol, health_port, health_path)
        self.groups = parts.groups(self, self.listener, given, dials=turned, probe=probe, overrides=overrides)
        self._keep(deletable_because)
        specs = region_alarms(self.groups, self.metric)
        self.alarms = add_alarms(self, specs, topic=alarms, thresholds=alarm_thresholds, off_because=alarms_off_because)

    @property
    def accelerator_arn(self) -> str:
        """For permissions."""
        return self.accelerator.ref

    @property
    def domain_name(self) -> str:
        """What a record leads to: the name of all its addresses."""
        return self.accelerator.attr_dual_stack_dns_name if self._ipv6 else self.accelerator.attr_dns_name

    @property
    def addresses(self) -> list[str]:
        """The static IPv4 addresses."""
        return self.accelerator.attr_ipv4_addresses

    def as_accelerator(self) -> ga.IAccelerator:
        """For other CDK calls, such as `route53_targets.GlobalAcceleratorTarget`."""
        found = self.node.try_find_child("Seen")
        if found is not None:
            return cast("ga.IAccelerator", found)
        return ga.Accelerator.from_accelerator_attributes(
            self, "Seen", accelerator_arn=self.accelerator_arn, dns_name=self.domain_name
        )

    def metric(
        self, name: str, *, region: str | None = None, statistic: str = "Sum", period: Duration | None = None
    ) -> cloudwatch.Metric:
        """A metric of all endpoints, or of those of a Region, such as ``NewFlowCount``; by the minute, in us-west-2."""
        dimensions = {"Accelerator": _last(self.accelerator_arn, 1)}
        if region is not None:
            dimensions |= {"Listener": _last(self.listener.ref, 3), "EndpointGroup": region}
        return cloudwatch.Metric(
            namespace="AWS/GlobalAccelerator",
            metric_name=name,
            dimensions_map=dimensions,
            statistic=statistic,
            period=period or Duration.minutes(1),
        )

    def _log(self, bucket: s3.IBucket | None, name: str) -> None:
        if bucket is not None:
            by = f"{facts.CONTROL_PLANE.value}:{Aws.ACCOUNT_ID}:*"
            let_logs_in(bucket, by=by, prefix=f"{name}/", writer=self.accelerator)

    def _keep(self, deletable_because: str | None) -> None:
        for part in (self.accelerator, self.listener):
            part.apply_removal_policy(RemovalPolicy.DESTROY if deletable_because else RemovalPolicy.RETAIN)


def _last(arn: str, slashes: int) -> str:
    """The id at the end of an ARN, as metrics name it."""
    return Fn.select(slashes, Fn.split("/", arn))
