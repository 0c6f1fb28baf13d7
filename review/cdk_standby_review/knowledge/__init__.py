"""What is known about resource types: a judge per type, or that it is glue.

To teach the review a type, write a judge in the module of its service and list it in that module's `JUDGES`.
A type in neither table is unknown: it is named in every report, and never judged.
"""

from __future__ import annotations

from collections.abc import Mapping

from ..graph import Graph, Resource
from ..nesting import NESTING, stands
from . import (
    aurora,
    autoscaling,
    backup,
    beanstalk,
    cluster_volumes,
    compute,
    connections,
    containers,
    dax,
    delivery,
    dsql,
    dynamodb,
    ecr,
    edge,
    elasticache,
    elb,
    emr,
    files,
    managed,
    memorydb,
    messaging,
    network,
    opensearch,
    proxies,
    rds,
    redshift,
    route53,
    s3,
    serverless,
    stores,
    vpn,
)
from ._judge import Judge
from .glue import GLUE, is_glue

JUDGES: Mapping[str, Judge] = {
    **aurora.JUDGES,
    **autoscaling.JUDGES,
    **backup.JUDGES,
    **beanstalk.JUDGES,
    **cluster_volumes.JUDGES,
    **compute.JUDGES,
    **connections.JUDGES,
    **containers.JUDGES,
    **dax.JUDGES,
    **delivery.JUDGES,
    **dsql.JUDGES,
    **dynamodb.JUDGES,
    **ecr.JUDGES,
    **edge.JUDGES,
    **elasticache.JUDGES,
    **elb.JUDGES,
    **emr.JUDGES,
    **files.JUDGES,
    **managed.JUDGES,
    **memorydb.JUDGES,
    **messaging.JUDGES,
    **network.JUDGES,
    **opensearch.JUDGES,
    **proxies.JUDGES,
    **rds.JUDGES,
    **redshift.JUDGES,
    **route53.JUDGES,
    **s3.JUDGES,
    **serverless.JUDGES,
    **stores.JUDGES,
    **vpn.JUDGES,
}


def is_known(graph: Graph, resource: Resource) -> bool:
    """Whether the review was taught a resource; of a nested stack, whether its template is among those reviewed."""
    if resource.type in NESTING:
        return stands(resource.template, resource.logical_id, graph.templates)
    return resource.type in JUDGES or is_glue(resource.type)


__all__ = ["GLUE", "JUDGES", "Judge", "is_glue", "is_known"]
