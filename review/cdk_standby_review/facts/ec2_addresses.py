"""Elastic IP addresses, the instances that hold them, and how a lost instance comes back."""

from __future__ import annotations

from ._model import Confidence, Fact, Range

_EC2 = "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/"
_API = "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/"
_WATCH = "https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/"
_DATE = "2026-11-21"

QUOTA = Fact(
    value=5,
    unit="addresses",
    says="an account has 5 Elastic IP addresses in a Region unless AWS raised that, those of NAT gateways included",
    source="https://docs.aws.amazon.com/vpc/latest/userguide/vpc-eip-overview.html",
    date=_DATE,
)
ADDRESSES = Fact(
    value=Range(1, 15),
    unit="addresses",
    says="each address needs a private one of the instance's first network interface, of which small types have 2 to "
    "15",
    source=_EC2 + "AvailableIpPerENI.html",
    date=_DATE,
    confidence=Confidence.ASSUMED,
)
GATEWAY = Fact(
    value="attached",
    unit="state",
    says="an address can be reached once the VPC has an internet gateway",
    source=_API + "API_AssociateAddress.html",
    date=_DATE,
)
PERIOD = Fact(
    value=60,
    unit="seconds",
    says="status checks are made, and their metrics published, once a minute",
    source=_EC2 + "monitoring-system-instance-status-check.html",
    date=_DATE,
)
EVALUATIONS = Fact(
    value=Range(1, 1440),
    unit="periods",
    says="an alarm looks back over a day at most: its period times its evaluations",
    source=_WATCH + "alarm-evaluation.html",
    date=_DATE,
)
COOL_DOWN = Fact(
    value=Range(1, 1440),
    unit="minutes",
    says="servers that fail in turns would have the addresses go to and fro, and clients find neither",
    source=_EC2 + "elastic-ip-addresses-eip.html",
    date=_DATE,
    confidence=Confidence.ASSUMED,
)
CONCURRENCY = Fact(
    value=100,
    unit="invocations",
    says="reserving one needs an account whose functions may run 101 times at once or more, which new ones may not",
    source="https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html",
    date=_DATE,
)
UNRECOVERABLE = Fact(
    value=r"(?i)(?:mac[\w-]*|[\w-]+)\.metal.*|mac\d.*|i\d.*|im\d.*|is\d.*|d\d.*|dl\d.*|h\d.*|f\d.*|z1d.*|g4ad.*|g5\..*|g6.*|"
    r"p\d.*|trn.*|[a-z]+\d+[a-z]*d[a-z]*\..*",
    unit="pattern of types",
    says="the recover action moves instances that have EBS volumes only, of no metal size",
    source=_EC2 + "cloudwatch-recovery.html",
    date=_DATE,
    confidence=Confidence.ASSUMED,
)
RECOVERS_GROUPS = Fact(
    value="not",
    unit="done",
    says="a group replaces an instance that fails its checks, and nothing is to move it meanwhile",
    source=_EC2 + "cloudwatch-recovery.html",
    date=_DATE,
    confidence=Confidence.ASSUMED,
)
HOST_TENANCY = Fact(
    value="host",
    unit="tenancy",
    says="instances of dedicated hosts are recovered with their host, not by the recover action",
    source=_EC2 + "instance-configuration-recovery.html",
    date=_DATE,
)

# Times

MOVE = Fact(
    value=Range(1, 60),
    unit="seconds",
    says="an address is associated with another instance, and traffic follows",
    source="assumed: seconds as a rule; measure it in a drill ("
    + _EC2
    + "elastic-ip-addresses-eip.html gives no time)",
    date=_DATE,
    confidence=Confidence.ASSUMED,
)
LOOK = Fact(
    value=Range(1, 75),
    unit="seconds",
    says="an event starts the function at once; without one its schedule does within a minute",
    source="https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-scheduled-rule-pattern.html",
    date=_DATE,
    confidence=Confidence.ASSUMED,
)
TAKEOVER = Fact(
    value=Range(120, 180) + LOOK.value + MOVE.value,
    unit="seconds",
    says="failed checks are seen for two minutes, and the addresses move to the spare, which runs",
    source="assumed: the sum of detection, event and move as above; measure it in a drill",
    date=_DATE,
    confidence=Confidence.ASSUMED,
)
FROM_STOPPED = Fact(
    value=Range(30, 180),
    unit="seconds",
    says="a stopped instance of a warm pool boots again and passes its checks",
    source="assumed: boot without launch or installation; measure it in a drill "
    "(https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-warm-pools.html gives no time)",
    date=_DATE,
    confidence=Confidence.ASSUMED,
)
CHECKED = Fact(
    value=Range(60, 180),
    unit="seconds",
    says="a started instance passes both status checks",
    source=_EC2 + "monitoring-system-instance-status-check.html (checks run every minute; how many are needed is "
    "assumed)",
    date=_DATE,
    confidence=Confidence.ASSUMED,
)
FROM_REST = Fact(
    value=TAKEOVER.value + Range(30, 180) + CHECKED.value,
    unit="seconds",
    says="the spare boots first, and passes its checks",
    source=TAKEOVER.source,
    date=_DATE,
    confidence=Confidence.ASSUMED,
)
