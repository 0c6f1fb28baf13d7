"""How a tier of Aurora DSQL becomes a cluster, or a member of one, at a site."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from aws_cdk import Annotations
from aws_cdk import aws_ec2 as ec2
from constructs import Construct

from cdk_standby import DsqlCluster

from .backup_parts import back_up
from .sites import Offer, Site

if TYPE_CHECKING:
    from cdk_standby import Service

    from .tiers.dsql import Dsql

DSQL_PEERS = "cdk-standby:dsql-peers"
"""Context key, {tier: {Region: ARN}}: the members that the first deployment made."""
UNIMPORTED = "cdk-standby:dsql-import"
"""The id by which the warning of a restored cluster is acknowledged."""


def build_dsql(scope: Construct, tier: Dsql, site: Site, *, restored: bool) -> Offer:
    """One Region's cluster, the way in from the site's network, and its backups."""
    peers = None if tier.witness is None else _peers(scope, tier.name, site.region)
    cluster = DsqlCluster(
        scope,
        tier.name.capitalize(),
        key=site.data_key,
        name=site.names.dsql(tier.name),
        witness=tier.witness,
        peers=peers,
        region_set_because=tier.region_set_because,
        alarms=site.alarms,
    )
    if tier.witness is not None and not peers:
        _say_where_to_write(cluster, tier.name, site)
    if restored:
        _say_what_to_import(cluster, site.restored[tier.name])
    door = cluster.private_in(site.vpc)
    back_up(scope, tier.name, site, cluster.cluster_arn)

    def admit(service: Service) -> None:
        """The rule belongs to the service's stack, which may come and go."""
        for group in service.connections.security_groups:
            door.security_group.add_ingress_rule(
                group, ec2.Port.tcp(cluster.endpoint.port), f"from {group.node.path}", True
            )
        cluster.grant_connect(service)

    host = cluster.endpoint.hostname
    return Offer(environment={"WRITER": host, "READER": host}, admit=admit)


def _peers(scope: Construct, tier: str, region: str) -> Mapping[str, str]:
    """The members of the other Regions, by Region, as far as they are written down."""
    written: Mapping[str, Mapping[str, str]] = scope.node.try_get_context(DSQL_PEERS) or {}
    return {other: arn for other, arn in written.get(tier, {}).items() if other != region}


def _say_where_to_write(cluster: DsqlCluster, tier: str, site: Site) -> None:
    Annotations.of(cluster).add_warning_v2(
        "cdk-standby:dsql-peers",
        f"{cluster.node.path} waits for its peer in {site.others[0]}. Deploy both data stacks, then commit their "
        f'outputs to cdk.json as "context": {{"{DSQL_PEERS}": {{"{tier}": {{"{site.region}": "<ARN>", '
        f'"{site.others[0]}": "<ARN>"}}}}}} and deploy both again.',
    )


def _say_what_to_import(cluster: DsqlCluster, point: str) -> None:
    """CloudFormation makes no DSQL cluster from a recovery point."""
    Annotations.of(cluster).add_warning_v2(
        UNIMPORTED,
        f"{cluster.node.path} is made empty when it is deployed like this. Restore {point} with AWS Backup first, and "
        "bring the restored cluster in by `cdk import` under this id; then deploy.",
    )
