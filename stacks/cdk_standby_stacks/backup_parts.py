"""How tiers that hold data are backed up: one plan for each, whatever the tier is."""

from __future__ import annotations

from aws_cdk import aws_backup as backup
from constructs import Construct

from cdk_standby import BackupPlan

from .sites import Site


def back_up(scope: Construct, name: str, site: Site, arn: str) -> BackupPlan:
    """Daily backups of a tier into the site's vault; who serves copies them to where they are restored."""
    return BackupPlan(
        scope,
        f"{name.capitalize()}Backup",
        vault=site.vault,
        copy_to=site.copies or None,
        resources=[backup.BackupResource.from_arn(arn)],
        alarms=site.alarms,
    )
