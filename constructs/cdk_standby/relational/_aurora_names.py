"""How names, classes and versions of Aurora are written."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from aws_cdk import Duration
from constructs import Construct

from cdk_standby_review.facts import Fact
from cdk_standby_review.facts import aurora as facts
from cdk_standby_review.facts import aurora_features as features

from .._checks import Options, Problem, Rule, shown
from .._tokens import is_token

_EXAMPLES = {"aurora-postgresql": "'17.4'", "aurora-mysql": "'8.0.mysql_aurora.3.08.0'"}


_MADE_AFTER = ("engine", "version", "readers", "serverless_members", "promotion_tiers", "insights", "rpo_cap")
_TOKENS_IN = {"pause_after": "seconds", "backtrack": "seconds", "backup_retention": "days"}
"""What CloudFormation takes a duration in: one that is known at deployment only cannot be converted."""
_OWN_VERSION = {"aurora-postgresql": r"^(\d+)\.(\d+)", "aurora-mysql": r"mysql_aurora\.(\d+)\.(\d+)"}
"""What of a version is Aurora's own numbering, by which features come."""


def unknown(where: Construct, options: Options, names: Sequence[str] = _MADE_AFTER) -> Iterator[Problem]:
    """What is known only at deployment, and decides at synth which resources there are, or what to write."""
    for option in names:
        value = options[option]
        if value.is_unresolved() if isinstance(value, Duration) else is_token(value):
            why = "it decides which resources there are, and how parameters are written"
            yield _unknown(where, option, "a value known at synth", why)
    for option, unit in _TOKENS_IN.items():
        value = options.get(option)
        if value is not None and value.is_unresolved() and value.unit_label() != unit:
            why = "what only the deployment knows cannot be converted"
            yield _unknown(where, option, f"a value known at synth, or a token in {unit}", why)


def _unknown(where: Construct, option: str, allowed: str, why: str) -> Problem:
    return Problem(where=where.node.path, option=option, got="a token", allowed=allowed, why=why)


def written(fact: Fact[str], text: str) -> bool:
    """Whether a text is written as a fact's pattern says."""
    return re.fullmatch(fact.value, text) is not None


def since(first: Fact[Any], options: Options) -> bool:
    """Whether a feature has come to a version, by the first version of each line; to lines after the last one too."""
    engine, version = options["engine"], options["version"]
    if engine not in _OWN_VERSION or not written_as_version(engine, version):
        return True  # other rules speak of it
    found = re.search(_OWN_VERSION[engine], version)
    ours = (int(found[1]), int(found[2])) if found else (0, 0)
    known: tuple[tuple[int, int], ...] = first.value[engine]
    of_ours = [one for one in known if one[0] == ours[0]]
    return ours >= of_ours[0] if of_ours else ours > max(known)


def written_as_version(engine: str, version: str) -> bool:
    """Whether a version is written in full, as the engine writes it."""
    return re.fullmatch(facts.VERSIONS.value[engine], version) is not None


def named(option: str, fact: Fact[str], allowed: str, *, why: str = "", reads: Sequence[str] = ()) -> Rule:
    """The option is written as a fact says, or is left out."""
    return Rule(
        option=option,
        reads=reads,
        broken=lambda o: o[option] is not None and not written(fact, o[option]),
        allowed=allowed,
        why=why or fact.says,
        source=fact.source,
    )


def identifier(option: str, why: str) -> Rule:
    """The option names a cluster or a global database, or is left out."""
    return named(
        option, facts.IDENTIFIER, "up to 63 letters, digits and single hyphens, starting with a letter", why=why
    )


def _bad_version(options: Options) -> bool:
    patterns = facts.VERSIONS.value
    known = [patterns[options["engine"]]] if options["engine"] in patterns else patterns.values()
    return not any(re.fullmatch(pattern, options["version"]) for pattern in known)


VERSION = Rule(
    option="version",
    reads=("engine",),
    broken=_bad_version,
    allowed=lambda o: f"a full version such as {_EXAMPLES.get(o['engine'], ' or '.join(_EXAMPLES.values()))}",
    why=facts.VERSIONS.says,
    source=facts.VERSIONS.source,
)
_ENGINES = ", ".join(map(shown, facts.ENGINES.value))
ENGINE = (
    Rule(
        option="engine",
        broken=lambda o: o["engine"] not in (*facts.ENGINES.value, *features.RETIRED.value),
        allowed=_ENGINES,
        why=facts.ENGINES.says,
        source=facts.ENGINES.source,
    ),
    Rule(
        option="engine",
        broken=lambda o: o["engine"] in features.RETIRED.value,
        allowed=_ENGINES,
        why=features.RETIRED.says,
        source=features.RETIRED.source,
    ),
)
