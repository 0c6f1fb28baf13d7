"""One name for several Regions: by place, by distance, or by network."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from aws_cdk import Duration, Tokenization
from aws_cdk import aws_route53 as route53
from constructs import Construct

from .._tokens import is_token
from ._geo_rules import CIDR, GEOLOCATION, LOCATION, PLACE, PROXIMITY
from ._record_rules import regions
from ._record_sets import RecordFamily
from .answers import CidrAnswer, GeolocationAnswer, GeoproximityAnswer

__all__ = [
    "CidrAnswer",
    "CidrRecords",
    "GeolocationAnswer",
    "GeolocationRecords",
    "GeoproximityAnswer",
    "GeoproximityRecords",
]


class GeolocationRecords(RecordFamily):
    """Answers by where somebody asks from: for content that a place must get, or must not leave.

    Region loss: its places fall back to the next larger place within `moves`, in the end to the default. Where data
    must stay in a place, that fallback may be what must not happen: then give the place two Regions of its own.
    https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/routing-policy-geo.html
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        hosted_zone: route53.IHostedZone,
        domain: str,
        answers: Sequence[GeolocationAnswer],
        ttl: Duration | None = None,
        ipv6: bool = False,
        unchecked_because: str | None = None,
    ) -> None:
        """Make the records.

        Args:
            scope: the parent.
            id: unique among the parent's children.
            hosted_zone: holds the name.
            domain: the name that users call; all its records of a type are of this family.
            answers: one for each place, and one with `country='*'` for everybody else.
            ttl: how long resolvers keep a `Value`, 1 to 60 seconds; left out: 60, and aliases their target's.
            ipv6: True adds an AAAA record to each, when all are aliases; left out: none.
            unchecked_because: why answers may go on while what they lead to is lost.

        Raises:
            InvalidOptions: answers that cannot work together or follow nobody's health, all problems at once
                (https://docs.aws.amazon.com/Route53/latest/APIReference/API_ResourceRecordSet.html).
        """
        super().__init__(scope, id)
        self._make(
            "geolocation",
            locals(),
            rules=GEOLOCATION,
            answer_rules=PLACE,
            routing=lambda answer: {"GeoLocation": _place(answer)},
        )


class GeoproximityRecords(RecordFamily):
    """Answers by distance, drawn nearer or pushed away by a bias: for Regions and places outside of AWS.

    Region loss: its answer is left out within `moves`, and the next nearest one takes over.
    https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/routing-policy-geoproximity.html
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        hosted_zone: route53.IHostedZone,
        domain: str,
        answers: Sequence[GeoproximityAnswer],
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
            answers: one for each Region or pair of coordinates.
            ttl: how long resolvers keep a `Value`, 1 to 60 seconds; left out: 60, and aliases their target's.
            ipv6: True adds an AAAA record to each, when all are aliases; left out: none.
            unchecked_because: why answers may go on while what they lead to is lost.

        Raises:
            InvalidOptions: answers that cannot work together or follow nobody's health, all problems at once
                (https://docs.aws.amazon.com/Route53/latest/APIReference/API_ResourceRecordSet.html).
        """
        super().__init__(scope, id)
        self._make(
            "geoproximity",
            locals(),
            also=regions(self.node.path, answers),
            answer_rules=PROXIMITY,
            routing=lambda answer: {"GeoProximityLocation": _near(answer)},
        )


class CidrRecords(RecordFamily):
    """Answers by the network that somebody asks from: for offices and providers with a way of their own.

    Region loss: unhealthy answers are left out within `moves`, and the default is given. Not for private zones.
    https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/routing-policy-ipbased.html
    """

    collection: route53.CfnCidrCollection
    """The networks of all locations."""

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        hosted_zone: route53.IHostedZone,
        domain: str,
        answers: Sequence[CidrAnswer],
        collection: str,
        ttl: Duration | None = None,
        ipv6: bool = False,
        unchecked_because: str | None = None,
    ) -> None:
        """Make the records.

        Args:
            scope: the parent.
            id: unique among the parent's children.
            hosted_zone: holds the name.
            domain: the name that users call; all its records of a type are of this family.
            answers: one for each location, and one with `location='*'` for everybody else.
            collection: a name for all its locations, unique in the account. Another one makes another collection.
            ttl: how long resolvers keep a `Value`, 1 to 60 seconds; left out: 60, and aliases their target's.
            ipv6: True adds an AAAA record to each, when all are aliases; left out: none.
            unchecked_because: why answers may go on while what they lead to is lost.

        Raises:
            InvalidOptions: answers that cannot work together or follow nobody's health, all problems at once
                (https://docs.aws.amazon.com/Route53/latest/APIReference/API_ResourceRecordSet.html).
        """
        super().__init__(scope, id)
        options = locals()
        self._make(
            "CIDR",
            options,
            rules=CIDR,
            answer_rules=LOCATION,
            routing=lambda answer: {
                "CidrRoutingConfig": {"CollectionId": self._collected(options), "LocationName": answer.location}
            },
        )

    def _collected(self, options: Mapping[str, Any]) -> str:
        """The networks, made when the first answer needs them: everything is checked by then."""
        if not hasattr(self, "collection"):
            locations = [
                route53.CfnCidrCollection.LocationProperty(
                    location_name=answer.location, cidr_list=sorted(answer.blocks)
                )
                for answer in options["answers"]
                if answer.blocks
            ]
            self.collection = route53.CfnCidrCollection(
                self, "Collection", name=options["collection"], locations=locations
            )
            if any(":" in block for answer in options["answers"] for block in answer.blocks):
                # cfn-lint knows IPv4 only here; Route 53 takes both.
                self.collection.add_metadata("cfn-lint", {"config": {"ignore_checks": ["E3002"]}})
        return self.collection.attr_id


def _place(answer: GeolocationAnswer) -> dict[str, str]:
    parts = {
        "ContinentCode": answer.continent,
        "CountryCode": answer.country,
        "SubdivisionCode": answer.subdivision,
    }
    return {key: value for key, value in parts.items() if value}


def _near(answer: GeoproximityAnswer) -> dict[str, Any]:
    if answer.region:
        return {"AWSRegion": answer.region, "Bias": answer.bias}
    where = {"Latitude": _degrees(answer.latitude or 0), "Longitude": _degrees(answer.longitude or 0)}
    return {"Coordinates": where, "Bias": answer.bias}


def _degrees(value: float) -> str:
    """With two decimals: Route 53 takes no more."""
    return Tokenization.stringify_number(value) if is_token(value) else f"{value:.2f}"
