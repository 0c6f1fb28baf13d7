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
        return self._title(self.to)

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
        stack, running = self._stack(), self._running()  # what the stack has made is there when it says so
        if self._stand(running, stack):
            return Found(Need.DONE, f"{self._cluster} has {running.available} available instances")
        if stack.busy and not self._asked():
            raise NotReady(
                f"{stack.name} in {self._region} is {stack.status}, and this run did not ask for it; "
                "run this again when it has ended"
            )
        if stack.busy and self._asked(self.to):
            return Found(Need.UNDERWAY, f"{stack.name} is {stack.status} since this run asked for it")
        if self.to != ALL:
            if running.members:
                return Found(Need.UNDERWAY, f"{self._cluster} has {running.members} instances, none of them available")
            self._refuse(stack, running)
        return Found(Need.ACT, f"{self._cluster} has {running.available} available instances")

    def act(self) -> None:
        """Ask once; a stack that is at it, or has nothing left to do, was asked before."""
        stack = self._stack()
        try:
            ask_for(self.run.clients, self._region, stack, {self.headless.parameter: self.to}, self._token)
        except ApiError as error:
            said = error.message
            if error.code != "ValidationError" or not ("No updates" in said or "_IN_PROGRESS" in said):
                raise

    def prove(self) -> Proof:
        """They are available, and the stack has come to rest."""
        stack, running = self._stack(), self._running()
        counted = f"{running.available} of {self._wanted} instances of {self._cluster} available"
        if self._stand(running, stack):
            return Proof(True, counted)
        if self._asked(self.to) and (why := why_failed(self.run.clients, self._region, stack, self._token)):
            raise NotReady(f"{stack.name} could not make {self._wanted} of them: {why}; {self._by_hand(running)}")
        return Proof(False, f"{counted}, {stack.name} is {stack.status}")

    @property
    def _region(self) -> str:
        return self.headless.region

    @property
    def _cluster(self) -> str:
        return self.database.clusters[self._region]

    @property
    def _wanted(self) -> int:
        return self.headless.instances if self.to == ALL else 1

    def _title(self, to: str) -> str:
        return f"wake {self.database.name}" + (" whole" if to == ALL else "")

    def _stand(self, running: Running, stack: StackState) -> bool:
        """One that somebody made by hand is as good; of all of them, those count that the stack made."""
        told = self.to == ALL and stack.parameters.get(self.headless.parameter) == ALL
        enough = running.available >= self._wanted or (told and running.available > 0)
        return enough and not stack.busy

    def _refuse(self, stack: StackState, running: Running) -> None:
        """What would end in no instance is told before anything moves, with what a person can do."""
        parameter = self.headless.parameter
        if stack.status not in SETTLED:
            raise NotReady(f"{stack.name} in {self._region} is {stack.status or 'missing'}; {self._by_hand(running)}")
        if parameter not in stack.parameters:
            raise NotReady(f"{stack.name} has no parameter {parameter}; give the plan of this deployment")
        if stack.parameters[parameter] != "none":
            raise NotReady(f"{stack.name} made instances, which are gone; {self._by_hand(running)}")

    def _by_hand(self, running: Running) -> str:
        return (
            f"make one by hand (aws rds create-db-instance --region {self._region} --db-cluster-identifier "
            f"{self._cluster} --db-instance-identifier {self._cluster}-by-hand --engine {running.engine} "
            f"--db-instance-class {self.headless.instance_class}), and run this again when it is "
            "available"
        )

    def _asked(self, *only: str) -> bool:
        titles = [self._title(to) for to in only or ("one", ALL)]
        return any(self.run.journal.said("intended", title) for title in titles)

    @property
    def _token(self) -> str:
        """By which the stack's events tell this try from others."""
        tries = [r for r in self.run.journal.run if (r["event"], r.get("step")) == ("intended", self.title)]
        begun = self.run.journal.begun or {}
        when = "".join(filter(str.isdigit, str(begun.get("at", ""))))
        return f"cdk-standby-{when}-{self.to}-{len(tries)}"

    def _running(self) -> Running:
        rds = self.run.clients.rds(self._region)
        [told] = rds.describe_db_clusters(DBClusterIdentifier=self._cluster)["DBClusters"]
        mine = [{"Name": "db-cluster-id", "Values": [self._cluster]}]
        states = [one["DBInstanceStatus"] for one in rds.describe_db_instances(Filters=mine)["DBInstances"]]
        return Running(members=len(states), available=states.count("available"), engine=str(told.get("Engine", "")))

    def _stack(self) -> StackState:
        return stack_state(self.run.clients, self._region, self.headless.stack)
