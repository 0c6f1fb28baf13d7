"""Elastic Beanstalk: an Auto Scaling group and a balancer behind options, and perhaps a database."""

from __future__ import annotations

from typing import Any

from ..facts import containers as facts
from ..facts import recovery_times as times
from ..graph import Graph, Resource
from ..objectives import Fault
from ..outcomes import Case, Judgement, unknown
from ..placement import NOWHERE, Placement, of_subnets
from ..values import parts_of
from ._fleet import Fleet
from ._judge import Judge

_GROUP, _NETWORK, _DATABASE = "aws:autoscaling:asg", "aws:ec2:vpc", "aws:rds:dbinstance"


def environment(graph: Graph, resource: Resource, case: Case) -> Judgement | None:
    """An environment: its instances are replaced; a database in it is deleted with it, and not looked into."""
    if case.fault is Fault.DELETION:
        inside = any(namespace == _DATABASE for namespace, _ in _options(graph, resource))
        return unknown("it holds a database of its own, which is not looked into") if inside else None
    return _INSTANCES(graph, resource, case)


def _options(graph: Graph, resource: Resource) -> dict[tuple[str, str], Any]:
    """Its options, and those of the template that it is made of, which count less."""
    made_of = graph.at(resource.get("TemplateName"))
    said = [*(made_of.items("OptionSettings") if made_of else ()), *resource.items("OptionSettings")]
    return {(str(option.get("Namespace")), str(option.get("OptionName"))): option.get("Value") for option in said}


def _count(graph: Graph, resource: Resource) -> float | None:
    options = _options(graph, resource)
    if options.get(("aws:elasticbeanstalk:environment", "EnvironmentType")) == "SingleInstance":
        return 1
    least = str(options.get((_GROUP, "MinSize"), facts.BEANSTALK.value))
    return float(least) if least.isdecimal() else None


def _place(graph: Graph, resource: Resource) -> Placement:
    subnets = _options(graph, resource).get((_NETWORK, "Subnets"))
    return NOWHERE if subnets is None else of_subnets(graph, parts_of(subnets, ","))


_INSTANCES = Fleet(
    one="instance",
    many="instances",
    keeper="its group",
    start=times.INSTANCE_START,
    count=_count,
    place=_place,
)
JUDGES: dict[str, Judge] = {"AWS::ElasticBeanstalk::Environment": environment}
