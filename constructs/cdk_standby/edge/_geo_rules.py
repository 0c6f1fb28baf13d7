"""What places, distances and networks may be."""

from __future__ import annotations

import re
from ipaddress import ip_network

from cdk_standby_review.facts import route53_records as facts

from .._checks import Options, Rule, one_of, within
from .._tokens import is_token


def _default(option: str, field: str) -> Rule:
    def broken(o: Options) -> bool:
        found = [getattr(answer, field) for answer in o["answers"]]
        return bool(found) and "*" not in found and not is_token([each for each in found if each])

    return Rule(
        option=option,
        broken=broken,
        allowed=f"one of them with {field}='*'",
        why=facts.DEFAULT_PLACE.says,
        source=facts.DEFAULT_PLACE.source,
    )


GEOLOCATION = [_default("answers", "country")]
PLACE = [
    Rule(
        option="continent",
        reads=["country"],
        broken=lambda o: (o["continent"] is None) == (o["country"] is None),
        allowed="a continent or a country, one of the two",
        why="an answer is for one place",
        source=facts.CONTINENTS.source,
    ),
    one_of("continent", facts.CONTINENTS.value, why=facts.CONTINENTS.says, source=facts.CONTINENTS.source),
    Rule(
        option="country",
        broken=lambda o: o["country"] is not None and not re.fullmatch(r"\*|[A-Z]{2}", o["country"]),
        allowed="two capital letters of ISO 3166-1, such as DE, or *",
        why="Route 53 knows countries by them",
        source=facts.CONTINENTS.source,
    ),
    Rule(
        option="subdivision",
        reads=["country"],
        broken=lambda o: o["subdivision"] is not None and o["country"] not in facts.SUBDIVISIONS.value,
        allowed=f"left out, or with a country of {', '.join(facts.SUBDIVISIONS.value)}",
        why=facts.SUBDIVISIONS.says,
        source=facts.SUBDIVISIONS.source,
    ),
    Rule(
        option="subdivision",
        broken=lambda o: o["subdivision"] is not None and not re.fullmatch(r"[A-Z0-9]{1,3}", o["subdivision"]),
        allowed="up to three capital letters or digits, such as CA",
        why=facts.SUBDIVISIONS.says,
        source=facts.SUBDIVISIONS.source,
    ),
]

PROXIMITY = [
    within("bias", facts.BIAS),
    Rule(
        option="region",
        reads=["latitude", "longitude"],
        broken=lambda o: (o["region"] is None) != (o["latitude"] is not None and o["longitude"] is not None),
        allowed="a Region, or both 'latitude' and 'longitude'",
        why="what it leads to is in one place",
        source=facts.BIAS.source,
    ),
    within("latitude", facts.LATITUDES),
    within("longitude", facts.LONGITUDES),
]

CIDR = [
    _default("answers", "location"),
    Rule(
        option="collection",
        broken=lambda o: not re.fullmatch(facts.COLLECTION_NAME.value, o["collection"]),
        allowed="a name such as offices",
        why=facts.COLLECTION_NAME.says,
        source=facts.COLLECTION_NAME.source,
    ),
]


def _is_block(block: str) -> bool:
    try:
        network = ip_network(block)
    except ValueError:
        return False
    return network.prefixlen in facts.CIDR_BITS.value[network.version]


def _bad_location(o: Options) -> bool:
    return o["location"] != "*" and not re.fullmatch(facts.CIDR_NAME.value, o["location"])


LOCATION = [
    Rule(
        option="location",
        broken=_bad_location,
        allowed="a name such as office, or *",
        why=facts.CIDR_NAME.says,
        source=facts.CIDR_NAME.source,
    ),
    Rule(
        option="blocks",
        reads=["location"],
        broken=lambda o: (o["location"] == "*") == bool(o["blocks"]),
        allowed="networks for a location, and none for *",
        why="* is everybody who is in none of the networks",
        source=facts.CIDR_BITS.source,
    ),
    Rule(
        option="blocks",
        broken=lambda o: not all(map(_is_block, o["blocks"])),
        allowed="networks such as 203.0.113.0/24",
        why=facts.CIDR_BITS.says,
        source=facts.CIDR_BITS.source,
    ),
]
