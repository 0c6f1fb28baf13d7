"""How an Aurora global database stands, as one living Region tells it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ..clients import ApiError, Clients
from ..errors import NotReady
from ..plan import GlobalDatabase


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One cluster of the global database."""

    arn: str
    writer: bool
    synchronization: str

    @property
    def region(self) -> str:
        """``arn:partition:rds:REGION:account:cluster:name``."""
        return self.arn.split(":")[3]

    @property
    def cluster(self) -> str:
        """The DB cluster identifier."""
        return self.arn.rsplit(":", 1)[1]


@dataclass(frozen=True, slots=True, kw_only=True)
class GlobalState:
    """Members, and a role change that is under way."""

    name: str
    status: str
    endpoint: str
    members: tuple[Member, ...]
    moving: str
    """pending, switching-over, failing-over, cancelling, or empty."""
    moving_to: str
    """The ARN that becomes writer while `moving`."""

    @property
    def writers(self) -> tuple[Member, ...]:
        """One, unless something is very wrong."""
        return tuple(member for member in self.members if member.writer)

    @property
    def writer_region(self) -> str:
        """Where the writer is; "nowhere" without one."""
        return " and ".join(member.region for member in self.writers) or "nowhere"

    def member(self, region: str, cluster: str) -> Member | None:
        """The cluster the plan names, if it belongs to the global database."""
        found = (member for member in self.members if (member.region, member.cluster) == (region, cluster))
        return next(found, None)


def global_state(clients: Clients, database: GlobalDatabase, region: str) -> GlobalState:
    """Ask one Region.

    Raises:
        NotReady: it does not know the global cluster: nothing was deployed, or the plan is of another deployment.
    """
    name = database.global_cluster
    try:
        found: list[Any] = clients.rds(region).describe_global_clusters(GlobalClusterIdentifier=name)["GlobalClusters"]
    except ApiError as error:
        if error.code == "GlobalClusterNotFoundFault":
            found = []
        else:
            raise
    if not found:
        raise NotReady(
            f"{region} knows no global cluster {name}; deploy the stacks, or give the plan of this deployment"
        )
    return _state(name, found[0])


def _state(name: str, told: Any) -> GlobalState:
    failover: dict[str, str] = told.get("FailoverState") or {}
    return GlobalState(
        name=name,
        status=told.get("Status", ""),
        endpoint=told.get("Endpoint", ""),
        members=tuple(
            Member(
                arn=member["DBClusterArn"],
                writer=bool(member.get("IsWriter")),
                synchronization=member.get("SynchronizationStatus", ""),
            )
            for member in told.get("GlobalClusterMembers", [])
        ),
        moving=failover.get("Status", ""),
        moving_to=failover.get("ToDbClusterArn", ""),
    )


def cluster_status(clients: Clients, database: GlobalDatabase, region: str) -> str:
    """The status of the Region's own cluster; "missing" without one."""
    name = database.clusters[region]
    try:
        answer = clients.rds(region).describe_db_clusters(DBClusterIdentifier=name)
    except ApiError as error:
        if error.code == "DBClusterNotFoundFault":
            return "missing"
        raise
    return str(answer["DBClusters"][0]["Status"]) if answer["DBClusters"] else "missing"
