"""Users are led only where somebody can write: a read replica of RDS is promoted by a person, before anything moves."""

from __future__ import annotations

from dataclasses import dataclass

from ..clients import ApiError
from ..errors import NotReady
from ..plan import ReplicatedInstance
from ._model import Found, Looking, Need, Proof

AVAILABLE = "available"


@dataclass(frozen=True, slots=True)
class Instance:
    """One DB instance, as its own Region tells it."""

    status: str
    """``missing`` when there is none of that name."""
    source: str
    """The identifier of the one that it follows; empty when it stands for itself."""


@dataclass(frozen=True, slots=True)
class Promoted(Looking):
    """Refuse to go on while the instance that users are led to follows another one, or holds what is old.

    RDS promotes for ever, and stops nobody from writing to the old instance: that somebody has seen to it is not for a
    program to guess.
    """

    database: ReplicatedInstance

    @property
    def title(self) -> str:
        """Names the step in the journal."""
        return f"confirm {self.database.name}"

    @property
    def says(self) -> str:
        """What it will do."""
        return f"look whether {self._here} in {self.run.to} takes writes: a person promotes it, this run does not"

    def check(self) -> Found:
        """Asked before anything moves."""
        if self.run.to != self.database.follows_in:
            return self._back()
        found = self._instance(self.run.to)
        if found.source:
            raise NotReady(
                f"{self._here} in {self.run.to} follows {found.source} still, and takes no writes; make sure that "
                f"nobody writes to {found.source} any more, promote it (aws rds promote-read-replica --region "
                f"{self.run.to} --db-instance-identifier {self._here}), and run this again"
            )
        if found.status != AVAILABLE:
            raise NotReady(f"{self._here} in {self.run.to} is {found.status}; run this again when it is available")
        return Found(Need.DONE, f"{self._here} in {self.run.to} stands for itself")

    def prove(self) -> Proof:
        """The same, once more."""
        return Proof(True, self.check().says)

    @property
    def _here(self) -> str:
        return self.database.instances[self.run.to]

    def _back(self) -> Found:
        """To the instance that was followed: it is behind as soon as its replica was promoted."""
        follower = self.database.instances[self.run.away]
        if not self.run.unplanned and self._instance(self.run.away).source == self._here:
            return Found(Need.DONE, f"{follower} in {self.run.away} follows {self._here} still")
        raise NotReady(
            f"{self._here} in {self.run.to} does not have what was written to {follower} since that was promoted, and "
            f"never will: make a new replica in {self.run.to} (one more 'generation' of the tier, and a deployment), "
            "promote that, and run this again"
        )

    def _instance(self, region: str) -> Instance:
        name = self.database.instances[region]
        try:
            [told] = self.run.clients.rds(region).describe_db_instances(DBInstanceIdentifier=name)["DBInstances"]
        except ApiError as error:
            if error.code != "DBInstanceNotFound":
                raise
            raise NotReady(
                f"{region} knows no instance {name}; deploy the stacks, or give the plan of this deployment"
            ) from None
        source = str(told.get("ReadReplicaSourceDBInstanceIdentifier") or "")
        return Instance(status=str(told["DBInstanceStatus"]), source=source.rpartition(":")[2])
