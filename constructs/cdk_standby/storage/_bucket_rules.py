"""What the options of a bucket must be."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Sequence
from typing import Any, cast

from aws_cdk import Duration

from cdk_standby_review.facts import Fact, Range, regions
from cdk_standby_review.facts import s3 as facts

from .._checks import Options, Rule
from .._durations import days as _days
from .._durations import inconvertible, told_in
from .._tokens import is_token
from ..relational._rules import of_the_region
from ._bucket_values import BucketReplica

_KMS = "https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html"
_TOPICS = "https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Notify_Users_Alarm_Changes.html"
_LOGS = "https://docs.aws.amazon.com/AmazonS3/latest/userguide/ServerLogs.html"


def _rule(option: str, broken: Callable[[Options], bool], allowed: str, fact: Fact[Any], *reads: str) -> Rule:
    return Rule(option=option, broken=broken, allowed=allowed, why=fact.says, source=fact.source, reads=reads)


def days(duration: Duration | None) -> float | None:
    """Days as a float, whatever jsii made of them."""
    known = _days(duration)
    return None if known is None else float(known)


def bad_name(name: str | None) -> bool:
    """Whether S3 would refuse a bucket's name; what only a deployment knows is never judged."""
    return name is not None and not is_token(name) and re.fullmatch(facts.NAMES.value, name) is None


def whole_days(option: str, limit: Fact[Range]) -> tuple[Rule, Rule]:
    """The option is a duration of whole days inside a range, or is left out."""

    def broken(options: Options) -> bool:
        value = days(options[option])
        return value is not None and (value not in limit.value or not value.is_integer())

    allowed = f"{limit.value.low:.0f} to {limit.value.high:.0f} whole days"
    return _rule(option, broken, allowed, limit), told_in(option, "days", limit.source)


def _replicas(options: Options) -> Sequence[BucketReplica]:
    return cast("Sequence[BucketReplica]", options["replicate_to"])


def _unknown_region(options: Options) -> bool:
    return any(one.region not in regions.REGIONS.value for one in _replicas(options))


def _twice(options: Options) -> bool:
    named = [one.region for one in _replicas(options)]
    return len(set(named)) < len(named)


def _itself(options: Options) -> bool:
    return any(one.bucket_name == options["bucket_name"] for one in _replicas(options))


def _unknown_names(options: Options) -> bool:
    abroad = [one.bucket_name for one in _replicas(options) if one.account is not None]
    return any(map(is_token, (*abroad, options["bucket_name"] if abroad else None)))


def _bad_key(options: Options) -> bool:
    return any(not _is_key(one) for one in _replicas(options) if not is_token(one.key))


def _is_key(replica: BucketReplica) -> bool:
    if replica.by_alias:
        return replica.account is None
    return re.fullmatch(rf"arn:[a-z-]+:kms:{re.escape(replica.region)}:\d{{12}}:key/.+", replica.key) is not None


def _colder(options: Options) -> bool:
    """Whether the classes are no way from warm to cold, or their days do not grow."""
    order, classes = facts.CLASSES.value, list(options["transitions"])
    if any(name not in order for name in classes):
        return False
    after = _days_of(options)
    places = [order.index(name) for name in classes]
    pairs = [*itertools.pairwise(places), *itertools.pairwise(after)]
    return any(first >= second for first, second in pairs)


def _days_of(options: Options) -> list[float]:
    spans: list[Duration] = list(options["transitions"].values())
    return [value for value in map(days, spans) if value is not None]


def _not_whole(options: Options) -> bool:
    wrong = any(value not in facts.LIFECYCLE_DAYS.value or not value.is_integer() for value in _days_of(options))
    return wrong or any(inconvertible(span, "days") for span in options["transitions"].values())


def _too_warm(options: Options) -> bool:
    after = days(options["transitions"].get("STANDARD_IA"))
    return after is not None and after < facts.BEFORE_IA.value


def _gone_before(options: Options) -> bool:
    end = days(options["expire_after"])
    return end is not None and any(value >= end for value in _days_of(options))


def _bad_lock(options: Options) -> bool:
    lock = options["object_lock"]
    if lock is None:
        return False
    kept = days(lock.retention)
    fine = kept is None or (kept in facts.LOCK_DAYS.value and kept.is_integer())
    return lock.mode not in facts.LOCK_MODES.value or not fine or inconvertible(lock.retention, "days")


_NAME = "a name such as 'shop-uploads-eu-west-1'"
RULES = (
    _rule("bucket_name", lambda o: bad_name(o["bucket_name"]), _NAME, facts.NAMES),
    Rule(
        option="bucket_name",
        broken=lambda o: bool(o["replicate_to"]) and o["bucket_name"] is None,
        allowed=f"{_NAME}, with 'replicate_to'",
        why="the other Region replicates back to it, and its template knows names only",
        source=facts.NAMES.source,
    ),
    _rule(
        "replicate_to",
        lambda o: any(bad_name(one.bucket_name) for one in _replicas(o)),
        "buckets with names such as 'shop-uploads-eu-central-1'",
        facts.NAMES,
    ),
    Rule(
        option="replicate_to",
        broken=_unknown_region,
        allowed="Regions of AWS, known at synth",
        why="what cannot be found cannot be failed over to",
        source=regions.REGIONS.source,
    ),
    Rule(
        option="replicate_to",
        broken=_twice,
        allowed="one bucket in each Region",
        why="a second copy in one Region survives nothing that the first does not",
        source=facts.REPLICATION_RULES.source,
    ),
    Rule(
        option="replicate_to",
        broken=_itself,
        allowed="another bucket than itself",
        why="a bucket does not replicate to itself",
        source=facts.DESTINATION_EXISTS.source,
    ),
    Rule(
        option="replicate_to",
        broken=_unknown_names,
        allowed="names that are known at synth, where there is an 'account'",
        why="each account lets in the role of the other one, which is called after its bucket",
        source=facts.REPLICA_KEY.source,
    ),
    _rule(
        "replicate_to",
        _bad_key,
        "keys such as 'alias/shop', or 'arn:aws:kms:<region>:<account>:key/<id>' where there is an 'account'",
        facts.REPLICA_KEY,
    ),
    _rule(
        "transitions",
        lambda o: any(name in facts.ONE_ZONE.value for name in o["transitions"]),
        ", ".join(facts.CLASSES.value),
        facts.ONE_ZONE,
    ),
    Rule(
        option="transitions",
        broken=lambda o: any(name not in (*facts.CLASSES.value, *facts.ONE_ZONE.value) for name in o["transitions"]),
        allowed=", ".join(facts.CLASSES.value),
        why="these are the classes that a lifecycle moves objects to",
        source=facts.CLASSES.source,
    ),
    _rule("transitions", _colder, "one after the other: " + ", ".join(facts.CLASSES.value), facts.CLASSES),
    _rule("transitions", _not_whole, "whole days, 1 to 36500", facts.LIFECYCLE_DAYS),
    _rule("transitions", _too_warm, "STANDARD_IA after 30 days or more", facts.BEFORE_IA),
    Rule(
        option="expire_after",
        broken=_gone_before,
        allowed="longer than every one of 'transitions'",
        why="objects would be moved after they are gone",
        source=facts.CLASSES.source,
    ),
    *whole_days("expire_after", facts.LIFECYCLE_DAYS),
    *whole_days("keep_versions", facts.LIFECYCLE_DAYS),
    *whole_days("abort_uploads_after", facts.LIFECYCLE_DAYS),
    *whole_days("archive_after", facts.ARCHIVE_ACCESS),
    *whole_days("deep_archive_after", facts.DEEP_ARCHIVE_ACCESS),
    _rule("object_lock", _bad_lock, "GOVERNANCE or COMPLIANCE, for 1 to 36500 whole days", facts.LOCK_DAYS),
    of_the_region("key", "a key encrypts in its own Region only", _KMS),
    of_the_region("access_logs", "S3 delivers logs to buckets of the same Region only", _LOGS),
    of_the_region("alarms", "alarms tell topics of their own Region only", _TOPICS),
)
