"""What is known about resource types: a judge per type, or that it is glue.

To teach the review a type, write a judge in the module of its service and list it in that module's `JUDGES`.
A type in neither table is unknown: it is named in every report, and never judged.
"""

from __future__ import annotations

from collections.abc import Mapping

from . import (
    aurora,
    autoscaling,
    backup,
    compute,
    dax,
    dsql,
    dynamodb,
    ecr,
    edge,
    elasticache,
    elb,
    emr,
    managed,
    memorydb,
    network,
    proxies,
    rds,
    route53,
    s3,
    vpn,
)
from ._judge import Judge
from .glue import GLUE, is_glue

JUDGES: Mapping[str, Judge] = {
    **aurora.JUDGES,
    **autoscaling.JUDGES,
    **backup.JUDGES,
    **compute.JUDGES,
    **dax.JUDGES,
    **dsql.JUDGES,
    **dynamodb.JUDGES,
    **ecr.JUDGES,
    **edge.JUDGES,
    **elasticache.JUDGES,
    **elb.JUDGES,
    **emr.JUDGES,
    **managed.JUDGES,
    **memorydb.JUDGES,
    **network.JUDGES,
    **proxies.JUDGES,
    **rds.JUDGES,
    **route53.JUDGES,
    **s3.JUDGES,
    **vpn.JUDGES,
}

__all__ = ["GLUE", "JUDGES", "Judge", "is_glue"]
