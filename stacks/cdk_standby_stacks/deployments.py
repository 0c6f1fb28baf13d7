"""The strategies as people write them: one word apart from each other."""

from __future__ import annotations

from typing import ClassVar

from .deployment import Deployment
from .strategies import BACKUP_AND_RESTORE, MULTI_AZ, MULTI_SITE, PILOT_LIGHT, WARM_STANDBY, Strategy


class MultiAz(Deployment):
    """One Region, over all its zones: what every other strategy starts from.

    * Instance or zone loss: survived by itself.
    * Region loss: not survived. Backups are in the same Region.
    * Deleted or corrupted data: restored from locked backups.

    A second Region may be named; nothing is there, and another strategy is then one word.
    """

    strategy: ClassVar[Strategy] = MULTI_AZ


class BackupRestore(Deployment):
    """Copies of the backups, the keys that open them and the credentials wait in a second Region.

    * Instance or zone loss: survived by itself.
    * Region loss: hours. The same app is deployed there, with `active` and the recovery points in `restored`; what was
      written since the last copy is lost.
    * Deleted or corrupted data: restored from locked backups.
    """

    strategy: ClassVar[Strategy] = BACKUP_AND_RESTORE


class PilotLight(Deployment):
    """Live replicas of the data in a second Region, and everything else there without an instance that runs.

    * Instance or zone loss: survived by itself in the primary Region.
    * Region loss: `cdk-standby failover` starts the instances, promotes the replica and moves traffic: tens of minutes;
      the writes of the last moments, typically about a second, are lost.
    * Deleted or corrupted data: restored from locked backups; replication does not help.
    """

    strategy: ClassVar[Strategy] = PILOT_LIGHT


class WarmStandby(Deployment):
    """A scaled-down copy runs in a second Region, on live replicas of the data, and takes over by a runbook.

    * Instance or zone loss: survived by itself in each Region.
    * Region loss: `cdk-standby failover` promotes the replica, scales up and moves traffic: minutes; the writes of
      the last moments, typically about a second, are lost.
    * Deleted or corrupted data: restored from locked backups; replication does not help.
    """

    strategy: ClassVar[Strategy] = WARM_STANDBY


class MultiSite(Deployment):
    """Two Regions or more serve their users side by side, each large enough to carry its part when one is lost.

    * Instance or zone loss: survived by itself in each Region.
    * Region loss: users are led to the nearest other Region by themselves, within a minute or two. A database with one
      writer is promoted by `cdk-standby failover`; until then only reads go on where the writer was elsewhere.
    * Deleted or corrupted data: restored from locked backups; replication does not help.
    """

    strategy: ClassVar[Strategy] = MULTI_SITE
