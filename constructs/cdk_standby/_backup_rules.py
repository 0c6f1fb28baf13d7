"""What the options of a `BackupPlan` must be."""

from __future__ import annotations

import re
from collections.abc import Sequence

from cdk_standby_review.facts import backup as facts

from ._checks import Options, Rule
from ._durations import days, lasting, minutes
from ._tokens import is_token
from .backups.air_gapped_vault import AirGappedVault
from .locked_vault import LockedVault

VAULT_ARN = re.compile(r"arn:([\w-]+):backup:([a-z0-9-]+):(\d{12}):backup-vault:[A-Za-z0-9_-]{2,50}")
_SERVICE = re.compile(r"arn:[^:]+:([a-z0-9-]+):")

CopyTarget = str | AirGappedVault
"""The ARN of a vault, or a vault that is known better."""


def targets(copy_to: CopyTarget | Sequence[CopyTarget] | None) -> Sequence[CopyTarget]:
    """All vaults that backups are copied to."""
    if copy_to is None:
        return ()
    return (copy_to,) if isinstance(copy_to, str | AirGappedVault) else tuple(copy_to)


def vault_region(arn: CopyTarget | None) -> str | None:
    """The Region in the ARN of a vault; None when it is none, or a token."""
    found = VAULT_ARN.fullmatch(arn) if isinstance(arn, str) else None
    return found[2] if found else None


def _known(options: Options) -> list[re.Match[str]]:
    """The targets that are ARNs of vaults."""
    arns = (target for target in targets(options["copy_to"]) if isinstance(target, str))
    return [found for arn in arns if (found := VAULT_ARN.fullmatch(arn))]


def _no_vault(options: Options) -> bool:
    arns = [target for target in targets(options["copy_to"]) if isinstance(target, str) and not is_token(target)]
    return not all(VAULT_ARN.fullmatch(arn) for arn in arns)


def _twice(options: Options) -> bool:
    known = [target if isinstance(target, str) else target.node.path for target in targets(options["copy_to"])]
    return len(set(known)) < len(known)


def _stays_at_home(options: Options) -> bool:
    """The same Region of the same account; where the plan's account is unknown, nothing says that it is another."""
    region, account = options["home"].region, options["home"].account
    return any(found[2] == region and (is_token(account) or found[3] == account) for found in _known(options))


def _leaves_partition(options: Options) -> bool:
    region = options["home"].region
    return not is_token(region) and any(found[1] != partition(region) for found in _known(options))


def partition(region: str) -> str:
    """The part of AWS that a Region belongs to: ARNs of China and GovCloud start differently."""
    return {"cn": "aws-cn", "us-gov": "aws-us-gov"}.get(region.rsplit("-", 2)[0], "aws")


def _crossed(options: Options) -> set[str]:
    """What the copies cross, in the words of the table; one whose vault is not known crosses a Region at most."""
    region, account = options["home"].region, options["home"].account
    if is_token(region) or is_token(account):
        return {"region"}
    found = {(vault[2] != region, vault[3] != account) for vault in _known(options)}
    return {"both" if all(way) else "region" if way[0] else "account" for way in found} or {"region"}


def _uncopied(options: Options) -> list[str]:
    """Services among the resources of which AWS Backup makes no copies like these."""
    if not targets(options["copy_to"]):
        return []
    arns = [resource.resource or "" for resource in options["resources"]]
    services = dict.fromkeys(found[1] for arn in arns if (found := _SERVICE.match(arn)))
    known = facts.COPIES.value
    return [
        name for name in services if name in known and not all(getattr(known[name], way) for way in _crossed(options))
    ]


def _outside_air_gap(options: Options) -> AirGappedVault | None:
    """The first air-gapped vault that would refuse the copies."""
    kept = days(options["copy_retention"])
    for target in targets(options["copy_to"]):
        if isinstance(target, AirGappedVault) and kept is not None:
            low, high = days(target.minimum), days(target.maximum)
            if low is not None and high is not None and not low <= kept <= high:
                return target
    return None


def _air_gap_takes(options: Options) -> str:
    vault = _outside_air_gap(options)
    return f"{days(vault.minimum):g} to {days(vault.maximum):g} days" if vault else ""


def _too_short_for_cold(option: str) -> Rule:
    def broken(options: Options) -> bool:
        cold, kept = days(options["cold_after"]), days(options[option])
        return cold is not None and kept is not None and kept < cold + facts.COLD_STORAGE_MINIMUM.value

    return Rule(
        option=option,
        broken=broken,
        allowed=lambda o: f"{(days(o['cold_after']) or 0) + facts.COLD_STORAGE_MINIMUM.value:g} days or more",
        why=facts.COLD_STORAGE_MINIMUM.says,
        source=facts.COLD_STORAGE_MINIMUM.source,
    )


def _outside_lock(option: str) -> Rule:
    def broken(options: Options) -> bool:
        lock: LockedVault | None = options["lock"]
        kept = days(options[option])
        low, high = (days(lock.minimum), days(lock.maximum)) if lock else (None, None)
        return kept is not None and low is not None and high is not None and not low <= kept <= high

    return Rule(
        option=option,
        broken=broken,
        allowed=lambda o: f"{days(o['lock'].minimum):g} to {days(o['lock'].maximum):g} days",
        why="the lock of the vault refuses all other backups",
        source=facts.LOCK_RETENTION.source,
    )


RULES = [
    Rule(
        option="resources",
        broken=lambda o: not o["resources"],
        allowed="one resource or more",
        why="a plan that selects nothing backs up nothing",
    ),
    Rule(
        option="copy_to",
        broken=_no_vault,
        allowed="the ARN of a vault, such as 'arn:aws:backup:eu-central-1:111111111111:backup-vault:name'",
        why="a copy goes to a vault",
    ),
    Rule(
        option="copy_to",
        broken=_twice,
        allowed="each vault once",
        why="a second copy in the same vault protects from nothing more",
    ),
    Rule(
        option="copy_to",
        broken=_stays_at_home,
        allowed=lambda o: f"a vault outside {o['home'].region}, or of another account",
        why="a copy in the same Region and account is lost with it",
        source="https://docs.aws.amazon.com/aws-backup/latest/devguide/cross-region-backup.html",
    ),
    Rule(
        option="copy_to",
        broken=_leaves_partition,
        allowed=lambda o: f"a vault in the partition {partition(o['home'].region)}",
        why=facts.PARTITION_COPIES.says,
        source=facts.PARTITION_COPIES.source,
    ),
    Rule(
        option="copy_to",
        broken=lambda o: bool(_uncopied(o)),
        allowed=lambda o: "left out, and " + ", and ".join(facts.COPIES.value[found].instead for found in _uncopied(o)),
        why=facts.COPIES.says,
        source=facts.COPIES.source,
    ),
    Rule(
        option="copy_retention",
        broken=lambda o: _outside_air_gap(o) is not None,
        allowed=_air_gap_takes,
        why="the air-gapped vault refuses all other backups",
        source=facts.AIR_GAPPED_MINIMUM.source,
    ),
    Rule(
        option="schedule",
        broken=lambda o: not o["schedule"].expression_string.startswith("cron("),
        allowed="a cron expression, such as events.Schedule.cron(hour='3', minute='0')",
        why="AWS Backup knows no rates",
        source="https://docs.aws.amazon.com/aws-backup/latest/devguide/API_BackupRuleInput.html",
    ),
    _too_short_for_cold("retention"),
    _too_short_for_cold("copy_retention"),
    _outside_lock("retention"),
    _outside_lock("continuous"),
    lasting("continuous", facts.CONTINUOUS_RETENTION, days),
    lasting("start_window", facts.START_WINDOW, minutes),
    lasting("completion_window", facts.COMPLETION_WINDOW, minutes),
]
