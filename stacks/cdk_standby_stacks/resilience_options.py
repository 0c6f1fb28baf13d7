"""What can be chosen beyond what runs; apart from what builds it, which few need."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from constructs import Construct

from cdk_standby._checks import Options, Rule, check
from cdk_standby_review.facts import aurora

from .strategies import Traffic
from .tiers import Kind, Rds, Tier
from .tiers.relational import Aurora


@dataclass(frozen=True, slots=True, kw_only=True)
class ResilienceOptions:
    """What AWS is told of a deployment beyond what runs. All of it is off unless it is asked for.

    Args:
        region_switch: a Region switch plan in the recovery Region, with the steps of the recovery plan; some 70 USD a
            month. Left out: `cdk-standby failover` alone.
        experiments: FIS experiments wherever the workload runs: a zone without power, and, with a second Region, the
            Region cut off and replication paused. They cost while they run. Left out: none.
        resilience_hub: the objectives as policies of Resilience Hub, and the workload as a service that can be
            assessed. Left out: none.
        group_arns: of each service tier, the full ARN of its group in both Regions, once they are there. The plan then
            scales by AWS's own block, to what ran in the other Region. Left out: by a function, to the full size.
        approver: ARN of a role; whoever can assume it has to approve each run. Left out: a run acts at once.
        availability: percent of the time that the workload answers. Left out: not promised.
    """

    region_switch: bool = False
    experiments: bool = False
    resilience_hub: bool = False
    group_arns: Mapping[str, Mapping[str, str]] = field(default_factory=dict[str, Mapping[str, str]])
    approver: str | None = None
    availability: float | None = None


def check_resilience(where: Construct, options: Options) -> None:
    """Raise InvalidOptions for what this strategy or workload cannot have."""
    chosen: ResilienceOptions | None = options["resilience"]
    if chosen is not None:
        given: dict[str, Any] = {"region_switch": chosen.region_switch, "group_arns": chosen.group_arns}
        check(where, RULES, {**given, "strategy": options["strategy"], "workload": options["workload"]})


_PAGE = "https://docs.aws.amazon.com/r53recovery/latest/dg/region-switch.html"
RULES = (
    Rule(
        option="region_switch",
        broken=lambda o: o["region_switch"] and o["strategy"].traffic is Traffic.SINGLE,
        allowed="False; or choose PilotLight, WarmStandby or MultiSite",
        why="a plan moves a workload to what stands ready in a second Region",
        source=_PAGE,
    ),
    Rule(
        option="region_switch",
        broken=lambda o: o["region_switch"] and any(isinstance(tier, Rds) for tier in _tiers(o)),
        allowed="False; or AuroraPostgres or AuroraMysql in place of Rds",
        why="a promotion makes another generation of an Rds tier, with other names than the plan was made with",
        source="https://docs.aws.amazon.com/r53recovery/latest/dg/rds-promote-read-replica-block.html",
    ),
    Rule(
        option="region_switch",
        broken=lambda o: (
            o["region_switch"] and any(isinstance(tier, Aurora) and tier.headless_secondary for tier in _tiers(o))
        ),
        allowed="False; or a database without 'headless_secondary'",
        why=f"{aurora.HEADLESS.says}, and no block of a plan does that",
        source=aurora.HEADLESS.source,
    ),
    Rule(
        option="group_arns",
        broken=lambda o: bool(o["group_arns"]) and set(o["group_arns"]) != _services(o),
        allowed=lambda o: f"left out, or ARNs for each of {', '.join(sorted(_services(o)))}",
        why="AWS's block for groups takes the place of the function that scales them, for all or for none",
        source=_PAGE,
    ),
)


def _tiers(options: Options) -> Iterable[Tier]:
    tiers: Iterable[Tier] = options["workload"].tiers
    return tiers


def _services(options: Options) -> set[str]:
    return {tier.name for tier in options["workload"].of_kind(Kind.SERVICE)}
