"""What the options of a queue, and of who empties it, must be."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from aws_cdk import Duration

from cdk_standby_review.facts import Fact
from cdk_standby_review.facts import sqs as facts

from .._checks import Options, Rule, within
from .._durations import days, lasting, told_in
from .._tokens import is_token
from ..relational._rules import of_the_region

_KMS = "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-server-side-encryption.html"
_TOPICS = "https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Notify_Users_Alarm_Changes.html"
FIFO = ".fifo"


def _rule(option: str, broken: Callable[[Options], bool], allowed: str, fact: Fact[Any], *reads: str) -> Rule:
    return Rule(option=option, broken=broken, allowed=allowed, why=fact.says, source=fact.source, reads=reads)


def dead_name(name: str | None) -> str | None:
    """What the dead-letter queue of a named queue is called."""
    if name is None:
        return None
    return f"{name.removesuffix(FIFO)}-dead{FIFO}" if name.endswith(FIFO) else f"{name}-dead"


def seconds(duration: Duration | None) -> float | None:
    """Seconds, in fractions too; None when the duration is not given or a token."""
    if duration is None or duration.is_unresolved():
        return None
    return float(duration.to_milliseconds(integral=False)) / 1000


def _bad_name(options: Options) -> bool:
    name = options["queue_name"]
    if name is None or is_token(name):
        return False
    longest = dead_name(name) or ""  # its dead letters have to fit as well
    return name.endswith(FIFO) != options["fifo"] or any(
        re.fullmatch(facts.NAMES.value, one.removesuffix(FIFO)) is None or len(one) > 80 for one in (name, longest)
    )


def _ends_as_fifo(options: Options) -> bool:
    """Of a name that only the deployment knows the end may be known."""
    name = options["queue_name"]
    return name is not None and is_token(name) and name.endswith(FIFO) and not options["fifo"]


def _not_whole(option: str) -> Callable[[Options], bool]:
    def broken(options: Options) -> bool:
        value = seconds(options[option])
        return value is not None and not value.is_integer()

    return broken


def _beyond(options: Options) -> bool:
    kept = days(options["retention"])
    return kept is not None and kept not in facts.RETENTION.value


def _too_short(options: Options) -> bool:
    kept, outage = days(options["retention"]), days(options["bridges"])
    return kept is not None and outage is not None and kept < outage


def in_seconds(option: str, limit: Fact[Any]) -> tuple[Rule, ...]:
    """The option is a duration of whole seconds inside a range, or is left out."""
    whole = _rule(option, _not_whole(option), "whole seconds", limit)
    return lasting(option, limit, seconds), whole, told_in(option, "seconds", limit.source)


RULES = (
    _rule(
        "queue_name", _bad_name, "up to 75 letters, digits, '-' and '_', with '.fifo' after them if 'fifo'", facts.NAMES
    ),
    _rule("fifo", _ends_as_fifo, "True for a 'queue_name' that ends with '.fifo'", facts.NAMES),
    _rule("retention", _beyond, "a minute to 14 days", facts.RETENTION),
    _rule("retention", _not_whole("retention"), "whole seconds", facts.RETENTION),
    told_in("retention", "seconds", facts.RETENTION.source),
    Rule(
        option="retention",
        broken=_too_short,
        allowed=lambda o: f"{o['bridges'].to_human_string()} or longer, as 'bridges' asks, and up to 14 days",
        why=facts.BRIDGED.says,
        source=facts.BRIDGED.source,
        reads=("bridges",),
    ),
    *in_seconds("visibility_timeout", facts.VISIBILITY),
    *in_seconds("delay", facts.DELAY),
    within("max_receives", facts.RECEIVES),
    _rule(
        "max_message_bytes",
        lambda o: o["max_message_bytes"] not in facts.MESSAGE.value,
        "1024 to 1048576",
        facts.MESSAGE,
    ),
    Rule(
        option="deduplicate_by_content",
        broken=lambda o: o["deduplicate_by_content"] and not o["fifo"],
        allowed="False without 'fifo'",
        why="a standard queue knows no duplicates",
        source="https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-fifo-queues.html",
    ),
    of_the_region("key", "a key encrypts in its own Region only", _KMS),
    of_the_region("alarms", "alarms tell topics of their own Region only", _TOPICS),
)
