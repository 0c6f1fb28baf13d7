"""What EC2 Auto Scaling allows of warm pools, hooks, schedules, refreshes and Spot Instances."""

from __future__ import annotations

from ._model import Confidence, Fact, Range

_GUIDE = "https://docs.aws.amazon.com/autoscaling/ec2/userguide/"
_API = "https://docs.aws.amazon.com/autoscaling/ec2/APIReference/"
_DATE = "2026-11-21"

HEARTBEAT = Fact(
    value=Range(30, 7200),
    unit="seconds",
    says="a hook waits 30 seconds to 2 hours (1 hour if left out) and then does what its default result says",
    source=_API + "API_PutLifecycleHook.html",
    date=_DATE,
)
HOOK_NAME = Fact(
    value=r"[A-Za-z0-9_/-]{1,255}",
    unit="pattern",
    says="the name of a hook has 1 to 255 letters, digits, hyphens, underscores and slashes",
    source="https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/"
    "aws-resource-autoscaling-lifecyclehook.html",
    date=_DATE,
)
HOOK_METADATA = Fact(
    value=1023,
    unit="characters",
    says="CloudFormation sends at most 1023 printable characters with the message of a hook",
    source="https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/"
    "aws-resource-autoscaling-lifecyclehook.html",
    date=_DATE,
)
HOOKS = Fact(
    value=50,
    unit="hooks",
    says="a group has at most 50 hooks",
    source=_GUIDE + "ec2-auto-scaling-quotas.html",
    date=_DATE,
)
WARM_POOL_READY = Fact(
    value="launching",
    unit="moment of a hook",
    says="an instance enters the pool when its launch hook is completed, and without one while it may still be "
    "setting itself up, to be stopped in the middle of it",
    source=_GUIDE + "warm-pool-instance-lifecycle.html",
    date=_DATE,
)
WARM_POOL_ON_DEMAND = Fact(
    value="On-Demand",
    unit="purchase option",
    says="a warm pool cannot be added to a group that requests Spot Instances",
    source=_GUIDE + "ec2-auto-scaling-warm-pools.html#warm-pools-limitations",
    date=_DATE,
)
WARM_POOL_STATES = Fact(
    value=("Stopped", "Running", "Hibernated"),
    unit="states",
    says="these are the states that instances of a warm pool wait in",
    source=_API + "API_PutWarmPool.html",
    date=_DATE,
)
WARM_POOL_PREPARED = Fact(
    value=0,
    unit="instances",
    says="AWS counts the instances of group and pool together against it, and a lower one leaves the pool empty",
    source=_API + "API_PutWarmPool.html",
    date=_DATE,
)
SCHEDULED = Fact(
    value=5,
    unit="fields",
    says="a schedule has five fields: minute, hour, day of the month, month, day of the week",
    source=_GUIDE + "ec2-auto-scaling-scheduled-scaling.html",
    date=_DATE,
)
TIME_ZONES = Fact(
    value="UTC",
    unit="time zone",
    says="a schedule follows a time zone of the IANA database (UTC if left out)",
    source=_API + "API_PutScheduledUpdateGroupAction.html",
    date=_DATE,
)
MIN_HEALTHY = Fact(
    value=Range(0, 100),
    unit="percent",
    says="it is the share of the desired capacity that stays in service while instances are replaced",
    source=_API + "API_RefreshPreferences.html",
    date=_DATE,
)
MAX_HEALTHY = Fact(
    value=Range(100, 200),
    unit="percent",
    says="it is the share of the desired capacity that may run while instances are replaced",
    source=_API + "API_RefreshPreferences.html",
    date=_DATE,
)
HEALTHY_SPAN = Fact(
    value=100,
    unit="percent",
    says="the two differ by 100 at most",
    source=_API + "API_RefreshPreferences.html",
    date=_DATE,
)
CHECKPOINTS = Fact(
    value=Range(1, 100),
    unit="percent",
    says="a refresh pauses at these shares of the group, and replaces all of it only when the last of them is 100",
    source=_GUIDE + "asg-adding-checkpoints-instance-refresh.html",
    date=_DATE,
)
ROOT_VOLUME = Fact(
    value=100,
    unit="percent",
    says="an instance whose root volume is swapped is out of service meanwhile, and no other comes for it",
    source="assumed from the defaults of the strategy, 90 and 100 percent "
    "(https://docs.aws.amazon.com/cdk/api/v2/docs/aws-cdk-lib.aws_autoscaling.InstanceRefreshOptions.html)",
    date=_DATE,
    confidence=Confidence.ASSUMED,
)
REFRESH_WAIT = Fact(
    value=Range(0, 172_800),
    unit="seconds",
    says="a refresh pauses for 2 days at most",
    source=_API + "API_RefreshPreferences.html",
    date=_DATE,
)
REFRESH_ALARMS = Fact(
    value=10,
    unit="alarms",
    says="a refresh is watched by at most 10 alarms",
    source=_API + "API_RefreshPreferences.html",
    date=_DATE,
)
REFRESH_IMAGE = Fact(
    value="resolve:ssm:",
    unit="image",
    says="what is rolled back to must be an image: a parameter that is read at launch gives the new one again",
    source=_GUIDE + "instance-refresh-rollback.html",
    date=_DATE,
)
LIFETIME = Fact(
    value=Range(1, 365),
    unit="days",
    says="an instance is replaced after 1 day at the earliest, and within a year",
    source=_GUIDE + "asg-max-instance-lifetime.html",
    date=_DATE,
)
PREDICTIVE_BUFFER = Fact(
    value=Range(0, 3599),
    unit="seconds",
    says="instances are launched ahead of a forecast by less than its interval of an hour",
    source=_API + "API_PredictiveScalingConfiguration.html",
    date=_DATE,
)
CAPACITY_BUFFER = Fact(
    value=Range(0, 100),
    unit="percent",
    says="a forecast may raise the maximum by a share of itself",
    source=_API + "API_PredictiveScalingConfiguration.html",
    date=_DATE,
)
SPOT_SHARE = Fact(
    value=Range(0, 100),
    unit="percent",
    says="it is the share of On-Demand Instances beyond the base",
    source=_API + "API_InstancesDistribution.html",
    date=_DATE,
)
SPOT_STRATEGIES = Fact(
    value=("price-capacity-optimized", "capacity-optimized", "capacity-optimized-prioritized"),
    unit="strategies",
    says="they start instances where Spot capacity is deepest; the lowest price is where it is reclaimed first",
    source=_GUIDE + "allocation-strategies.html",
    date=_DATE,
)
SPOT_POOLS = Fact(
    value=2,
    unit="types",
    says="Spot capacity is reclaimed by type and zone, so one type may go all at once",
    source="https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/spot-best-practices.html",
    date=_DATE,
)
DISTRIBUTIONS = Fact(
    value=("balanced-best-effort", "balanced-only", "reservations-then-balanced"),
    unit="strategies",
    says="these say what becomes of a launch that fails in its zone",
    source=_API + "API_AvailabilityZoneDistribution.html",
    date=_DATE,
)
DELETION = Fact(
    value=("prevent-force-deletion", "prevent-all-deletion"),
    unit="levels",
    says="without either a single call deletes the group with all its instances",
    source=_GUIDE + "resource-deletion-protection.html",
    date=_DATE,
)
TERMINATION = Fact(
    value=(
        "Default",
        "AllocationStrategy",
        "ClosestToNextInstanceHour",
        "NewestInstance",
        "OldestInstance",
        "OldestLaunchConfiguration",
        "OldestLaunchTemplate",
    ),
    unit="policies",
    says="these choose the instance that goes first; a function of your own comes before them",
    source=_GUIDE + "ec2-auto-scaling-termination-policies.html",
    date=_DATE,
)
RETENTION = Fact(
    value="terminating",
    unit="moment of a hook",
    says="an instance is retained when its termination hook is abandoned",
    source=_API + "API_RetentionTriggers.html",
    date=_DATE,
)
RESERVATIONS = Fact(
    value=("capacity-reservations-first", "capacity-reservations-only", "none", "default"),
    unit="preferences",
    says="these say whether instances start in Capacity Reservations",
    source=_API + "API_CapacityReservationSpecification.html",
    date=_DATE,
)
TRACKED = Fact(
    value=("cpu", "network-in", "network-out", "requests"),
    unit="metrics",
    says="Auto Scaling forecasts these of a group by itself",
    source=_API + "API_PredictiveScalingMetricSpecification.html",
    date=_DATE,
)
ZONAL_SHIFT = Fact(
    value="load_balancing.cross_zone.enabled",
    unit="attribute",
    says="Auto Scaling refuses to make a group ready for zonal shift while a load balancer keeps requests in their "
    "zone: what is left of the group would be out of balance with them",
    source=_GUIDE + "ec2-auto-scaling-zonal-shift.html",
    date=_DATE,
)
