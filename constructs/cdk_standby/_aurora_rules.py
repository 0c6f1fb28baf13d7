"""What the options of Aurora clusters must be."""

from __future__ import annotations

import re

from aws_cdk import aws_ec2 as ec2
from cdk_standby_review.facts import aurora as facts

from ._checks import Options, Rule, one_of, within
from ._durations import days, lasting


def is_global(options: Options) -> bool:
    """Whether the cluster is a member of a global database."""
    return options["global_cluster"] is not None


def zones_of(subnets: ec2.SelectedSubnets) -> int:
    """How many different zones the subnets lie in."""
    return len(set(subnets.availability_zones))


def _memory_optimized(instance: str) -> bool:
    family = instance.split(".")[0]
    number = re.match(r"[rx](\d+)", family)
    return number is not None and (family[0] == "x" or int(number[1]) >= 5)  # noqa: PLR2004 - r5, as the fact says


def _bad_serverless(options: Options) -> bool:
    acu = options["serverless"]
    if acu is None:
        return False
    low, high = acu
    halves = all(float(value * 2).is_integer() for value in acu)
    return not (halves and low in facts.CAPACITY.value and 1 <= high <= facts.CAPACITY.value.high and low <= high)


def _named(option: str, *, what: str) -> Rule:
    return Rule(
        option=option,
        broken=lambda o: o[option] is not None and not re.fullmatch(facts.IDENTIFIER.value, o[option]),
        allowed="up to 63 letters, digits and single hyphens, starting with a letter",
        why=f"it names {what}",
        source=facts.IDENTIFIER.source,
    )


RULES = (
    one_of("engine", facts.ENGINES.value, why=facts.ENGINES.says, source=facts.ENGINES.source),
    Rule(
        option="version",
        broken=lambda o: not re.match(r"\d+\.\d+", o["version"]),
        allowed="a full version such as '17.4' or '8.0.mysql_aurora.3.08.0'",
        why="every member of a global database must run the same one, so none may choose for itself",
        source=facts.GLOBAL_CLASSES.source,
    ),
    within("readers", facts.READERS),
    Rule(
        option="readers",
        reads=("no_readers_because", "headless_because"),
        broken=lambda o: o["readers"] == 0 and not o["no_readers_because"] and not o["headless_because"],
        allowed="1 to 15, or 0 with 'no_readers_because'",
        why="without a reader the loss of the writer's zone is an outage of up to ten minutes",
        source=facts.READERS.source,
    ),
    Rule(
        option="instance",
        reads=("global_cluster", "serverless"),
        broken=lambda o: is_global(o) and o["serverless"] is None and not _memory_optimized(o["instance"]),
        allowed="a memory-optimized class such as 'r7g.large'",
        why=facts.GLOBAL_CLASSES.says,
        source=facts.GLOBAL_CLASSES.source,
    ),
    Rule(
        option="serverless",
        broken=_bad_serverless,
        allowed="(least, most) in half steps, 0 to 256 with a most of 1 or more",
        why=facts.CAPACITY.says,
        source=facts.CAPACITY.source,
    ),
    lasting("backup_retention", facts.BACKUP_RETENTION, days),
    one_of(
        "monitoring_interval",
        facts.MONITORING_INTERVALS.value,
        why=facts.MONITORING_INTERVALS.says,
        source=facts.MONITORING_INTERVALS.source,
    ),
    Rule(
        option="secondary",
        reads=("global_cluster",),
        broken=lambda o: o["secondary"] and not is_global(o),
        allowed="True together with 'global_cluster'",
        why="a secondary is a member of a global database",
        source=facts.SECONDARY_CREDENTIALS.source,
    ),
    Rule(
        option="headless_because",
        reads=("secondary",),
        broken=lambda o: o["headless_because"] is not None and not o["secondary"],
        allowed="a secondary only",
        why="a cluster without instances serves nobody; only a secondary goes on receiving data",
        source=facts.GLOBAL_CLASSES.source,
    ),
    *(
        Rule(
            option=option,
            reads=("secondary",),
            broken=lambda o, option=option: bool(o["secondary"] and o[option]),
            allowed="nothing for a secondary",
            why=facts.SECONDARY_CREDENTIALS.says,
            source=facts.SECONDARY_CREDENTIALS.source,
        )
        for option in ("database_name", "secret_replicas")
    ),
    Rule(
        option="global_write_forwarding",
        reads=("secondary",),
        broken=lambda o: o["global_write_forwarding"] and not o["secondary"],
        allowed="True for a secondary",
        why="only a secondary has a writer elsewhere to forward to",
        source="https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-global-database-write-forwarding.html",
    ),
    Rule(
        option="rpo_cap",
        reads=("global_cluster", "engine"),
        broken=lambda o: o["rpo_cap"] is not None
        and not (is_global(o) and o["engine"] == "aurora-postgresql" and o["rpo_cap"].to_seconds() in facts.RPO_CAP.value),
        allowed="20 seconds or more, for PostgreSQL in a global database",
        why=facts.RPO_CAP.says,
        source=facts.RPO_CAP.source,
    ),
    Rule(
        option="vpc",
        reads=(),
        broken=lambda o: o["zones"] < facts.ZONES.value.low,
        allowed="isolated (or chosen) subnets in two Availability Zones or more, better three",
        why=facts.ZONES.says,
        source=facts.ZONES.source,
    ),
    _named("cluster_identifier", what="the cluster in its Region"),
)
