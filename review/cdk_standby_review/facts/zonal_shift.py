"""ARC zonal shift and autoshift: what can be shifted, and how it is practised."""

from __future__ import annotations

from ._model import Confidence, Fact, Range

_DATE = "2026-11-21"
_GUIDE = "https://docs.aws.amazon.com/r53recovery/latest/dg/"
_API = "https://docs.aws.amazon.com/arc-zonal-shift/latest/api/API_CreatePracticeRunConfiguration.html"

RESOURCES = Fact(
    value=r"arn:[^:]+:(?:elasticloadbalancing:[^:]+:[^:]+:loadbalancer/(?:app|net)/.+"
    r"|autoscaling:[^:]+:[^:]+:autoScalingGroup:.+|eks:[^:]+:[^:]+:cluster/.+)",
    unit="pattern",
    says="these are what ARC can shift",
    source=_API,
    date=_DATE,
)
OUTCOME_ALARM = Fact(
    value=1,
    unit="alarms",
    says="a practice run ends by an alarm of the resource's Region when it hurts, and CloudFormation takes one",
    source=_GUIDE + "getting-started-cli-update-zonal_autoshift.create-practice-run.html",
    date=_DATE,
)
BLOCKED = Fact(
    value=Range(0, 15),
    unit="windows or dates",
    says="a practice run configuration holds at most 15 of them",
    source=_API,
    date=_DATE,
)
PRACTICE = Fact(
    value=30,
    unit="minutes",
    says="a practice run shifts one zone away for about half an hour, every week, and needs time that is not blocked",
    source=_GUIDE + "arc-zonal-autoshift.considerations.html",
    date=_DATE,
    confidence=Confidence.ASSUMED,
)
OBSERVER = Fact(
    value="one",
    unit="per account and Region",
    says="observer notification tells of every autoshift of the Region, whether a resource of yours is shifted or not",
    source=_GUIDE + "arc-zonal-autoshift.enable-autoshift-observer.html",
    date=_DATE,
)
