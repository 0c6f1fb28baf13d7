"""How a table tier becomes a global table, or the part of one that a Region has."""

from __future__ import annotations

from typing import TYPE_CHECKING

from constructs import Construct

from cdk_standby import Replica, TableReplica
from cdk_standby import Table as GlobalTable

from .backup_parts import back_up
from .sites import Offer, Site
from .tiers._tier import Kind

if TYPE_CHECKING:
    from cdk_standby import Service

    from .tiers.table import Table


def build_table(scope: Construct, tier: Table, site: Site) -> Offer:
    """CloudFormation has one resource for a table and all its replicas: it stands where the data was born."""
    table = _table(scope, tier, site) if site.owns(Kind.TABLE) else _replica(scope, tier, site)
    back_up(scope, tier.name, site, table.table_arn)

    def admit(service: Service) -> None:
        table.grant_read_write(service)

    return Offer(environment={"TABLE": site.names.table(tier.name)}, admit=admit)


def _table(scope: Construct, tier: Table, site: Site) -> GlobalTable:
    return GlobalTable(
        scope,
        tier.name.capitalize(),
        table_name=site.names.table(tier.name),
        partition_key=tier.partition_key,
        sort_key=tier.sort_key,
        key=site.data_key,
        replicas=[Replica(region=other, key=site.names.data_key_alias(other)) for other in site.beside[Kind.TABLE]],
        consistency=tier.consistency,
        witness=tier.witness,
        capacity=tier.capacity,
        global_indexes=tier.global_indexes,
        local_indexes=tier.local_indexes,
        ttl=tier.ttl,
        alarms=site.alarms,
    )


def _replica(scope: Construct, tier: Table, site: Site) -> TableReplica:
    return TableReplica(
        scope,
        tier.name.capitalize(),
        table_name=site.names.table(tier.name),
        key=site.data_key,
        replicates_to=site.beside[Kind.TABLE] if tier.consistency == "eventual" else (),
        global_indexes=[index.name for index in tier.global_indexes],
        local_indexes=[index.name for index in tier.local_indexes],
        alarms=site.alarms,
    )
