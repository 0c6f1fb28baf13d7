"""What a group of instances can be asked for beyond its size, by `Service`, `Fleet` and `ZonalFleets` alike."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sqs as sqs


@dataclass(frozen=True, slots=True, kw_only=True)
class WarmPool:
    """Instances that have booted before they are needed, for services that boot slowly."""

    state: str = "Stopped"
    """Stopped (its volume is paid for), Hibernated (memory is kept on the volume, which must hold it too) or Running
    (paid for in full). Left out: Stopped."""
    minimum: int = 0
    """Instances that wait at least, however many serve; left out: 0."""
    prepared: int | None = None
    """Instances of group and pool together; left out: the group's maximum."""
    reuse: bool = False
    """True returns an instance to the pool on scale in; left out: it is terminated, as whatever it held should be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LifecycleHook:
    """A pause of an instance between launch and service, or between service and its end."""

    name: str
    """Of letters, digits, hyphens, underscores and slashes; by it an instance says that it is done."""
    at: str
    """launching, or terminating."""
    heartbeat: Duration
    """How long it waits for word, 30 seconds to 2 hours."""
    otherwise: str
    """What happens without word: CONTINUE, or ABANDON, which terminates an instance that was launching."""
    tells: sqs.IQueue | sns.ITopic | None = None
    """A queue or topic that is told; left out: EventBridge, which hears of every pause anyway."""
    metadata: str | None = None
    """What `tells` gets along with each message; left out: nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduledSize:
    """Other sizes from a moment on, once or again and again."""

    name: str
    """Part of the logical id."""
    cron: str | None = None
    """Five fields: minute, hour, day of the month, month, day of the week. Left out: once, at `at`."""
    at: str | None = None
    """When it happens, or when `cron` begins, as 2026-11-27T06:00:00Z; left out: `cron` begins at once."""
    until: str | None = None
    """When `cron` ends, likewise; left out: never."""
    time_zone: str = "UTC"
    """Of `cron`, by its name in the IANA database such as Europe/Dublin; left out: UTC."""
    minimum: int | None = None
    """Instances that carry the load from then on: as for the group, what a lost zone takes away comes on top. Left
    out: as it is."""
    desired: int | None = None
    """Instances that run from then on, until scaling says otherwise; left out: as it is."""
    maximum: int | None = None
    """The most that scaling may run from then on; left out: as it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricTarget:
    """A metric that scaling keeps at a value: one that falls as instances are added, such as messages per instance."""

    name: str
    """Part of the logical id."""
    metric: cloudwatch.Metric
    """It is tracked as it is: no expression, no anomaly band."""
    target: float
    """What scaling keeps it at."""
    scale_in: bool = True
    """False only ever adds instances; left out: it removes them too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PredictiveScaling:
    """Capacity ahead of a load that returns by the day or the week. It only adds: something else must scale in."""

    metric: str = "cpu"
    """cpu (percent), network-in or network-out (bytes a minute and instance), or requests (a minute and instance).
    Left out: cpu."""
    target: float = 40
    """What a forecast is held against; left out: 40."""
    forecast_only: bool = True
    """True shows the forecast beside what happened, and changes nothing; left out: True, until it proved right."""
    ahead: Duration | None = None
    """How long before the forecast instances are launched, less than an hour; left out: 5 minutes."""
    beyond_maximum_percent: int | None = None
    """By how much of itself a forecast may exceed the group's maximum; left out: not at all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """Spare capacity at a discount, which EC2 takes back with two minutes' notice."""

    base: int | None = None
    """On-Demand Instances that are started first; left out: the group's minimum size, so that Spot only ever comes on
    top of what survives the loss of a zone."""
    on_demand_percent: int = 0
    """Share of On-Demand Instances beyond the base; left out: 0."""
    strategy: str = "price-capacity-optimized"
    """Or capacity-optimized, or capacity-optimized-prioritized (which honours the order of types). Left out:
    price-capacity-optimized."""


@dataclass(frozen=True, slots=True, kw_only=True)
class InstanceRefresh:
    """How a deployment replaces instances. When a refresh fails, CloudFormation rolls the stack back, and instances."""

    strategy: str = "Rolling"
    """Rolling launches new instances; ReplaceRootVolume swaps the disk under the old ones, which keep their place but
    leave service meanwhile. Left out: Rolling."""
    min_healthy: int = 100
    """Percent of the desired capacity that stays in service; left out: 100, new instances come before old ones go."""
    max_healthy: int = 120
    """Percent of the desired capacity that may run; left out: 120."""
    checkpoints: Sequence[int] = ()
    """Percents replaced at which it pauses, ascending, the last of them 100; left out: no pause."""
    checkpoint_delay: Duration | None = None
    """How long it pauses there; left out: 1 hour."""
    bake_time: Duration | None = None
    """How long the new instances are watched before the deployment is done; left out: not at all."""
    alarms: Sequence[cloudwatch.IAlarm] = ()
    """Any of them, ringing, fails the refresh and rolls back; left out: only failing instances do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CapacityReservations:
    """Capacity that was reserved in EC2, so that a recovery does not queue with everybody else."""

    preference: str = "capacity-reservations-first"
    """Or capacity-reservations-only (nothing starts outside of them), none, default (as the launch template says).
    Left out: capacity-reservations-first."""
    ids: Sequence[str] = ()
    """Reservations by id; left out: any open one that fits."""
    groups: Sequence[str] = ()
    """Resource groups of reservations, by ARN; left out: any open one that fits."""
