"""Make the other Region's cluster the writer: by failover (data may be lost) or by switchover (none is)."""

from __future__ import annotations

from dataclasses import dataclass

from cdk_standby_review.facts import Fact, Range, recovery_times, role_changes

from ..clients import ApiError
from ..consent import require_consent
from ..errors import NotReady, TwoWritersDanger
from ..plan import GlobalDatabase
from ..run import Run
from ._model import Found, Need, Proof
from .aurora import GlobalState, Member, global_state
from .lag import replication_lag


@dataclass(frozen=True, slots=True)
class MoveWriter:
    """What failover and switchover have in common: never two writers, never the same call twice."""

    run: Run
    database: GlobalDatabase

    verb = "move"

    @property
    def title(self) -> str:
        """Names the step in the journal."""
        return f"{self.verb} {self.database.name}"

    @property
    def beside(self) -> bool:
        """It starts when it is sent."""
        return False

    @property
    def limit(self) -> float:
        """Half an hour: minutes are documented, and giving up early helps nobody."""
        return 1800.0

    def check(self) -> Found:
        """Where the writer is, and whether moving it is safe."""
        state, target = self._look()
        if state.moving:
            return self._joined(state, target)
        if len(state.writers) > 1:
            raise TwoWritersDanger(
                f"{state.name} has two writers, in {state.writer_region}; nothing was done: fence one of them first"
            )
        if target.writer:
            return Found(Need.DONE, f"the writer is in {self.run.to} already")
        if state.member(self.run.away, self.database.clusters[self.run.away]) is None:
            raise TwoWritersDanger(
                f"{self.database.clusters[self.run.away]} in {self.run.away} has left {state.name} and may take "
                f"writes on its own; nothing was done: fence or delete it, then promote in {self.run.to} by hand"
            )
        self.permit()
        if self.run.journal.said("intended", self.title) and self._shows_up():
            return Found(Need.UNDERWAY, "the call was sent before; waiting for its end")
        return Found(Need.ACT, f"the writer is in {state.writer_region}")

    def permit(self) -> None:
        """Raise if somebody must agree first."""

    def send(self, target: str) -> None:
        """Ask AWS to make the cluster with that ARN the writer."""
        raise NotImplementedError

    def act(self) -> None:
        """Send the call once; "already changing" means that an earlier one of ours arrived after all."""
        _, target = self._look()
        intended = [r for r in self.run.journal.run if (r["event"], r.get("step")) == ("intended", self.title)]
        try:
            self.send(target.arn)
        except ApiError as error:
            if error.code != "InvalidGlobalClusterStateFault" or len(intended) < 2:
                raise

    def prove(self) -> Proof:
        """One writer, here, and nothing moves any more."""
        state = global_state(self.run.clients, self.database, self.run.to)
        writers = [member.region for member in state.writers]
        if state.moving or writers != [self.run.to]:
            moving = f", {state.moving}" if state.moving else ""
            return Proof(False, f"the writer of {state.name} is {state.writer_region}{moving}")
        return Proof(True, f"the one writer of {state.name} is in {self.run.to}")

    def _look(self) -> tuple[GlobalState, Member]:
        state = global_state(self.run.clients, self.database, self.run.to)
        target = state.member(self.run.to, self.database.clusters[self.run.to])
        if target is None:
            raise NotReady(
                f"{self.database.clusters[self.run.to]} in {self.run.to} does not belong to {state.name}; only a "
                "member can be promoted: look at both before going on"
            )
        return state, target

    def _joined(self, state: GlobalState, target: Member) -> Found:
        """A role change is under way: ours to wait for, or somebody else's to keep away from."""
        if state.moving_to == target.arn and self.run.journal.said("intended", self.title):
            return Found(Need.UNDERWAY, f"{state.moving} since this run asked for it")
        towards = state.moving_to.split(":")[3] if state.moving_to else "an unknown Region"
        raise TwoWritersDanger(
            f"{state.name} is {state.moving} towards {towards}, and this run did not ask for it; nothing was done: "
            "wait until it has ended (cdk-standby status), then run again"
        )

    def _shows_up(self) -> bool:
        """A call that was sent right before a crash may take a moment to show."""
        until = self.run.clock.elapsed() + self.run.pace.grace
        while self.run.clock.elapsed() < until:
            self.run.clock.sleep(self.run.pace.poll)
            state, target = self._look()
            if state.moving or target.writer:
                return True
        return False


@dataclass(frozen=True, slots=True)
class Promote(MoveWriter):
    """Failover: the old Region is not asked, and what it had not replicated yet is lost."""

    verb = "promote"

    @property
    def says(self) -> str:
        """What it will do."""
        return (
            f"make {self.database.clusters[self.run.to]} in {self.run.to} the writer of "
            f"{self.database.global_cluster}; writes that {self.run.away} did not replicate are lost"
        )

    @property
    def calls(self) -> tuple[str, ...]:
        """The call, as it will be sent."""
        name, target = self.database.global_cluster, self.database.clusters[self.run.to]
        return (
            f"rds:FailoverGlobalCluster in {self.run.to} "
            f"(GlobalClusterIdentifier={name}, TargetDbClusterIdentifier={target}, AllowDataLoss=true)",
        )

    @property
    def takes(self) -> Fact[Range]:
        """How long AWS takes."""
        return recovery_times.AURORA_GLOBAL_FAILOVER

    def permit(self) -> None:
        """Losing more than the objective needs words."""
        lag = replication_lag(self.run.clients, self.run.clock, self.database, self.run.to)
        promised = self.run.plan.objectives.region
        require_consent(
            what=self.database.global_cluster,
            region=self.run.to,
            lag=lag.seconds,
            allowed=promised.rpo.total_seconds() if promised else None,
            given=self.run.consent,
        )

    def send(self, target: str) -> None:
        """In the recovery Region, as AWS's guide does: the other one may be dead."""
        self.run.clients.rds(self.run.to).failover_global_cluster(
            GlobalClusterIdentifier=self.database.global_cluster, TargetDbClusterIdentifier=target, AllowDataLoss=True
        )


@dataclass(frozen=True, slots=True)
class Switchover(MoveWriter):
    """Switchover: both Regions agree, and nothing is lost."""

    verb = "switch over"

    @property
    def says(self) -> str:
        """What it will do."""
        return (
            f"move the writer of {self.database.global_cluster} from {self.run.away} to {self.run.to} without "
            "losing a write; writes pause meanwhile"
        )

    @property
    def calls(self) -> tuple[str, ...]:
        """The call, as it will be sent."""
        name, target = self.database.global_cluster, self.database.clusters[self.run.to]
        return (
            f"rds:SwitchoverGlobalCluster in {self.run.away} "
            f"(GlobalClusterIdentifier={name}, TargetDbClusterIdentifier={target})",
        )

    @property
    def takes(self) -> Fact[Range]:
        """How long AWS takes."""
        return role_changes.AURORA_GLOBAL_SWITCHOVER

    def send(self, target: str) -> None:
        """In the Region of the present writer, as AWS's guide does."""
        self.run.clients.rds(self.run.away).switchover_global_cluster(
            GlobalClusterIdentifier=self.database.global_cluster, TargetDbClusterIdentifier=target
        )
