"""Records that share a name, built."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from aws_cdk import Duration, Tokenization
from aws_cdk import aws_route53 as route53
from constructs import Construct

from cdk_standby_review.facts import Range
from cdk_standby_review.facts import recovery_times as times
from cdk_standby_review.facts import route53 as facts

from .._checks import Problem, Rule, check
from .._reasons import weakened
from .._tokens import is_token
from .._traffic_names import name_problems
from .._traffic_rules import zone_name
from ._record_rules import SET, common, each
from .answers import Alias, Answer, id_of, type_of

MOVES = "cdk-standby:moves-within-seconds"
"""The key of a record's `Metadata` that says how soon clients leave what is lost."""
Routing = Callable[[Any], Mapping[str, Any]]
"""The properties that make an answer one of its family."""


class RecordFamily(Construct):
    """Several records of one name and one routing policy: build one of the families, not this class."""

    records: tuple[route53.CfnRecordSet, ...]
    detection: Range | None
    """Seconds until Route 53 sees that what an answer leads to is lost, for the slowest; None: it never sees it."""
    moves: Range | None
    """Seconds until clients go elsewhere: `detection`, and what resolvers remember; None: they never do."""
    ttl: Duration
    """How long resolvers remember an answer."""

    def _make(
        self,
        policy: str,
        options: Mapping[str, Any],
        *,
        rules: Iterable[Rule] = (),
        answer_rules: Sequence[Rule] = (),
        also: Iterable[Problem] = (),
        routing: Routing,
    ) -> None:
        """Check and build: `options` are those of the family's `__init__`."""
        zone: route53.IHostedZone = options["hosted_zone"]
        answers: Sequence[Answer] = options["answers"]
        known = {**options, "zone": zone_name(zone)}
        unchecked = weakened(self, "unchecked", options["unchecked_because"])
        where, domain = self.node.path, options["domain"]
        wrong = [
            *also,
            *each(where, answers, answer_rules),
            *common(where, answers, domain=domain, zone=known["zone"], unchecked=unchecked),
        ]
        check(self, [*SET, *rules], known, also=wrong)
        self._time(answers, options["ttl"])
        types = ("A", "AAAA") if options["ipv6"] else (type_of(answers[0].leads_to),)
        self._join(policy, zone.hosted_zone_id, domain, types, answers)
        self.records = tuple(
            self._record(zone.hosted_zone_id, domain, (kind, at), answer, routing(answer))
            for kind in types
            for at, answer in enumerate(answers)
        )

    def _time(self, answers: Sequence[Answer], ttl: Duration | None) -> None:
        self.ttl = ttl or Duration.seconds(facts.ALIAS_TTL.value)
        seconds = facts.ALIAS_TTL.value if self.ttl.is_unresolved() else self.ttl.to_seconds()
        seen = [_detection(answer) for answer in answers]
        known = [each for each in seen if each]
        self.detection = max(known, key=lambda each: each.high) if len(known) == len(seen) else None
        self.moves = facts.moves(self.detection, seconds) if self.detection else None

    def _join(self, policy: str, zone_id: str, name: str, types: Sequence[str], answers: Sequence[Answer]) -> None:
        values = [answer for answer in answers if not isinstance(answer.leads_to, Alias)]
        ttl = None if not values or self.ttl.is_unresolved() else int(self.ttl.to_seconds())
        ids = [id_of(answer) for answer in answers]
        check(
            self,
            [],
            {},
            also=name_problems(self, zone_id=zone_id, name=name, types=types, policy=policy, ids=ids, ttl=ttl),
        )

    def _record(
        self, zone_id: str, name: str, place: tuple[str, int], answer: Answer, routing: Mapping[str, Any]
    ) -> route53.CfnRecordSet:
        target, one, (kind, at) = answer.leads_to, id_of(answer), place
        alias = isinstance(target, Alias)
        record = route53.CfnRecordSet(
            self,
            f"{kind}-{at if is_token(one) else one.replace('/', '-')}",
            hosted_zone_id=zone_id,
            name=name,
            type=kind,
            set_identifier=one,
            health_check_id=answer.check.health_check_id if answer.check else None,
            alias_target=_alias(target, zone_id) if isinstance(target, Alias) else None,
            resource_records=None if isinstance(target, Alias) else [target.value],
            ttl=None if alias else Tokenization.stringify_number(self.ttl.to_seconds()),
        )
        for key, value in routing.items():
            record.add_property_override(key, value)
        if self.moves:
            record.add_metadata(MOVES, str(self.moves))
        if isinstance(target, Alias) and target.zone_id is None and is_token(zone_id):
            # cfn-lint knows alias targets of other services only, and takes a zone of the template for a mistake.
            record.add_metadata("cfn-lint", {"config": {"ignore_checks": ["E1040"]}})
        return record


def _alias(target: Alias, zone_id: str) -> route53.CfnRecordSet.AliasTargetProperty:
    return route53.CfnRecordSet.AliasTargetProperty(
        hosted_zone_id=target.zone_id or zone_id, dns_name=target.name, evaluate_target_health=target.evaluated
    )


def _detection(answer: Answer) -> Range | None:
    """The health check sees it, or the alias's target; None: nobody does."""
    if answer.check:
        return answer.check.detection
    evaluated = isinstance(answer.leads_to, Alias) and answer.leads_to.evaluated
    return times.ZONE_EVICTION.value if evaluated else None
