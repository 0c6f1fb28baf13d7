"""How a cache tier becomes a replication group at a site."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_cdk import Tags
from constructs import Construct

from cdk_standby import ValkeyCache
from cdk_standby_review.knowledge.elasticache import MADE_ANEW

from .sites import Offer, Site

if TYPE_CHECKING:
    from cdk_standby import Service

    from .tiers.cache import Valkey


def build_cache(scope: Construct, tier: Valkey, site: Site) -> Offer:
    """One Region's cache."""
    cache = ValkeyCache(
        scope,
        tier.name.capitalize(),
        vpc=site.vpc,
        key=site.data_key,
        version=tier.version,
        node_type=tier.node_type,
        replicas=tier.replicas,
        cluster_mode="enabled" if tier.shards > 1 else None,
        shards=tier.shards if tier.shards > 1 else None,
        name=site.names.cache(tier.name, site.region),
        alarms=site.alarms,
    )

    Tags.of(cache.cache).add(MADE_ANEW, "its content comes from the stores of record")

    def admit(service: Service) -> None:
        cache.let_in(service)
        cache.grant_connect(service)

    return Offer(environment={"ENDPOINT": cache.endpoint.socket_address}, admit=admit)
