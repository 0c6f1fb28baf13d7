"""Region switch plans: what their blocks need, and how long they take. Names and Regions are in `rds_operations`."""

from __future__ import annotations

from . import recovery_times, role_changes
from ._model import Confidence, Fact, Range

_API = "https://docs.aws.amazon.com/arc-region-switch/latest/api/"
_GUIDE = "https://docs.aws.amazon.com/r53recovery/latest/dg/"
_DATE = "2026-11-21"

GROUP_ARN = Fact(
    value=r"arn:aws[a-zA-Z-]*:autoscaling:{region}:\d{{12}}:autoScalingGroup:"
    r"[0-9a-f]{{8}}(-[0-9a-f]{{4}}){{3}}-[0-9a-f]{{12}}:autoScalingGroupName/.{{1,255}}",
    unit="pattern with {region}",
    says="the block for Auto Scaling groups takes the full ARN of a group in each Region, whose middle AWS invents",
    source=_API + "API_Asg.html",
    date=_DATE,
)
FUNCTIONS = Fact(
    value=2,
    unit="functions",
    says="a custom step has a function in each Region of the plan",
    source=_GUIDE + "custom-action-lambda-block.html",
    date=_DATE,
)
GROUP_PERCENT = Fact(
    value=Range(1, 100),
    unit="percent",
    says="the Region that is activated gets a share of the most that ran in the other one within 24 hours",
    source=_GUIDE + "ec2-auto-scaling-block.html",
    date=_DATE,
    confidence=Confidence.ASSUMED,  # the page names the share, and no bounds
)
QUOTA_CHECKS = Fact(
    value=True,
    unit="",
    says="a plan compares the quotas of its Regions for what its blocks scale, and warns where the standby's are lower",
    source=_GUIDE + "working-with-rs-service-quota-checks.html",
    date=_DATE,
)
CAPACITY = Fact(
    value=Range(recovery_times.INSTANCE_START.value.low, recovery_times.INSTANCE_START.value.high),
    unit="seconds",
    says="instances start, all at once",
    source=recovery_times.INSTANCE_START.source,
    date=_DATE,
    confidence=recovery_times.INSTANCE_START.confidence,
)
AURORA = recovery_times.AURORA_GLOBAL_FAILOVER
PROMOTION = recovery_times.REPLICA_PROMOTION
APPROVAL = recovery_times.DECISION
TRAFFIC = role_changes.TRAFFIC
HEALTH_CHECK = Fact(
    value=Range(60, 120),
    unit="seconds",
    says="the plan sets its health checks, and resolvers forget the old answer within 60 seconds",
    source="assumed: the time to live and as much again (" + _GUIDE + "route53-health-check-block.html)",
    date=_DATE,
    confidence=Confidence.ASSUMED,
)
HUB_AVAILABILITY = Fact(
    value=99.99,
    unit="percent",
    says="several zones of one Region reach 99.99 percent, and more takes a second Region",
    source="https://docs.aws.amazon.com/wellarchitected/latest/reliability-pillar/availability.html",
    date=_DATE,
    confidence=Confidence.ASSUMED,
)
HUB_NAME = Fact(
    value=r"[A-Za-z0-9][A-Za-z0-9_-]{1,59}",
    unit="pattern",
    says="names of Resilience Hub hold 2 to 60 letters, digits, '_' and '-', starting with a letter or digit",
    source="https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/"
    "aws-resource-resiliencehub-resiliencypolicy.html",
    date=_DATE,
)
HUB_REGIONS = Fact(
    value=Range(1, 10),
    unit="Regions",
    says="a service of Resilience Hub is assessed in one to ten Regions",
    source="https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/"
    "aws-resource-resiliencehubv2-service.html",
    date=_DATE,
)
