"""EC2 Auto Scaling and the instances it runs."""

from __future__ import annotations

from ._model import Confidence, Fact, Range

_GUIDE = "https://docs.aws.amazon.com/autoscaling/ec2/userguide/"
_EC2 = "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/"
_DATE = "2026-11-21"

CPU_TARGET = Fact(
    value=Range(1, 100),
    unit="percent",
    says="average CPU utilization is a percentage",
    source=_GUIDE + "as-scaling-target-tracking.html",
    date=_DATE,
)
GRACE = Fact(
    value=Range(0, 7200),
    unit="seconds",
    says="a new instance's failed health checks are forgiven for a while, and replacement must not wait for hours",
    source=_GUIDE + "health-check-grace-period.html",
    date=_DATE,
)
NAME_LENGTH = Fact(
    value=Range(1, 255),
    unit="characters",
    says="an Auto Scaling group's name has at most 255 characters",
    source="https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_CreateAutoScalingGroup.html",
    date=_DATE,
)
VOLUME_SIZE = Fact(
    value=Range(8, 65536),
    unit="GiB",
    says="the image of Amazon Linux 2023 needs 8 GiB, and a gp3 volume holds at most 64 TiB",
    source="https://docs.aws.amazon.com/ebs/latest/userguide/general-purpose.html",
    date=_DATE,
)

LAUNCH_CONFIGURATIONS = Fact(
    value="2024-10-01",
    unit="date",
    says="accounts made since cannot create launch configurations, and none offers what EC2 got since 2023",
    source=_GUIDE + "launch-configurations.html",
    date=_DATE,
)

# Times

BOOT = Fact(
    value=Range(60, 180),
    unit="seconds",
    says="an instance launches, boots and starts its service",
    source="assumed: one to three minutes for Amazon Linux 2023 and a small service; measure it in drills "
    "(" + _EC2 + "ec2-instance-lifecycle.html gives no time)",
    date=_DATE,
    confidence=Confidence.ASSUMED,
)
STATUS_CHECK = Fact(
    value=Range(60, 120),
    unit="seconds",
    says="EC2 status checks run every minute, and a group acts on a failed one soon after",
    source=_EC2 + "monitoring-system-instance-status-check.html (the reaction of the group is assumed)",
    date=_DATE,
    confidence=Confidence.ASSUMED,
)
REACTION = Fact(
    value=Range(60, 180),
    unit="seconds",
    says="target tracking scales out after its alarm has seen three one-minute periods",
    source=_GUIDE + "as-scaling-target-tracking.html (the number of periods is assumed)",
    date=_DATE,
    confidence=Confidence.ASSUMED,
)
