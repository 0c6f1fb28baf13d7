"""ARC (Application Recovery Controller): routing controls, and what became of readiness checks."""

from __future__ import annotations

from ._model import Confidence, Fact, Range

_GUIDE = "https://docs.aws.amazon.com/r53recovery/latest/dg/"
_CONFIG = "https://docs.aws.amazon.com/recovery-cluster/latest/api/"
_QUOTAS = _GUIDE + "routing-control.quotas.html"
_DATE = "2026-11-21"

ENDPOINTS = Fact(
    value=5,
    unit="Regional endpoints",
    says="a cluster answers on five endpoints in five Regions, of which three are always reachable",
    source=_GUIDE + "routing-control.update.api.html",
    date=_DATE,
)
CONTROL_PLANE = Fact(
    value="us-west-2",
    unit="Region",
    says="clusters, panels, controls and safety rules are made and changed through us-west-2 only",
    source=_GUIDE + "introduction-regions-routing.html",
    date=_DATE,
)
STACK_REGIONS = Fact(
    value=("us-east-1", "us-west-2"),
    unit="Regions",
    says="CloudFormation has the types of routing controls in these Regions only",
    source="assumed: the Regions whose resource schemas hold AWS::Route53RecoveryControl::Cluster "
    "(https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/resource-type-schemas.html)",
    date=_DATE,
    confidence=Confidence.ASSUMED,
)
CONTROLS_PER_CALL = Fact(
    value=Range(2, 10),
    unit="routing controls",
    says="one call turns at most ten routing controls, and fewer than two leave nowhere to go",
    source=_QUOTAS,
    date=_DATE,
)
NAME_LENGTH = Fact(
    value=Range(1, 64),
    unit="characters",
    says="names have 1 to 64 characters, none of them a space",
    source=_CONFIG + "cluster.html",
    date=_DATE,
)
CONTROL_ARN = Fact(
    value=r"arn:aws[a-z-]*:route53-recovery-control::\d{12}:controlpanel/[0-9a-zA-Z]+/routingcontrol/[0-9a-zA-Z]+",
    unit="pattern",
    says="a health check follows one routing control",
    source="https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonroute53recoverycontrols.html",
    date=_DATE,
)
CLUSTER_ARN = Fact(
    value=r"arn:aws[a-z-]*:route53-recovery-control::\d{12}:cluster/[0-9a-zA-Z-]+",
    unit="pattern",
    says="routing controls live in a cluster",
    source="https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonroute53recoverycontrols.html",
    date=_DATE,
)
CLUSTERS = Fact(
    value=2,
    unit="clusters",
    says="an account has at most two clusters",
    source=_QUOTAS,
    date=_DATE,
)
WAIT_PERIOD = Fact(
    value=Range(0, 60_000),
    unit="milliseconds",
    says="after a change a safety rule refuses the next one for a while, 5000 milliseconds unless told otherwise",
    source=_CONFIG + "safetyrule.html; the upper end is this library's own",
    date=_DATE,
    confidence=Confidence.ASSUMED,
)
SOME_ON = Fact(
    value="at least 1, and fewer than there are",
    unit="routing controls",
    says="with 0 every cell may be turned off, and with all of them none ever",
    source=_GUIDE + "routing-control.safety-rules.html",
    date=_DATE,
)
BORN_OFF = Fact(
    value="Off",
    unit="state",
    says="a routing control is off until it is turned on for the first time",
    source=_GUIDE + "routing-control.create.html",
    date=_DATE,
    confidence=Confidence.ASSUMED,
)
PRICE = Fact(
    value=2.50,
    unit="USD per hour and cluster",
    says="a cluster costs about 2.50 USD an hour, used or not: some 1800 USD a month",
    source="assumed: third parties name this figure (https://aws.amazon.com/application-recovery-controller/pricing/)",
    date=_DATE,
    confidence=Confidence.ASSUMED,
)
FLIP = Fact(
    value=Range(1, 60),
    unit="seconds",
    says="a turned routing control reaches its health check within seconds",
    source="assumed: AWS gives no time (" + _GUIDE + "routing-control.update.api.html)",
    date=_DATE,
    confidence=Confidence.ASSUMED,
)
QUORUM = Fact(
    value=Range(0, 0),
    unit="seconds",
    says="states of routing controls are kept by five Regions, and can be changed while three of them answer",
    source=_GUIDE + "routing-control.update.api.html",
    date=_DATE,
)
READINESS = Fact(
    value="2026-04-30",
    unit="date",
    says="ARC takes no new customers for readiness checks since 2026-04-30, and names Region switch instead",
    source=_GUIDE + "arc-readiness-availability-change.html",
    date=_DATE,
)
