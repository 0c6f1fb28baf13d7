"""What a deployment's options must be."""

from __future__ import annotations

import math
from typing import Any

from constructs import Construct

from cdk_standby._backup_rules import VAULT_ARN
from cdk_standby._checks import InvalidOptions, Options, Problem, Rule, all_at_once, check, shown, within
from cdk_standby._cidrs import check_cidrs_disjoint
from cdk_standby._regions import check_regions
from cdk_standby.capacity import group_size
from cdk_standby_review.facts import network, rds_clusters

from ._account_rules import account_of, check_accounts
from ._objective_rules import check_objectives
from ._restored_rules import RESTORED_RULES
from ._tier_rules import check_tiers
from .resilience_options import check_resilience
from .strategies import MULTI_AZ, STRATEGIES_PAGE, Strategy
from .tiers import Kind, MultiAzDbCluster, Posture
from .workload import Workload

ACROSS_PAGE = "https://docs.aws.amazon.com/aws-backup/latest/devguide/create-cross-account-backup.html"
AIR_GAPPED_PAGE = "https://docs.aws.amazon.com/aws-backup/latest/devguide/logicallyairgappedvault.html"

RULES = (
    Rule(
        option="recovery",
        reads=("primary",),
        broken=lambda o: o["recovery"] == o["primary"],
        allowed="another Region than the primary",
        why="a Region cannot stand in for itself",
    ),
    Rule(
        option="recovery",
        broken=lambda o: o["recovery"] is None and o["strategy"].regions.start > 1,
        allowed="a second Region; or choose MultiAz, which needs none",
        why="the strategy brings the workload back in another Region",
        source=STRATEGIES_PAGE,
    ),
    Rule(
        option="further",
        broken=lambda o: bool(o["further"]) and len(o["regions"]) not in o["strategy"].regions,
        allowed=lambda o: _most(o["strategy"]),
        why="of a standby there is one; where several Regions serve, a global database has ten secondaries at most",
        source=STRATEGIES_PAGE,
    ),
    Rule(
        option="further",
        reads=("primary", "recovery"),
        broken=lambda o: bool(o["further"]) and len(set(o["regions"])) < len(o["regions"]),
        allowed="Regions that differ from each other, and from primary and recovery",
        why="a Region cannot stand in for itself",
    ),
    Rule(
        option="active",
        reads=("primary", "recovery"),
        broken=lambda o: o["active"] is not None and o["active"] not in o["regions"],
        allowed=lambda o: " or ".join(map(shown, o["regions"])),
        why="only a site can serve",
    ),
    Rule(
        option="active",
        reads=("primary", "recovery"),
        broken=lambda o: o["active"] in o["further"] and bool(o["workload"].of_kind(Kind.RELATIONAL)),
        allowed=lambda o: f"{shown(o['primary'])} or {shown(o['recovery'])}",
        why="the runbooks move the writer of a database between these two; further Regions follow it",
    ),
    Rule(
        option="active",
        reads=("primary",),
        broken=lambda o: o["strategy"] is MULTI_AZ and o["active"] not in (None, o["primary"]) and not o["restored"],
        allowed=lambda o: f"{shown(o['primary'])}, or BackupRestore with 'restored' to serve from another Region",
        why="all that MultiAz has is in one Region",
    ),
    *RESTORED_RULES,
    Rule(
        option="scale",
        broken=lambda o: not 0 < o["scale"] <= 1,
        allowed="more than 0 and at most 1",
        why="it is the share of the full capacity that runs at the standby",
        source=STRATEGIES_PAGE,
    ),
    Rule(
        option="copies_to_vault",
        broken=lambda o: o["copies_to_vault"] is not None and not _of_another(o),
        allowed="the ARN of a vault of another account, such as "
        "'arn:aws:backup:eu-central-1:222222222222:backup-vault:safe'",
        why="other Regions get copies by the strategy; this one survives the loss of the account",
        source=ACROSS_PAGE,
        reads=("account",),
    ),
    Rule(
        option="copies_to_vault",
        broken=lambda o: o["copies_to_vault"] is not None and isinstance(o["workload"].database, MultiAzDbCluster),
        allowed="left out, or AuroraPostgres, AuroraMysql or Rds in place of the MultiAzDbCluster",
        why=rds_clusters.COPIES.says,
        source=rds_clusters.COPIES.source,
    ),
    Rule(
        option="air_gapped",
        broken=lambda o: o["air_gapped"] and o["strategy"] is MULTI_AZ,
        allowed="left out, or a strategy with a second Region; or `copies_to_vault`, which may be air-gapped, too",
        why="MultiAz has no vault that gets copies",
        source=AIR_GAPPED_PAGE,
    ),
    Rule(
        option="trickle",
        broken=lambda o: bool(o["trickle"]) and o["strategy"].standby[Kind.SERVICE] is not Posture.SCALED_DOWN,
        allowed="0, or WarmStandby",
        why="no instance of the standby runs, or all of them serve already",
        source=STRATEGIES_PAGE,
    ),
    Rule(
        option="trickle",
        reads=("scale",),
        broken=lambda o: 0 < o["scale"] <= 1 and not 0 <= o["trickle"] <= _most_users(o["scale"]),
        allowed=lambda o: f"0 to {_most_users(o['scale'])}",
        why="the standby carries no more than its share, and the primary serves most of the users",
    ),
    within("zones", network.ZONES),
    Rule(
        option="cidrs",
        reads=("primary", "recovery"),
        broken=lambda o: not set(o["regions"]) <= set(o["cidrs"]),
        allowed=lambda o: " and ".join(f"a range for {shown(region)}" for region in o["regions"]),
        why="each site has one network",
    ),
)


def check_deployment(where: Construct, options: dict[str, Any]) -> None:
    """Raise InvalidOptions with every problem: broken rules, unknown Regions, overlapping networks."""
    all_at_once(
        lambda: check_regions(where, _named(options)),
        lambda: check_accounts(where, options),
        lambda: check(where, RULES, options),
        lambda: check_cidrs_disjoint(where, options["cidrs"]),
        lambda: _check_sizes(where, options["workload"], options["zones"]),
        lambda: check_tiers(where, options),
        lambda: check_objectives(where, options),
        lambda: check_resilience(where, options),
    )


def _most_users(scale: float) -> int:
    return min(50, math.floor(100 * scale))


def _named(options: dict[str, Any]) -> dict[str, str]:
    """The Regions, by the options that name them."""
    named = {home: options[home] for home in ("primary", "recovery") if options[home] is not None}
    return named | {f"further[{n}]": region for n, region in enumerate(options["further"])}


def _most(strategy: Strategy) -> str:
    most = strategy.regions.stop - 1
    return f"at most {most - 2} Regions" if most > 2 else "left out; or choose MultiSite, where several Regions serve"


def _of_another(o: Options) -> bool:
    found = VAULT_ARN.fullmatch(o["copies_to_vault"])
    return found is not None and found[3] != account_of(o["account"], o["primary"])


def _check_sizes(where: Construct, workload: Workload, zones: int) -> None:
    """A group must be able to reach the size that survives the loss of a zone."""
    size = workload.service.capacity
    if zones not in network.ZONES.value or size.maximum >= (least := group_size(size.minimum, zones)):
        return
    problem = Problem(
        where=where.node.path,
        option=f"workload.{workload.service.name}.capacity.maximum",
        got=str(size.maximum),
        allowed=f"{least} or more",
        why=f"{least} instances over {zones} zones leave {size.minimum} when a zone is lost",
    )
    raise InvalidOptions([problem])
