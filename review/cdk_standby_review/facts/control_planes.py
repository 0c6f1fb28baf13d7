"""Services that are one for all Regions: where they can be changed, which is not where they answer."""

from __future__ import annotations

from collections.abc import Mapping

from ._model import Fact

_DATE = "2026-11-21"

CHANGED_IN: Fact[Mapping[str, str]] = Fact(
    value={
        "cloudfront:updatedistribution": "us-east-1",
        "globalaccelerator:updateendpointgroup": "us-west-2",
        "iam:attachrolepolicy": "us-east-1",
        "iam:createrole": "us-east-1",
        "iam:putrolepolicy": "us-east-1",
        "route53:changeresourcerecordsets": "us-east-1",
        "route53:updatehealthcheck": "us-east-1",
        "route53-recovery-control-config:updateroutingcontrol": "us-west-2",
    },
    unit="Region, by the call",
    says="what changes a global service is one Region's alone, and may not answer when it is needed",
    source="https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/global-services.html",
    date=_DATE,
)
FAILS_OVER: Fact[tuple[str, ...]] = Fact(
    value=(
        "elasticache:failoverglobalreplicationgroup",
        "globalaccelerator:updateendpointgroup",
        "rds:failoverglobalcluster",
        "rds:promotereadreplica",
        "rds:promotereadreplicadbcluster",
        "rds:switchoverglobalcluster",
        "route53:changeresourcerecordsets",
        "route53-recovery-cluster:updateroutingcontrolstate",
        "route53-recovery-cluster:updateroutingcontrolstates",
    ),
    unit="calls",
    says="what runs a failover stands outside of the Region that fails",
    source="https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/regions.html",
    date=_DATE,
)
STICKY = Fact(
    value="stickiness.enabled",
    unit="attribute",
    says="sticky sessions end with the target that they stick to",
    source="https://docs.aws.amazon.com/elasticloadbalancing/latest/application/edit-target-group-attributes.html",
    date=_DATE,
)
