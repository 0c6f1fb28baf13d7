"""Who stands for whom in another Region of the same deployment, found without looking at everybody each time."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .graph import Resource

Place = tuple[int, str]
"""A deployment, and a type in it."""


class Twins:
    """Resources by deployment, type, Region and logical id."""

    def __init__(self, resources: Iterable[Resource], deployment_of: Callable[[Resource], int]) -> None:
        """Sort the resources; those whose Region nobody knows stand for nobody.

        Args:
            resources: All of them, in their order.
            deployment_of: The number of a resource's deployment.
        """
        self._deployment_of = deployment_of
        self._placed: dict[Place, list[Resource]] = defaultdict(list)
        self._by_id: dict[tuple[Place, str], list[Resource]] = defaultdict(list)
        self._standing: Counter[tuple[Place, str]] = Counter()
        self._of_type: Counter[tuple[str, str]] = Counter()
        for resource in resources:
            self._of_type[resource.type, resource.region] += 1
            if resource.region:
                place = (deployment_of(resource), resource.type)
                self._placed[place].append(resource)
                self._by_id[place, resource.logical_id].append(resource)
                self._standing[place, resource.region] += 1

    def of(self, resource: Resource) -> Resource | None:
        """The one with the same logical id in another Region, or the only one of its type there."""
        place = (self._deployment_of(resource), resource.type)
        for other in self._by_id.get((place, resource.logical_id), ()):
            if other.region != resource.region:
                return other
        elsewhere = self._placed.get(place, [])
        alone = self._of_type[resource.type, resource.region] == 1
        if not alone or len(elsewhere) - self._standing[place, resource.region] != 1:
            return None
        return next(other for other in elsewhere if other.region != resource.region)
