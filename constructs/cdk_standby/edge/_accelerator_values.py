"""What an accelerator is told: endpoints, and what its dials mean."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from .._tokens import is_token


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceleratorEndpoint:
    """What takes connections in one Region.

    Ids are text: AWS invents them, and no template may read another Region's in order to deploy. Pin them in the app.
    """

    id: str
    """ARN of an application or network load balancer, allocation id of an Elastic IP address, or id of an instance."""
    weight: int = 128
    """Share among the endpoints of its Region, 0 to 255; 0 takes it out, on failover too; left out: 128."""
    keep_client_ip: bool | None = None
    """Whether the endpoint sees the client's address; None: application load balancers and instances do, of others it
    is left to AWS. Of network load balancers only those with security groups and without a TLS listener can."""

    @property
    def is_balancer(self) -> bool:
        """As far as the id tells."""
        return ":loadbalancer/" in self.id

    @property
    def keeps_client_ip(self) -> bool | None:
        """What is meant when nothing was said."""
        can = True if ":loadbalancer/app/" in self.id or self.id.startswith("i-") else None
        return can if self.keep_client_ip is None else self.keep_client_ip


class Dials(NamedTuple):
    """What the dials and weights of an accelerator mean for its Regions."""

    dials: Mapping[str, float]
    """Percent, by Region."""
    serving: tuple[str, ...]
    """The Regions with an endpoint of a weight above 0."""

    @property
    def taking(self) -> tuple[str, ...]:
        """The Regions that get traffic while all are healthy."""
        return tuple(region for region in self.serving if is_token(self.dials[region]) or self.dials[region] > 0)

    @property
    def waiting(self) -> tuple[str, ...]:
        """The Regions whose dial is 0: they get nothing, until another Region is lost."""
        return tuple(region for region in self.serving if region not in self.taking)

    def without(self, *lost: str) -> tuple[str, ...]:
        """The Regions that may get the traffic when others have no healthy endpoint: dials are ignored then.

        Nobody: traffic goes to the lost ones all the same, since an accelerator fails open.
        """
        return tuple(region for region in self.serving if region not in lost)
