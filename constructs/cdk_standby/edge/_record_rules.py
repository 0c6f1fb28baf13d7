"""What records that share a name must be."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import fields, replace
from ipaddress import ip_network
from typing import Any

from cdk_standby_review.facts import route53
from cdk_standby_review.facts import route53_records as facts

from .._checks import Options, Problem, Rule, one_of, within
from .._regions import unknown_region
from .._tokens import is_token
from .._traffic_rules import domain_rules, is_domain, outside
from .answers import Alias, Answer, Target, Value, has_health, id_of, type_of

CHECKED = "a health check, an alias whose target's health counts, or 'unchecked_because' with a reason"


def _seconds(o: Options) -> float | None:
    ttl = o["ttl"]
    return None if ttl is None or ttl.is_unresolved() else ttl.to_seconds(integral=False)


def _mixed(o: Options) -> bool:
    """A load balancer's own answers live for 60 seconds, whatever those beside it do."""
    targets = [answer.leads_to for answer in o["answers"]]
    return any(isinstance(t, Alias) and t.zone_id for t in targets) and any(isinstance(t, Value) for t in targets)


SET = [
    *domain_rules("domain"),
    Rule(
        option="answers",
        broken=lambda o: not o["answers"],
        allowed="one answer or more",
        why="a name without records leads nowhere",
    ),
    Rule(
        option="ttl",
        broken=lambda o: (seconds := _seconds(o)) is not None and (seconds > 60 or seconds < 1 or seconds % 1 != 0),
        allowed="1 to 60 seconds",
        why=f"{route53.RECORD_TTL.says}: clients keep going to a lost Region for that long",
        source=route53.RECORD_TTL.source,
    ),
    Rule(
        option="ttl",
        broken=lambda o: _seconds(o) is not None and all(isinstance(a.leads_to, Alias) for a in o["answers"]),
        allowed="left out",
        why="an alias is kept as long as its target says",
        source=route53.ALIAS_TTL.source,
    ),
    Rule(
        option="ipv6",
        broken=lambda o: o["ipv6"] and not all(isinstance(a.leads_to, Alias) for a in o["answers"]),
        allowed="False, and records of IPv6 addresses under another construct",
        why="an address is of one type, and only an alias can be of both",
        source=route53.ALIAS_ZONE.source,
    ),
]
"""The rules of every family."""

MIXED = Rule(
    option="ttl",
    broken=lambda o: _seconds(o) not in (None, route53.ALIAS_TTL.value) and _mixed(o),
    allowed=f"{route53.ALIAS_TTL.value} seconds",
    why="beside an alias to a load balancer another time to live distorts the weights",
    source=facts.WEIGHTS.source,
)


def each(where: str, answers: Sequence[Answer], rules: Sequence[Rule]) -> Iterator[Problem]:
    """What is wrong with single answers, as `answers[2].weight`."""
    for number, answer in enumerate(answers):
        options = {field.name: getattr(answer, field.name) for field in fields(answer)}
        for rule in rules:
            if rule.is_broken(options):
                yield replace(rule.problem(where, options), option=f"answers[{number}].{rule.option}")


def common(
    where: str, answers: Sequence[Answer], *, domain: str, zone: str | None, unchecked: bool
) -> Iterator[Problem]:
    """What every answer of every family may get wrong."""
    kinds = {type_of(answer.leads_to): number for number, answer in reversed([*enumerate(answers)])}
    ids = [id_of(answer) for answer in answers]
    for number, answer in enumerate(answers):
        spot = f"answers[{number}]"
        yield from _target(where, spot, answer.leads_to, domain, zone)
        if not has_health(answer) and not unchecked:
            yield _problem(where, f"{spot}.check", None, CHECKED, route53.UNCHECKED)
        if len(kinds) > 1 and kinds[type_of(answer.leads_to)] == number and number:
            allowed = "answers of one kind: IPv4 addresses and aliases, IPv6 addresses, or names"
            yield _problem(where, f"{spot}.leads_to", shown_target(answer.leads_to), allowed, facts.ONE_POLICY)
        yield from _identifier(where, spot, ids, number)


def _identifier(where: str, spot: str, ids: Sequence[str], number: int) -> Iterator[Problem]:
    one = ids[number]
    if is_token(one):
        return
    if one in ids[:number]:
        yield _problem(where, spot, one, "another than those before it", facts.SET_IDENTIFIER)
    elif len(one) not in facts.SET_IDENTIFIER.value:
        yield _problem(where, spot, one, f"{facts.SET_IDENTIFIER.value} characters", facts.SET_IDENTIFIER)


def _target(where: str, spot: str, target: Target, domain: str, zone: str | None) -> Iterator[Problem]:
    option, got = f"{spot}.leads_to", shown_target(target)
    if isinstance(target, Alias):
        known = not is_token([target.name, zone or ""])
        if known and target.zone_id is None and (outside(target.name, zone) or target.name == domain):
            allowed = f"another name in {zone or 'the same zone'}, or one with the 'zone_id' of its service"
            yield _problem(where, option, got, allowed, route53.ALIAS_ZONE)
        return
    if type_of(target) == "CNAME" and not is_domain(target.value.rstrip(".")):
        yield _problem(where, option, got, "an address, or a name in lower case", facts.ONE_POLICY)
    elif type_of(target) == "CNAME" and domain == zone:
        allowed = "an address or an alias"
        why = "the name of a zone itself holds other records, and a CNAME stands alone"
        source = "https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/ResourceRecordTypes.html#CNAMEFormat"
        yield Problem(where=where, option=option, got=f"'{got}'", allowed=allowed, why=why, source=source)


def shown_target(target: Target) -> str:
    """A target as somebody typed it."""
    return target.name if isinstance(target, Alias) else target.value


def _problem(where: str, option: str, got: str | None, allowed: str, fact: Any) -> Problem:
    shown = "not given" if got is None else f"'{got}'"
    return Problem(where=where, option=option, got=shown, allowed=allowed, why=fact.says, source=fact.source)


def regions(where: str, answers: Iterable[Answer]) -> list[Problem]:
    """What to say about Regions that there are not."""
    found = [
        unknown_region(where, f"answers[{number}].region", region)
        for number, answer in enumerate(answers)
        if (region := getattr(answer, "region", None))
    ]
    return [problem for problem in found if problem]


WEIGHTED = [
    MIXED,
    Rule(
        option="answers",
        broken=lambda o: len(o["answers"]) > facts.WEIGHTED_RECORDS.value.high,
        allowed=str(facts.WEIGHTED_RECORDS.value),
        why=facts.WEIGHTED_RECORDS.says,
        source=facts.WEIGHTED_RECORDS.source,
    ),
    Rule(
        option="answers",
        broken=lambda o: (
            len(o["answers"]) > 1
            and not any(is_token(a.weight) for a in o["answers"])
            and not any(a.weight for a in o["answers"])
        ),
        allowed="one weight above 0, or more",
        why=facts.NO_WEIGHT.says,
        source=facts.NO_WEIGHT.source,
    ),
]
WEIGHT = [within("weight", facts.WEIGHTS)]

MULTIVALUE = [
    Rule(
        option="answers",
        broken=lambda o: len(o["answers"]) > facts.ANSWERS.value.high,
        allowed=str(facts.ANSWERS.value),
        why=facts.ANSWERS.says,
        source=facts.ANSWERS.source,
    ),
]
ADDRESS = [
    Rule(
        option="leads_to",
        broken=lambda o: isinstance(o["leads_to"], Alias) or type_of(o["leads_to"]) == "CNAME",
        allowed="a 'Value' with an address",
        why=facts.MULTIVALUE_ALIAS.says,
        source=facts.MULTIVALUE_ALIAS.source,
    ),
]


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


_bad_location: Callable[[Options], bool] = lambda o: (  # noqa: E731
    o["location"] != "*" and not re.fullmatch(facts.CIDR_NAME.value, o["location"])
)
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
