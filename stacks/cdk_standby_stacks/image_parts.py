"""How an image tier becomes a repository at a site."""

from __future__ import annotations

from typing import TYPE_CHECKING

from constructs import Construct

from cdk_standby import ImageReplication, ImageRepository

from .role_parts import accept_of_role
from .sites import Offer, Site

if TYPE_CHECKING:
    from cdk_standby import Service

    from .tiers.images import Images

REPLICATION = "Registry"


def build_images(scope: Construct, tier: Images, site: Site) -> Offer:
    """A repository in every Region, and each registry sends to the others: an image that arrived is not sent on."""
    repository = ImageRepository(
        scope,
        tier.name.capitalize(),
        repository_name=site.names.repository(tier.name),
        key=site.data_key,
        keep_images=tier.keep_images,
    )
    there = scope.node.try_find_child(REPLICATION) is not None
    if site.others and tier.replicated_by is None and not there:
        ImageReplication(scope, REPLICATION, prefixes=[f"{site.names.workload}/"], regions=site.others)

    def admit(service: Service) -> None:
        repository.grant_pull(service)
        accept_of_role(service, "a registry's login names no repository", "Resource::*")

    return Offer(environment={"IMAGES": site.names.repository_uri(tier.name, site.region)}, admit=admit)
