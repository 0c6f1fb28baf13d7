"""Alarms as data: what they watch, when they ring, what to do first; changed or left out by name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from aws_cdk import Acknowledgment, Validations
from aws_cdk import aws_cloudwatch as cloudwatch
from constructs import Construct

from ._checks import InvalidOptions, Problem, shown
from ._reasons import require_reason, weakened

if TYPE_CHECKING:
    from .alarm_topic import AlarmTopic

_NO_ACTION = "NIST.800.53.R5::NIST.800.53.R5-CloudWatchAlarmAction"


@dataclass(frozen=True, slots=True, kw_only=True)
class AlarmSpec:
    """One alarm of a construct."""

    name: str
    """The construct id, and the key by which a user changes the alarm or leaves it out, e.g. "ReplicaLag"."""
    metric: cloudwatch.IMetric
    threshold: float
    says: str
    """AlarmDescription: what it means, and what to do first."""
    comparison: cloudwatch.ComparisonOperator = cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD
    periods: int = 3
    datapoints: int | None = None
    """How many of `periods` must be over the threshold; None: all of them."""
    missing: cloudwatch.TreatMissingData = cloudwatch.TreatMissingData.BREACHING
    """Silence is bad news unless told otherwise."""


def add_alarms(
    scope: Construct,
    specs: Iterable[AlarmSpec],
    *,
    topic: AlarmTopic | None,
    thresholds: Mapping[str, float] | None = None,
    off_because: Mapping[str, str] | None = None,
) -> dict[str, cloudwatch.Alarm]:
    """Make the alarms of a construct, and return them by name.

    Args:
        scope: the construct that the alarms belong to, and are children of.
        specs: all alarms that the construct knows.
        topic: who is told when an alarm rings and when it is quiet again; None: nobody is.
        thresholds: other thresholds by alarm name (the user's `alarm_thresholds`); None: as specified.
        off_because: alarms to leave out, each with its reason (the user's `alarms_off_because`); None: none is.

    Raises:
        InvalidOptions: a name in either mapping is no alarm of this construct, or a reason is empty.
    """
    known = {spec.name: spec for spec in specs}
    thresholds, off = dict(thresholds or {}), dict(off_because or {})
    _check_names(scope, known, alarm_thresholds=thresholds, alarms_off_because=off)
    if topic is not None:
        topic.check_region(scope)
    for name, reason in off.items():
        require_reason(scope, f"alarms_off_because['{name}']", reason)
    for name, reason in off.items():
        weakened(scope, name, reason)
    return {
        name: _alarm(scope, spec, topic, thresholds.get(name, spec.threshold))
        for name, spec in known.items()
        if name not in off
    }


def _alarm(scope: Construct, spec: AlarmSpec, topic: AlarmTopic | None, threshold: float) -> cloudwatch.Alarm:
    alarm = cloudwatch.Alarm(
        scope,
        spec.name,
        metric=spec.metric,
        threshold=threshold,
        comparison_operator=spec.comparison,
        evaluation_periods=spec.periods,
        datapoints_to_alarm=spec.datapoints or spec.periods,
        treat_missing_data=spec.missing,
        alarm_description=spec.says,
    )
    if topic is not None:
        topic.tell(alarm)
    else:
        reason = "no AlarmTopic was given: whoever builds with this construct reads alarm states in another way"
        Validations.of(alarm).acknowledge(Acknowledgment(id=_NO_ACTION, reason=reason))
    return alarm


def _check_names(scope: Construct, known: Mapping[str, object], **options: Mapping[str, object]) -> None:
    problems = [
        Problem(
            where=scope.node.path,
            option=f"{option}['{name}']",
            got=shown(value),
            allowed=", ".join(known) or "nothing",
            why="these are the alarms of this construct",
        )
        for option, given in options.items()
        for name, value in given.items()
        if name not in known
    ]
    if problems:
        raise InvalidOptions(problems)
