"""What can be chosen beyond what runs; apart from what builds it, which few need."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


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
