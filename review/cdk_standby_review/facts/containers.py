"""What is known about containers: where ECS and EKS put them, and how fast others start."""

from __future__ import annotations

from ._model import Confidence, Fact, Range

_DOCS = "https://docs.aws.amazon.com/"
_DATE = "2026-11-21"

TASK_START = Fact(
    value=Range(30, 300),
    unit="seconds",
    says="a new task is placed, pulls its image, starts, and passes its load balancer's health checks",
    source="assumed: half a minute to five minutes, by the size of the image; measure it in drills",
    date=_DATE,
    confidence=Confidence.ASSUMED,
)
NODE_START = Fact(
    value=Range(60, 420),
    unit="seconds",
    says="a new node boots, joins its cluster, and its pods start",
    source="assumed: one to seven minutes, by image and pods; measure it in drills",
    date=_DATE,
    confidence=Confidence.ASSUMED,
)
DESIRED = Fact(
    value=1,
    unit="tasks",
    says="a new service without a desired count runs one task",
    source=_DOCS + "AWSCloudFormation/latest/TemplateReference/aws-resource-ecs-service.html",
    date=_DATE,
)
SPREAD = Fact(
    value="ENABLED",
    unit="",
    says="ECS spreads the tasks of a service over its zones, and balances a new one again by default",
    source=_DOCS + "AmazonECS/latest/developerguide/service-rebalancing.html",
    date=_DATE,
)
CONTROL_PLANE = Fact(
    value=Range(0, 0),
    unit="seconds",
    says="EKS runs API servers and etcd in three zones",
    source=_DOCS + "eks/latest/userguide/disaster-recovery-resiliency.html",
    date=_DATE,
)
BATCH = Fact(
    value=Range(0, 0),
    unit="seconds",
    says="Batch starts jobs in any subnet of their compute environment",
    source=_DOCS + "batch/latest/userguide/disaster-recovery-resiliency.html",
    date=_DATE,
)
BEANSTALK = Fact(
    value=1,
    unit="instances",
    says="an environment whose group has no MinSize keeps one instance",
    source=_DOCS + "elasticbeanstalk/latest/dg/command-options-general.html",
    date=_DATE,
)
