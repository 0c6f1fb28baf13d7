"""What the options of repositories and registries must be."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from aws_cdk import Stack
from constructs import Construct

from cdk_standby_review.facts import Fact, regions
from cdk_standby_review.facts import ecr as facts

from .._checks import Options, Problem, Rule
from .._tokens import is_token
from ..relational._rules import of_the_region

CONFIGURED = "ImageReplication"
"""The id of a registry's configuration in its stack, whichever construct it is of: there is but one."""
_KMS = "https://docs.aws.amazon.com/AmazonECR/latest/userguide/encryption-at-rest.html"


def _rule(option: str, broken: Callable[[Options], bool], allowed: str, fact: Fact[Any]) -> Rule:
    return Rule(option=option, broken=broken, allowed=allowed, why=fact.says, source=fact.source)


def _is(pattern: str, text: str) -> bool:
    return is_token(text) or re.fullmatch(pattern, text) is not None


def _bad_prefixes(options: Options) -> bool:
    prefixes = options["prefixes"]
    right = all(_is(facts.PREFIXES.value, prefix) for prefix in prefixes)
    return not right or len(prefixes) not in facts.FILTERS.value or len(set(prefixes)) < len(prefixes)


def _bad_regions(options: Options) -> bool:
    asked = options["regions"]
    known = all(is_token(region) or region in regions.REGIONS.value for region in asked)
    wrong = len(asked) not in facts.DESTINATIONS.value or options["region"] in asked
    return not known or wrong or len(set(asked)) < len(asked)


def configured_twice(replication: Construct) -> Iterator[Problem]:
    """A second configuration in the same stack."""
    stack = Stack.of(replication)
    if stack.node.try_find_child(CONFIGURED) is not None:
        yield Problem(
            where=replication.node.path,
            option="prefixes",
            got="those of a second ImageReplication",
            allowed="one ImageReplication with all prefixes",
            why=facts.ONE_CONFIGURATION.says,
            source=facts.ONE_CONFIGURATION.source,
        )


_KEEP = _rule("keep_images", lambda o: o["keep_images"] not in facts.KEPT.value, "1 to 10000", facts.KEPT)
_KEY = of_the_region("key", "a key encrypts in its own Region only", _KMS)
REPOSITORY_RULES = (
    _rule(
        "repository_name",
        lambda o: not _is(facts.NAMES.value, o["repository_name"]),
        "a name such as 'shop/web'",
        facts.NAMES,
    ),
    _KEEP,
    _KEY,
)
REPLICATION_RULES = (
    _rule("prefixes", _bad_prefixes, "1 to 100 prefixes such as 'shop/', each of them once", facts.PREFIXES),
    _rule("regions", _bad_regions, "1 to 25 other Regions of AWS, each of them once", facts.DESTINATIONS),
)
REPLICAS_RULES = (
    _rule("prefix", lambda o: not _is(facts.PREFIXES.value, o["prefix"]), "a prefix such as 'shop/'", facts.PREFIXES),
    _KEEP,
    _KEY,
)
