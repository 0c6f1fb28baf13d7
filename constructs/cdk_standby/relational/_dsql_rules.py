"""What the options of a DSQL cluster must be."""

from __future__ import annotations

import re
from collections.abc import Iterator

from constructs import Construct

from cdk_standby_review.facts import dsql as facts
from cdk_standby_review.facts import regions

from .._checks import Options, Problem, Rule, shown
from .._regions import unknown_region
from .._tokens import is_token
from ._rules import of_the_region

_TOPICS = "https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Notify_Users_Alarm_Changes.html"


def _outside_of_the_sets(options: Options) -> bool:
    peers: dict[str, str] = dict(options["peers"] or {})
    used: set[str] = {options["region"], options["witness"], *peers}
    if options["witness"] is None or options["region_set_because"] is not None or len(used) < 2:
        return False
    judged = not any(map(is_token, used)) and used <= set(regions.REGIONS.value)
    return judged and not any(used <= set(together) for together in facts.REGION_SETS.value.values())


def _others_of_the_set(options: Options) -> str:
    for together in facts.REGION_SETS.value.values():
        if options["region"] in together:
            others = ", ".join(region for region in together if region != options["region"])
            return f"for a cluster in {options['region']}: {others}; or 'region_set_because' where AWS knows more"
    return f"no multi-Region cluster in {options['region']}; or 'region_set_because' where AWS knows more"


RULES = (
    Rule(
        option="witness",
        reads=("region",),
        broken=lambda o: o["witness"] is not None and o["witness"] == o["region"],
        allowed=lambda o: f"another Region than {o['region']}, where the cluster is",
        why=facts.WITNESS.says,
        source=facts.WITNESS.source,
    ),
    Rule(
        option="witness",
        broken=lambda o: o["witness"] is not None and o["witness"] in (o["peers"] or {}),
        allowed="another Region than that of the peer",
        why=facts.WITNESS.says,
        source=facts.WITNESS.source,
    ),
    Rule(
        option="witness",
        broken=_outside_of_the_sets,
        allowed=_others_of_the_set,
        why=facts.REGION_SETS.says,
        source=facts.REGION_SETS.source,
    ),
    Rule(
        option="name",
        broken=lambda o: not o["name"] and o["witness"] is not None,
        allowed="the same name for the members of one multi-Region cluster",
        why="members know each other by it before they have ARNs",
    ),
    Rule(
        option="peers",
        broken=lambda o: bool(o["peers"]) and o["witness"] is None,
        allowed="left out without 'witness'",
        why=facts.WITNESS.says,
        source=facts.WITNESS.source,
    ),
    Rule(
        option="peers",
        broken=lambda o: len(o["peers"] or {}) > facts.PEERS.value,
        allowed="the ARN of one cluster in another Region",
        why=facts.PEERS.says,
        source=facts.PEERS.source,
    ),
    Rule(
        option="peers",
        reads=("region",),
        broken=lambda o: o["region"] in (o["peers"] or {}),
        allowed=lambda o: f"clusters in other Regions than {o['region']}, where this one is",
        why=facts.PEERS.says,
        source=facts.PEERS.source,
    ),
    Rule(
        option="region_set_because",
        broken=lambda o: o["region_set_because"] is not None and o["witness"] is None,
        allowed="left out without 'witness'",
        why="a cluster in one Region is of no set",
    ),
    of_the_region("key", facts.KEYS.says, facts.KEYS.source),
    of_the_region("alarms", "alarms tell topics of their own Region only", _TOPICS),
)


def unknown(where: Construct, options: Options) -> Iterator[Problem]:
    """Regions that are none, and peers whose ARN is not that of a cluster in their Region."""
    peers: dict[str, str] = dict(options["peers"] or {})
    named = {"witness": options["witness"], **{f"peers['{region}']": region for region in peers}}
    for option, region in named.items():
        if region is not None and (problem := unknown_region(where.node.path, option, region)):
            yield problem
    for region, arn in peers.items():
        if not (is_token(region) or is_token(arn)) and not _is_of(region, arn):
            yield Problem(
                where=where.node.path,
                option=f"peers['{region}']",
                got=shown(arn),
                allowed=f"'arn:aws:dsql:{region}:<account>:cluster/<26 letters and digits>'",
                why=facts.ARN.says,
                source=facts.ARN.source,
            )


def _is_of(region: str, arn: str) -> bool:
    return re.fullmatch(facts.ARN.value, arn) is not None and arn.split(":")[3] == region
