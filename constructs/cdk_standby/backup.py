"""Backups, and the vaults that nobody empties by mistake or on purpose."""

from __future__ import annotations

from .backup_plan import BackupPlan
from .locked_vault import LockedVault

__all__ = ["BackupPlan", "LockedVault"]
