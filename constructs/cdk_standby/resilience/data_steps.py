"""The databases that a Region switch plan moves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from aws_cdk import aws_arcregionswitch as arc
from aws_cdk import aws_iam as iam

from cdk_standby_review.facts import Fact, Range
from cdk_standby_review.facts import rds_operations as plan_facts
from cdk_standby_review.facts import region_switch as facts

from .._checks import Problem
from ..relational import _region_switch_parts as blocks
from ._switch_places import Arns, misplaced
from .switch_steps import BESIDE

_CLUSTER = Arns(
    pattern=r"arn:aws[a-z-]*:rds:{region}:\d{{12}}:cluster:[a-zA-Z][a-zA-Z0-9-]*",
    example="arn:aws:rds:{region}:<account>:cluster:<identifier>",
    fact=plan_facts.PLAN_REGIONS,
)
_INSTANCE = Arns(
    pattern=r"arn:aws[a-z-]*:rds:{region}:\d{{12}}:db:[a-zA-Z][a-zA-Z0-9-]*",
    example="arn:aws:rds:{region}:<account>:db:<identifier>",
    fact=plan_facts.PLAN_REGIONS,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class AuroraWriter:
    """A global Aurora database: its writer goes to the Region that is activated.

    Args:
        global_cluster: the identifier of the global database.
        clusters: ARNs of its clusters, by Region. Members in further Regions follow the new writer by themselves.
        name: of the step.
    """

    global_cluster: str
    clusters: Mapping[str, str]
    name: str = "MoveAuroraWriter"

    @property
    def turn(self) -> int:
        """Beside capacity."""
        return BESIDE

    @property
    def takes(self) -> Fact[Range]:
        """Seconds of an unplanned failover."""
        return facts.AURORA

    @property
    def leaves(self) -> bool:
        """The writer leaves a Region that is deactivated."""
        return True

    def step(self, timeout: float) -> arc.CfnPlan.StepProperty:
        """Without loss, or in need at any price."""
        return blocks.aurora_step(self.global_cluster, self.clusters, timeout, name=self.name)

    def statements(self) -> Iterator[iam.PolicyStatement]:
        """Moves this database alone."""
        yield blocks.may_move_aurora(self.global_cluster, [*self.clusters.values()])

    def misfits(self, where: str, regions: tuple[str, str]) -> Iterator[Problem]:
        """ARNs of other Regions."""
        yield from misplaced(f"{where}: {self.name}", "clusters", self.clusters, regions, _CLUSTER)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadReplica:
    """A cross-Region read replica, which becomes a primary of its own; a new one then follows in the old Region.

    Args:
        instances: ARNs of the primary and the replica, by Region.
        name: of the step.
    """

    instances: Mapping[str, str]
    name: str = "PromoteReplica"

    @property
    def turn(self) -> int:
        """Beside capacity."""
        return BESIDE

    @property
    def takes(self) -> Fact[Range]:
        """Seconds of a promotion."""
        return facts.PROMOTION

    @property
    def leaves(self) -> bool:
        """It never moves between Regions that both serve."""
        return False

    def step(self, timeout: float) -> arc.CfnPlan.StepProperty:
        """The promotion."""
        return blocks.promote_step(self.instances, timeout, name=self.name)

    def rebuild(self, timeout: float) -> arc.CfnPlan.StepProperty:
        """After the recovery, a new replica in the Region that was left."""
        return blocks.replica_step(self.instances, timeout, name=f"{self.name}Rebuild")

    def statements(self) -> Iterator[iam.PolicyStatement]:
        """Promotes these instances, and makes replicas of them."""
        yield blocks.may_promote([*self.instances.values()])

    def misfits(self, where: str, regions: tuple[str, str]) -> Iterator[Problem]:
        """ARNs of other Regions."""
        yield from misplaced(f"{where}: {self.name}", "instances", self.instances, regions, _INSTANCE)
