"""Set a group's bounds, and wait for its instances: two steps, so that instances start while a database is promoted."""

from __future__ import annotations

from dataclasses import dataclass

from cdk_standby_review.facts import Fact, Range, recovery_times

from ..plan import Capacity, ScalingGroup
from ..run import Run
from ._model import Found, Looking, Need, Proof
from .groups import GroupState, group_state, healthy_targets, wanted


@dataclass(frozen=True, slots=True)
class Scale:
    """Set minimum, maximum and desired capacity; do not wait."""

    run: Run
    group: ScalingGroup
    region: str
    to: str

    @property
    def title(self) -> str:
        """Names the step in the journal."""
        return f"scale {self.group.name} to {self.to}"

    @property
    def says(self) -> str:
        """What it will do."""
        size = wanted(self.group, self.to)
        name = self.group.groups[self.region]
        return f"set {name} in {self.region} to a minimum of {size.minimum} instances ({self.to})"

    @property
    def calls(self) -> tuple[str, ...]:
        """The call, as it will be sent."""
        size = wanted(self.group, self.to)
        name = self.group.groups[self.region]
        desired = f">={size.minimum}" if self.to == "full" else f"{size.minimum}"
        return (
            f"autoscaling:UpdateAutoScalingGroup in {self.region} "
            f"(AutoScalingGroupName={name}, MinSize={size.minimum}, DesiredCapacity={desired})",
        )

    @property
    def takes(self) -> Fact[Range] | None:
        """The call returns at once."""
        return None

    @property
    def beside(self) -> bool:
        """It starts when it is sent."""
        return False

    @property
    def limit(self) -> float:
        """The call returns at once; a minute is plenty."""
        return 60.0

    def check(self) -> Found:
        """Whether the bounds are there already."""
        state = group_state(self.run.clients, self.group, self.region)
        has = f"{state.name} has a minimum of {state.minimum} and {state.desired} desired"
        return Found(Need.DONE if self._fits(state) else Need.ACT, has)

    def act(self) -> None:
        """Never fewer instances than now while traffic is on its way here."""
        state = group_state(self.run.clients, self.group, self.region)
        size, desired = self._target(state)
        self.run.clients.autoscaling(self.region).update_auto_scaling_group(
            AutoScalingGroupName=state.name, MinSize=size.minimum, MaxSize=size.maximum, DesiredCapacity=desired
        )

    def prove(self) -> Proof:
        """The group took it."""
        state = group_state(self.run.clients, self.group, self.region)
        return Proof(self._fits(state), f"{state.name} wants {state.desired} instances, at least {state.minimum}")

    def _fits(self, state: GroupState) -> bool:
        size, desired = self._target(state)
        return (state.minimum, state.maximum, state.desired) == (size.minimum, size.maximum, desired)

    def _target(self, state: GroupState) -> tuple[Capacity, int]:
        size = wanted(self.group, self.to)
        if self.to != "full":
            return size, size.minimum
        maximum = max(size.maximum, state.maximum)
        desired = max(size.minimum, state.desired, *self._carried_elsewhere())
        return Capacity(minimum=size.minimum, maximum=maximum), min(desired, maximum)

    def _carried_elsewhere(self) -> list[int]:
        """In a planned move the other Region can be asked how many instances today's traffic needs."""
        if self.run.unplanned:
            return []
        return [group_state(self.run.clients, self.group, self.run.plan.other(self.region)).desired]


@dataclass(frozen=True, slots=True)
class AwaitCapacity(Looking):
    """Wait until the instances are in service, and healthy behind their balancer."""

    group: ScalingGroup
    region: str
    to: str

    @property
    def title(self) -> str:
        """Names the step in the journal."""
        return f"await {self.group.name} at {self.to}"

    @property
    def says(self) -> str:
        """What it will do."""
        name = self.group.groups[self.region]
        if self.to == "full":
            return f"wait until the instances of {name} are in service and healthy behind the load balancer"
        return f"wait until {name} has let go of the instances it no longer needs"

    @property
    def takes(self) -> Fact[Range] | None:
        """Starting takes time; stopping costs nobody any."""
        return recovery_times.INSTANCE_START if self.to == "full" else None

    @property
    def beside(self) -> bool:
        """In an unplanned failover, instances start while the database is promoted."""
        return self.run.unplanned

    @property
    def limit(self) -> float:
        """Twenty minutes: some images start slowly."""
        return 1200.0

    def check(self) -> Found:
        """Perhaps they run already."""
        proof = self.prove()
        return Found(Need.DONE if proof.holds else Need.ACT, proof.says)

    def prove(self) -> Proof:
        """Count them."""
        state = group_state(self.run.clients, self.group, self.region)
        size = wanted(self.group, self.to)
        if self.to != "full":
            return Proof(state.total <= state.desired, f"{state.name} has {state.total} instances of {state.desired}")
        needed = min(max(size.minimum, state.desired), self.run.fewest or state.maximum)
        healthy = healthy_targets(self.run.clients, state, self.region)
        counted = f"{state.in_service} of {needed} instances of {state.name} in service"
        balanced = counted if healthy is None else f"{counted}, {healthy} healthy behind the load balancer"
        holds = min(state.in_service, state.in_service if healthy is None else healthy) >= needed
        hint = "" if holds or not self.run.unplanned else "; if traffic cannot wait for all: --accept-instances N"
        return Proof(holds, balanced + hint)
