"""ECR: images that other Regions have of their own, or do not."""

from __future__ import annotations

from ..facts import ecr as facts
from ..graph import Graph, Resource
from ..objectives import Fault
from ..outcomes import Case, Judgement, survives, unknown
from ..plain import list_of, object_of
from ._judge import Judge, served_elsewhere, with_its_region


def repository(graph: Graph, resource: Resource, case: Case) -> Judgement | None:
    """A repository under a fault. What runs keeps its image; what is to start pulls it."""
    match case.fault:
        case Fault.INSTANCE | Fault.ZONE:
            return survives(facts.RESILIENT.says, facts.RESILIENT)
        case Fault.REGION:
            if others := sent_to(graph, resource):
                says = f"its images are in {', '.join(others)}, where they are pulled"
                return survives(says, facts.RESILIENT, replicas=others)
            return _alone(graph, resource, case)
        case Fault.DELETION | Fault.ACCOUNT:
            return None


def _alone(graph: Graph, resource: Resource, case: Case) -> Judgement:
    """No registry of the templates sends its images anywhere: a twin has those that somebody pushes there too."""
    if waiting := served_elsewhere(graph, resource, case):
        return waiting
    if twin := graph.twin(resource):
        says = (
            f"the repository in {twin.region} has only what is pushed there: nothing in the templates replicates images"
        )
        return unknown(says, twin=twin.name)
    return with_its_region(graph, resource, case, "the repository with its images")


def sent_to(graph: Graph, repository: Resource) -> list[str]:
    """The Regions that the registry of a repository sends it to."""
    name = repository.text("RepositoryName") or ""
    found: set[str] = set()
    for registry in graph.of_type("AWS::ECR::ReplicationConfiguration"):
        if registry.region != repository.region:
            continue
        for rule in registry.items("ReplicationConfiguration", "Rules"):
            filters = [object_of(one).get("Filter") for one in list_of(rule.get("RepositoryFilters"))]
            if not filters or any(isinstance(prefix, str) and name.startswith(prefix) for prefix in filters):
                found |= {str(object_of(one).get("Region")) for one in list_of(rule.get("Destinations"))}
    return sorted(found - {repository.region})


JUDGES: dict[str, Judge] = {"AWS::ECR::Repository": repository}
