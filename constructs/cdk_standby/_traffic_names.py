"""Which records an app has given a name already: one routing policy for a name and type, and one record for a set."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any
from weakref import WeakKeyDictionary

from constructs import Construct, IConstruct

from cdk_standby_review.facts import Fact
from cdk_standby_review.facts import route53_records as facts

from ._checks import Problem, shown
from ._tokens import is_token


@dataclass(slots=True)
class _Known:
    policy: str
    path: str
    ttl: int | None
    ids: dict[str, str] = field(default_factory=dict[str, str])


_KNOWN: WeakKeyDictionary[IConstruct, dict[tuple[str, str, str], _Known]] = WeakKeyDictionary()
"""By app: the records of each zone, name and type."""


def name_problems(
    scope: Construct,
    *,
    zone_id: str,
    name: str,
    types: Iterable[str],
    policy: str,
    ids: Iterable[str] = (),
    ttl: int | None = None,
) -> list[Problem]:
    """What to say about records that do not go with those that the app has; without problems, it has these now too.

    Args:
        scope: whose records they are.
        zone_id: of the hosted zone.
        name: as typed.
        types: A, AAAA or CNAME.
        policy: how Route 53 chooses among them: failover, weighted, and so on.
        ids: the identifiers of the set; for failover records none: their roles keep them apart.
        ttl: seconds; None for aliases, which take their target's.
    """
    names = _KNOWN.setdefault(scope.node.root, {})
    new = _Known(policy, scope.node.path, ttl, dict.fromkeys(ids, scope.node.path))
    keys = [(zone_id, name.lower(), kind) for kind in types]
    found = [problem for key in keys if key in names for problem in _conflicts(name, names[key], new)]
    if not found:
        for key in keys:
            names.setdefault(key, _Known(policy, new.path, ttl)).ids.update(new.ids)
    return found


def _conflicts(name: str, known: _Known, new: _Known) -> Iterator[Problem]:
    if known.policy != new.policy:
        allowed = f"a name that {known.path} has not given {known.policy} records"
        yield _problem(new, "domain", shown(name), allowed, facts.ONE_POLICY)
        return
    for one in new.ids:
        if one in known.ids and not is_token(one):
            allowed = f"an identifier that {known.ids[one]} has not used for {name}"
            yield _problem(new, "answers", shown(one), allowed, facts.SET_IDENTIFIER)
    if None not in (new.ttl, known.ttl) and new.ttl != known.ttl:
        allowed = f"{known.ttl} seconds, as {known.path} has it"
        yield _problem(new, "ttl", f"{new.ttl} seconds", allowed, facts.SAME_TTL)


def _problem(new: _Known, option: str, got: str, allowed: str, fact: Fact[Any]) -> Problem:
    return Problem(where=new.path, option=option, got=got, allowed=allowed, why=fact.says, source=fact.source)
