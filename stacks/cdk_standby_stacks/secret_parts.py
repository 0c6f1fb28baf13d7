"""How a secret tier becomes a secret, or the reader of a copy of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from constructs import Construct

from cdk_standby import AppSecret, SecretReplica

from .sites import Home, Offer, Site

if TYPE_CHECKING:
    from cdk_standby import Service

    from .tiers.secrets import Secret


def build_secret(scope: Construct, tier: Secret, site: Site) -> Offer:
    """Made where the data was born, and read by name everywhere else: also once that Region is lost."""
    name = site.names.secret(tier.name)
    secret = _made(scope, tier, site) if site.home is Home.PRIMARY else None
    read = None if secret else AppSecret.from_name(scope, tier.name.capitalize(), name=name, key=site.data_key)

    def admit(service: Service) -> None:
        if secret:
            secret.grant_read(service)
        elif read:
            read.grant_read(service)

    return Offer(environment={"SECRET": name}, admit=admit)


def _made(scope: Construct, tier: Secret, site: Site) -> AppSecret:
    return AppSecret(
        scope,
        tier.name.capitalize(),
        key=site.data_key,
        name=site.names.secret(tier.name),
        replicas=[SecretReplica(region=other, key=site.names.data_key_alias(other)) for other in site.others],
        fields=dict(tier.fields) or None,
        generated_field=tier.generated_field,
    )
