"""One name for several Regions or servers: by weight, by latency, or several at once."""

from __future__ import annotations

from collections.abc import Sequence

from aws_cdk import Duration
from aws_cdk import aws_route53 as route53
from constructs import Construct

from ._record_rules import ADDRESS, MULTIVALUE, WEIGHT, WEIGHTED, regions
from ._record_sets import RecordFamily
from .answers import Alias, LatencyAnswer, MultivalueAnswer, Value, WeightedAnswer

__all__ = [
    "Alias",
    "LatencyAnswer",
    "LatencyRecords",
    "MultivalueAnswer",
    "MultivalueRecords",
    "Value",
    "WeightedAnswer",
    "WeightedRecords",
]


class WeightedRecords(RecordFamily):
    """Answers in proportion to their weights: for a canary between Regions, or for shares of the traffic.

    Region loss: its answers are left out within `moves`, and the others take its share. An answer of weight 0 is a
    standby: it is given only while all others are unhealthy. Changing weights needs us-east-1; do not fail over so.
    https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/routing-policy-weighted.html
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        hosted_zone: route53.IHostedZone,
        domain: str,
        answers: Sequence[WeightedAnswer],
        ttl: Duration | None = None,
        ipv6: bool = False,
        unchecked_because: str | None = None,
    ) -> None:
        """Make the records.

        Args:
            scope: the parent; each Region may make its own answers in a stack of its own.
            id: unique among the parent's children.
            hosted_zone: holds the name.
            domain: the name that users call; all its records of a type are of this family.
            answers: 1 to 100, of weights whose sum is above 0.
            ttl: how long resolvers keep a `Value`, 1 to 60 seconds; left out: 60, and aliases their target's.
            ipv6: True adds an AAAA record to each, when all are aliases; left out: none.
            unchecked_because: why answers may go on while what they lead to is lost.

        Raises:
            InvalidOptions: answers that cannot work together or follow nobody's health, all problems at once
                (https://docs.aws.amazon.com/Route53/latest/APIReference/API_ResourceRecordSet.html).
        """
        super().__init__(scope, id)
        self._make(
            "weighted",
            locals(),
            rules=WEIGHTED,
            answer_rules=WEIGHT,
            routing=lambda answer: {"Weight": answer.weight},
        )


class LatencyRecords(RecordFamily):
    """Answers by the Region that is nearest in time: for Regions that all serve.

    Region loss: its answer is left out within `moves`, and its users get the next nearest one. The others have to be
    sized for them.
    https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/routing-policy-latency.html
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        hosted_zone: route53.IHostedZone,
        domain: str,
        answers: Sequence[LatencyAnswer],
        ttl: Duration | None = None,
        ipv6: bool = False,
        unchecked_because: str | None = None,
    ) -> None:
        """Make the records.

        Args:
            scope: the parent; each Region may make its own answers in a stack of its own.
            id: unique among the parent's children.
            hosted_zone: holds the name.
            domain: the name that users call; all its records of a type are of this family.
            answers: one for each Region.
            ttl: how long resolvers keep a `Value`, 1 to 60 seconds; left out: 60, and aliases their target's.
            ipv6: True adds an AAAA record to each, when all are aliases; left out: none.
            unchecked_because: why answers may go on while what they lead to is lost.

        Raises:
            InvalidOptions: answers that cannot work together or follow nobody's health, all problems at once
                (https://docs.aws.amazon.com/Route53/latest/APIReference/API_ResourceRecordSet.html).
        """
        super().__init__(scope, id)
        self._make(
            "latency",
            locals(),
            also=regions(self.node.path, answers),
            routing=lambda answer: {"Region": answer.region},
        )


class MultivalueRecords(RecordFamily):
    """Up to eight addresses in one answer, each while it is healthy; clients try the next one by themselves.

    Region or server loss: its address is left out within `moves`, and clients that have it try another one. It is no
    balancer: nobody counts connections.
    https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/routing-policy-multivalue.html
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        hosted_zone: route53.IHostedZone,
        domain: str,
        answers: Sequence[MultivalueAnswer],
        ttl: Duration | None = None,
        unchecked_because: str | None = None,
    ) -> None:
        """Make the records.

        Args:
            scope: the parent; each Region may make its own answers in a stack of its own.
            id: unique among the parent's children.
            hosted_zone: holds the name.
            domain: the name that users call; all its records of a type are of this family.
            answers: 1 to 8 addresses, IPv4 or IPv6.
            ttl: how long resolvers keep a `Value`, 1 to 60 seconds; left out: 60, and aliases their target's.
            unchecked_because: why answers may go on while what they lead to is lost.

        Raises:
            InvalidOptions: answers that cannot work together or follow nobody's health, all problems at once
                (https://docs.aws.amazon.com/Route53/latest/APIReference/API_ResourceRecordSet.html).
        """
        super().__init__(scope, id)
        self._make(
            "multivalue",
            {**locals(), "ipv6": False},
            rules=MULTIVALUE,
            answer_rules=ADDRESS,
            routing=lambda _answer: {"MultiValueAnswer": True},
        )
