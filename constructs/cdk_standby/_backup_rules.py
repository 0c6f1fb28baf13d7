"""What the options of a `BackupPlan` must be."""

from __future__ import annotations

import re

from cdk_standby_review.facts import backup as facts

from ._checks import Options, Rule
from ._durations import days, lasting, minutes
from .locked_vault import LockedVault

VAULT_ARN = re.compile(r"arn:[\w-]+:backup:([a-z0-9-]+):\d{12}:backup-vault:[A-Za-z0-9_-]{2,50}")


def vault_region(arn: str | None) -> str | None:
    """The Region in the ARN of a vault; None when it is none, or a token."""
    found = VAULT_ARN.fullmatch(arn or "")
    return found[1] if found else None


def _stays_at_home(options: Options) -> bool:
    return bool(vault_region(options["copy_to"]) == options["region"])


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
        broken=lambda o: o["copy_to"] is not None and not VAULT_ARN.fullmatch(o["copy_to"]),
        allowed="the ARN of a vault, such as 'arn:aws:backup:eu-central-1:111111111111:backup-vault:name'",
        why="a copy goes to a vault",
    ),
    Rule(
        option="copy_to",
        broken=_stays_at_home,
        allowed=lambda o: f"a vault outside {o['region']}",
        why="a copy in the same Region is lost with it",
        source="https://docs.aws.amazon.com/aws-backup/latest/devguide/cross-region-backup.html",
        reads=["region"],
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
