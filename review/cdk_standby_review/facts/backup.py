"""AWS Backup: retention, vault lock, windows, copies."""

from __future__ import annotations

from ._model import Confidence, Fact, Range

_GUIDE = "https://docs.aws.amazon.com/aws-backup/latest/devguide/"
_DATE = "2026-11-21"

COLD_STORAGE_MINIMUM = Fact(
    value=90,
    unit="days",
    says="a backup that moved to cold storage stays there for at least 90 days",
    source=_GUIDE + "API_Lifecycle.html",
    date=_DATE,
)
CONTINUOUS_RETENTION = Fact(
    value=Range(1, 35),
    unit="days",
    says="a continuous backup can be restored to any second of the last 1 to 35 days",
    source=_GUIDE + "point-in-time-recovery.html",
    date=_DATE,
)
LOCK_RETENTION = Fact(
    value=Range(1, 36500),
    unit="days",
    says="a vault lock holds backups for one day to 100 years",
    source=_GUIDE + "API_PutBackupVaultLockConfiguration.html",
    date=_DATE,
)
LOCK_COOLING_OFF = Fact(
    value=Range(3, 36500),
    unit="days",
    says="a lock in compliance mode can still be changed for at least three days, and by nobody ever after",
    source=_GUIDE + "vault-lock.html",
    date=_DATE,
)
START_WINDOW = Fact(
    value=Range(60, 52_560_000),
    unit="minutes",
    says="a job that has not started within its window of an hour or more expires",
    source=_GUIDE + "API_BackupRuleInput.html",
    date=_DATE,
)
COMPLETION_WINDOW = Fact(
    value=Range(60, 52_560_000),
    unit="minutes",
    says="a job that has not ended within its window is cancelled, and few end within an hour",
    source=_GUIDE + "API_BackupRuleInput.html",
    date=_DATE,
    confidence=Confidence.ASSUMED,
)
VAULT_NAME = Fact(
    value=r"[A-Za-z0-9_-]{2,50}",
    unit="regular expression",
    says="a vault is known by 2 to 50 letters, digits, '-' and '_'",
    source=_GUIDE + "API_CreateBackupVault.html",
    date=_DATE,
)
EVENT_DELAY = Fact(
    value=Range(0, 300),
    unit="seconds",
    says="AWS Backup sends events every five minutes, at best effort",
    source=_GUIDE + "eventbridge.html",
    date=_DATE,
)
