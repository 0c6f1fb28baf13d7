"""Away from an impaired zone: zonal autoshift of anything that ARC can shift, and who hears of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias, cast

from aws_cdk import Stack
from aws_cdk import aws_arczonalshift as arc
from aws_cdk import aws_autoscaling as autoscaling
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_elasticloadbalancingv2 as elb
from aws_cdk import aws_events as events
from constructs import Construct

from .._checks import check
from .._service_autoshift import autoshift
from ..alarm_topic import AlarmTopic
from ._autoshift_rules import RULES, unknown_group

__all__ = ["AutoshiftObserver", "Shiftable", "ZonalAutoshift"]

_Balancer: TypeAlias = (
    elb.ApplicationLoadBalancer | elb.NetworkLoadBalancer | elb.IApplicationLoadBalancer | elb.INetworkLoadBalancer
)
Shiftable: TypeAlias = _Balancer | autoscaling.AutoScalingGroup | str
"""What ARC can shift: one of these, or the ARN of one, of an EKS cluster too."""


class ZonalAutoshift(Construct):
    """Lets AWS move traffic out of an Availability Zone that it finds impaired, and practise that every week.

    Zone impairment: AWS shifts within minutes of noticing, and back when it is over; connections drain for some
    minutes. What runs in the other zones must bear the whole load: that is what the practice runs show, each of which
    takes one zone away for about half an hour. Region loss: not survived by shifting zones.

    A load balancer or an Auto Scaling group of this app is told that it may be shifted. Of an ARN or of an imported
    resource nothing is changed: switch zonal shift on where it is made.
    """

    configuration: arc.CfnZonalAutoshiftConfiguration

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        resource: Shiftable,
        outcome_alarm: cloudwatch.IAlarm,
        blocking_alarm: cloudwatch.IAlarm | None = None,
        blocked_windows: Sequence[str] = (),
        blocked_dates: Sequence[str] = (),
    ) -> None:
        """Switch it on.

        Args:
            scope: the parent.
            id: unique among the parent's children.
            resource: an Application or Network Load Balancer, an Auto Scaling group, or an ARN of one of these or of an
                EKS cluster.
            outcome_alarm: of the same Region; rings when users suffer, and so ends a practice run.
            blocking_alarm: no practice run starts while it rings; left out: only windows and dates hold one up.
            blocked_windows: times of the week without practice runs, in UTC, such as ``"Mon:08:00-Mon:18:00"``, 15 at
                most; left out: any time.
            blocked_dates: days without practice runs, such as ``"2026-12-24"``, 15 at most; left out: any day.

        Raises:
            InvalidOptions: ARC cannot shift it, or the practice runs have no alarm or no time
                (https://docs.aws.amazon.com/r53recovery/latest/dg/arc-zonal-autoshift.considerations.html).
        """
        super().__init__(scope, id)
        arn = _arn(resource)
        given: dict[str, Any] = {
            "resource": arn,
            "outcome_alarm": outcome_alarm.node.path,
            "blocking_alarm": blocking_alarm.node.path if blocking_alarm is not None else None,
            "blocked_windows": blocked_windows,
            "blocked_dates": blocked_dates,
        }
        regions = {
            option: alarm.env.region
            for option, alarm in (("outcome_alarm", outcome_alarm), ("blocking_alarm", blocking_alarm))
            if alarm is not None
        }
        check(
            self,
            RULES,
            {**given, "region": Stack.of(self).region, "regions": regions, "kind": "autoshift"},
            also=unknown_group(self, arn),
        )
        _open(resource)
        self.configuration = autoshift(
            self,
            arn,
            outcome_alarm,
            blocking=blocking_alarm,
            blocked_dates=blocked_dates,
            blocked_windows=blocked_windows,
        )


class AutoshiftObserver(Construct):
    """Tells of practice runs and shifts in a Region, and of every autoshift there, whether it moves you or not.

    An autoshift is a hint, perhaps before alarms ring, that a zone is impaired: what is not shifted, a database say,
    can be failed over by hand. A practice run that failed says that the other zones do not bear the load. Zone loss:
    EventBridge spans zones. Region loss: not survived, and not meant to be.

    An account has one in a Region: it is a setting, and a second one fails to deploy.
    """

    status: arc.CfnAutoshiftObserverNotificationStatus
    rule: events.Rule

    def __init__(self, scope: Construct, id: str, *, alarms: AlarmTopic) -> None:
        """Switch it on.

        Args:
            scope: the parent.
            id: unique among the parent's children.
            alarms: who is told.

        Raises:
            InvalidOptions: the topic is in another Region
                (https://docs.aws.amazon.com/r53recovery/latest/dg/arc-zonal-autoshift.enable-autoshift-observer.html).
        """
        super().__init__(scope, id)
        alarms.check_region(self)
        self.status = arc.CfnAutoshiftObserverNotificationStatus(self, "Status", status="ENABLED")
        self.rule = events.Rule(
            self,
            "Told",
            description="Practice runs and shifts of this Region",
            event_pattern=events.EventPattern(source=["aws.arc-zonal-shift"]),
        )
        alarms.notify_of(self.rule)


def _arn(resource: Shiftable) -> str:
    if isinstance(resource, str):
        return resource
    if isinstance(resource, autoscaling.AutoScalingGroup):  # its own ARN has a wildcard in the place of its id
        return cast("autoscaling.CfnAutoScalingGroup", resource.node.default_child).attr_auto_scaling_group_arn
    return str(getattr(resource, "load_balancer_arn", None) or getattr(resource, "auto_scaling_group_arn", ""))


def _open(resource: Shiftable) -> None:
    """Let a resource that is made here be shifted: it is off unless somebody says so."""
    if isinstance(resource, elb.ApplicationLoadBalancer | elb.NetworkLoadBalancer):
        resource.set_attribute("zonal_shift.config.enabled", "true")
    elif isinstance(resource, autoscaling.AutoScalingGroup):
        group = cast("autoscaling.CfnAutoScalingGroup", resource.node.default_child)
        group.availability_zone_impairment_policy = (
            autoscaling.CfnAutoScalingGroup.AvailabilityZoneImpairmentPolicyProperty(
                zonal_shift_enabled=True, impaired_zone_health_check_behavior="IgnoreUnhealthy"
            )
        )
