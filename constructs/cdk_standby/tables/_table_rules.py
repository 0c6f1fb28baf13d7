"""What the options of a table must be, beyond its keys and its throughput."""

from __future__ import annotations

import re

from cdk_standby_review.facts import dynamodb as facts
from cdk_standby_review.facts import regions

from .._checks import Options, Rule, one_of
from .._durations import days, lasting
from .._tokens import is_token
from ..relational._rules import of_the_region

_TOPICS = "https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Notify_Users_Alarm_Changes.html"


def _all_regions(options: Options) -> list[str]:
    return [options["region"], *options["replicas"], *([options["witness"]] if options["witness"] else [])]


def _strong(options: Options) -> bool:
    return bool(options["consistency"] == "strong")


def _wrong_set(options: Options) -> bool:
    used = set(_all_regions(options))
    judged = _strong(options) and len(used) == facts.STRONG_REGIONS.value and used <= set(regions.REGIONS.value)
    return judged and not any(used <= set(together) for together in facts.REGION_SETS.value.values())


def _others_of_the_set(options: Options) -> str:
    for together in facts.REGION_SETS.value.values():
        if options["region"] in together:
            return "two of " + ", ".join(region for region in together if region != options["region"])
    return f"no strongly consistent table in {options['region']}"


def _unknown_days(options: Options) -> bool:
    kept = days(options["recovery_window"])
    return kept is not None and kept in facts.RECOVERY.value and not float(kept).is_integer()


def _bad_name(option: str) -> Rule:
    return Rule(
        option=option,
        broken=lambda o: o[option] is not None and not re.fullmatch(facts.TABLE_NAME.value, o[option]),
        allowed="3 to 255 letters, digits, '_', '.' and '-'",
        why=facts.TABLE_NAME.says,
        source=facts.TABLE_NAME.source,
    )


NEIGHBOURS = (
    of_the_region("key", facts.KEYS.says, facts.KEYS.source),
    of_the_region("alarms", "alarms tell topics of their own Region only", _TOPICS),
)
TABLE_NAME = _bad_name("table_name")
RULES = (
    *NEIGHBOURS,
    of_the_region("kinesis_stream", "a replica sends its changes to a stream of its own Region", facts.KEYS.source),
    TABLE_NAME,
    one_of("consistency", ("eventual", "strong"), why=facts.STRONG_REGIONS.says, source=facts.STRONG_REGIONS.source),
    one_of("stream", facts.STREAM_TYPES.value, why=facts.STREAM_TYPES.says, source=facts.STREAM_TYPES.source),
    one_of(
        "contributor_insights",
        ("THROTTLED_KEYS", "ACCESSED_AND_THROTTLED_KEYS"),
        why="these are the modes of CloudWatch Contributor Insights for DynamoDB",
        source="https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/contributorinsights_HowItWorks.html",
    ),
    one_of(
        "table_class",
        ("STANDARD", "STANDARD_INFREQUENT_ACCESS"),
        why="these are the classes of tables",
        source="https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/HowItWorks.TableClasses.html",
    ),
    lasting("recovery_window", facts.RECOVERY, days),
    Rule(
        option="recovery_window",
        broken=_unknown_days,
        allowed="whole days",
        why=facts.RECOVERY.says,
        source=facts.RECOVERY.source,
    ),
    Rule(
        option="quota",
        broken=lambda o: o["quota"] < facts.TABLE_QUOTA.value,
        allowed=f"{facts.TABLE_QUOTA.value} or what AWS raised it to",
        why=facts.TABLE_QUOTA.says,
        source=facts.TABLE_QUOTA.source,
    ),
    Rule(
        option="ttl",
        broken=lambda o: o["ttl"] is not None and len(o["ttl"].encode()) not in facts.ATTRIBUTE_NAME.value,
        allowed="a name of 1 to 255 characters",
        why=facts.ATTRIBUTE_NAME.says,
        source=facts.ATTRIBUTE_NAME.source,
    ),
    Rule(
        option="ttl",
        reads=("consistency",),
        broken=lambda o: o["ttl"] is not None and _strong(o),
        allowed="left out with consistency 'strong'",
        why=facts.STRONG_TTL.says,
        source=facts.STRONG_TTL.source,
    ),
    Rule(
        option="local_indexes",
        reads=("consistency",),
        broken=lambda o: bool(o["local_indexes"]) and _strong(o),
        allowed="left out with consistency 'strong'",
        why=facts.STRONG_LOCAL_INDEXES.says,
        source=facts.STRONG_LOCAL_INDEXES.source,
    ),
    Rule(
        option="replicas",
        reads=("region",),
        broken=lambda o: len({o["region"], *o["replicas"]}) < 1 + len(o["replicas"]),
        allowed=lambda o: f"each other Region than {o['region']} once",
        why=facts.REPLICAS.says,
        source=facts.REPLICAS.source,
    ),
    Rule(
        option="replicas",
        broken=lambda o: bool(o["replicas"]) and is_token(o["region"]),
        allowed="left out in a stack without env=cdk.Environment(region=...)",
        why=facts.REPLICAS.says,
        source=facts.REPLICAS.source,
    ),
    Rule(
        option="replicas",
        reads=("witness", "region"),
        broken=lambda o: _strong(o) and len(_all_regions(o)) != facts.STRONG_REGIONS.value,
        allowed="two, or one and a 'witness', with consistency 'strong'",
        why=facts.STRONG_REGIONS.says,
        source=facts.STRONG_REGIONS.source,
    ),
    Rule(
        option="replicas",
        reads=("witness", "region"),
        broken=_wrong_set,
        allowed=_others_of_the_set,
        why=facts.REGION_SETS.says,
        source=facts.REGION_SETS.source,
    ),
    Rule(
        option="witness",
        reads=("consistency",),
        broken=lambda o: o["witness"] is not None and not _strong(o),
        allowed="left out without consistency 'strong'",
        why=facts.WITNESS.says,
        source=facts.WITNESS.source,
    ),
    Rule(
        option="witness",
        reads=("region", "replicas"),
        broken=lambda o: o["witness"] is not None and o["witness"] in {o["region"], *o["replicas"]},
        allowed="a Region without a replica",
        why=facts.WITNESS.says,
        source=facts.WITNESS.source,
    ),
    Rule(
        option="stream",
        reads=("consistency",),
        broken=lambda o: bool(o["replicas"]) and not _strong(o) and o["stream"] != facts.REPLICA_STREAM.value,
        allowed=f"'{facts.REPLICA_STREAM.value}' with 'replicas'",
        why=facts.REPLICA_STREAM.says,
        source=facts.REPLICA_STREAM.source,
    ),
)

REPLICA_RULES = (
    *NEIGHBOURS,
    TABLE_NAME,
    Rule(
        option="replicates_to",
        reads=("region",),
        broken=lambda o: len({o["region"], *o["replicates_to"]}) < 1 + len(o["replicates_to"]),
        allowed=lambda o: f"each other Region than {o['region']} once",
        why=facts.REPLICAS.says,
        source=facts.REPLICAS.source,
    ),
    *(
        Rule(
            option=option,
            broken=lambda o, option=option: o[option] is not None and o[option] < 1,  # type: ignore[misc]
            allowed="1 or more",
            why=facts.TABLE_QUOTA.says,
            source=facts.TABLE_QUOTA.source,
        )
        for option in ("max_reads", "max_writes")
    ),
)
