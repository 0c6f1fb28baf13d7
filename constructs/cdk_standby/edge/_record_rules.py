"""What records that share a name must be."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import fields, replace
from typing import Any

from cdk_standby_review.facts import route53
from cdk_standby_review.facts import route53_records as facts

from .._checks import Options, Problem, Rule, within
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
    ids = [id_of(answer).replace("/", "-") for answer in answers]
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
        if (region := getattr(answer, "region", None)) is not None
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
