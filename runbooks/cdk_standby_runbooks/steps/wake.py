"""Give a headless secondary its instances: AWS promotes no cluster without one.

The data stack of the Region makes them, from the template that is there and a parameter of it. So they are the
template's own, and no later deployment meets something that it did not make (docs/decisions/0011).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from cdk_standby_review.facts import Fact, Range, recovery_times

from ..clients import ApiError
from ..errors import NotReady
from ..plan import GlobalDatabase, Headless
from ..run import Run
from ._model import Found, Need, Proof
from .stack import SETTLED, StackState, ask_for, stack_state, why_failed

ALL: Final = "all"


@dataclass(frozen=True, slots=True)
class Running:
    """The instances of the cluster, as its Region tells them."""

    members: int
    available: int
    engine: str


@dataclass(frozen=True, slots=True)
class Wake:
    """Ask the data stack for one instance, or for all of them, and wait until they are available."""

    run: Run
    database: GlobalDatabase
    headless: Headless
    to: str

    @property
    def title(self) -> str:
        """Names the step in the journal."""
        return f"wake {self.database.name}" + (" whole" if self.to == ALL else "")

    @property
    def says(self) -> str:
        """What it will do."""
        what = "an instance" if self._wanted == 1 else f"all {self._wanted} instances"
        return f"let {self.headless.stack} make {what} of {self._cluster} in {self._region}, as its template says"

    @property
    def calls(self) -> tuple[str, ...]:
        """The call, as it will be sent."""
        return (
            f"cloudformation:UpdateStack in {self._region} (StackName={self.headless.stack}, "
            f"UsePreviousTemplate=true, {self.headless.parameter}={self.to})",
        )

    @property
    def takes(self) -> Fact[Range] | None:
        """How long AWS takes; nobody waits for readers that come when users have moved."""
        return None if self.to == ALL and self.run.unplanned else recovery_times.AURORA_FIRST_INSTANCE

    @property
    def beside(self) -> bool:
        """It starts when it is sent."""
        return False

    @property
    def limit(self) -> float:
        """Half an hour: twice what an instance is expected to take at most."""
        return 1800.0

    def check(self) -> Found:
        """Whether instances are there, are coming, or have to be asked for."""
        stack, running = self._look()
        if self._stand(stack, running):
            return Found(Need.DONE, self._counted(running))
        if stack.busy and self.run.journal.said("intended", self.title):
            return Found(Need.UNDERWAY, f"{stack.name} is {stack.status} since this run asked for it")
        if not self._afterwards:
            if running.members >= self._wanted:
                return Found(Need.UNDERWAY, self._counted(running))
            self._refuse(stack, running)
        return Found(Need.ACT, self._counted(running))

    def act(self) -> None:
        """Ask once; a stack that has nothing left to do was asked before."""
        try:
            ask_for(self.run.clients, self._region, self._rested(), {self.headless.parameter: self.to}, self._token)
        except ApiError as error:
            if error.code != "ValidationError" or "No updates" not in error.message:
                raise

    def prove(self) -> Proof:
        """They are available."""
        stack, running = self._look()
        if self._stand(stack, running):
            return Proof(True, self._counted(running))
        asked = self.run.journal.said("intended", self.title)
        if asked and (why := why_failed(self.run.clients, self._region, stack, self._token)):
            does = "run this again to try once more" if running.available else self._by_hand(running)
            raise NotReady(f"{stack.name} could not do it: {why}; {does}")
        return Proof(False, f"{self._counted(running)}, {stack.name} is {stack.status}")

    @property
    def _region(self) -> str:
        return self.headless.region

    @property
    def _cluster(self) -> str:
        return self.database.clusters[self._region]

    @property
    def _wanted(self) -> int:
        return self.headless.instances if self.to == ALL else 1

    @property
    def _afterwards(self) -> bool:
        """Whether users are served already: then nothing is worth a refusal of the whole run."""
        return self.to == ALL and self.run.unplanned

    def _counted(self, running: Running) -> str:
        return f"{running.available} of {self._wanted} instances of {self._cluster} available"

    def _stand(self, stack: StackState, running: Running) -> bool:
        """One that somebody made by hand is as good; of all of them, those count that the stack made."""
        made = self.to == ALL and not stack.busy and stack.parameters.get(self.headless.parameter) == ALL
        return running.available >= (1 if made else self._wanted)

    def _rested(self) -> StackState:
        """The stack, once nothing changes it: readers come after the first instance, by another update."""
        until = self.run.clock.elapsed() + self.limit * self.run.pace.patience
        while (stack := self._look()[0]).busy and self.run.clock.elapsed() < until:
            self.run.clock.sleep(self.run.pace.poll)
        return stack

    def _refuse(self, stack: StackState, running: Running) -> None:
        """What would end in no instance is told before anything moves, with what a person can do."""
        parameter = self.headless.parameter
        if stack.busy:
            raise NotReady(
                f"{stack.name} in {self._region} is {stack.status}, and this run did not ask for it; run this again "
                f"when it has ended; or {self._by_hand(running)}"
            )
        if stack.status not in SETTLED:
            raise NotReady(f"{stack.name} in {self._region} is {stack.status or 'missing'}; {self._by_hand(running)}")
        if parameter not in stack.parameters:
            raise NotReady(f"{stack.name} has no parameter {parameter}; give the plan of this deployment")
        if stack.parameters[parameter] != "none" and not running.members:
            raise NotReady(f"{stack.name} made instances, which are gone; {self._by_hand(running)}")

    def _by_hand(self, running: Running) -> str:
        return (
            f"make one by hand (aws rds create-db-instance --region {self._region} --db-cluster-identifier "
            f"{self._cluster} --db-instance-identifier {self._cluster}-by-hand --engine {running.engine} "
            f"--db-instance-class {self.headless.instance_class}), and run this again when it is "
            "available"
        )

    @property
    def _token(self) -> str:
        """By which the stack's events tell this try from others."""
        tries = [r for r in self.run.journal.run if (r["event"], r.get("step")) == ("intended", self.title)]
        begun = self.run.journal.begun or {}
        when = "".join(filter(str.isdigit, str(begun.get("at", ""))))
        return f"cdk-standby-{when}-{self.to}-{len(tries)}"

    def _look(self) -> tuple[StackState, Running]:
        """The stack first: what it has made is there when it says so."""
        stack, rds = (
            stack_state(self.run.clients, self._region, self.headless.stack),
            self.run.clients.rds(self._region),
        )
        [told] = rds.describe_db_clusters(DBClusterIdentifier=self._cluster)["DBClusters"]
        mine = [{"Name": "db-cluster-id", "Values": [self._cluster]}]
        states = [one["DBInstanceStatus"] for one in rds.describe_db_instances(Filters=mine)["DBInstances"]]
        found = Running(members=len(states), available=states.count("available"), engine=str(told.get("Engine", "")))
        return stack, found
