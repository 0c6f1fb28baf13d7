"""The strategies as people write them: one word apart from each other."""

from __future__ import annotations

from typing import ClassVar

from .deployment import Deployment
from .strategies import WARM_STANDBY, Strategy


class WarmStandby(Deployment):
    """A scaled-down copy runs in a second Region, on live replicas of the data, and takes over by a runbook.

    * Instance or zone loss: survived by itself in each Region.
    * Region loss: `cdk-standby failover` promotes the replica, scales up and moves traffic: minutes; the writes of
      the last moments, typically about a second, are lost.
    * Deleted or corrupted data: restored from locked backups; replication does not help.
    """

    strategy: ClassVar[Strategy] = WARM_STANDBY
