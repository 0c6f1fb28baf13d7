"""The domain in an account of its own: that one hands the workload's names to the workload's hosted zone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

import aws_cdk as cdk
from aws_cdk import aws_route53 as route53

from .site_stacks import ROUTE_53_HOME, SiteStack

if TYPE_CHECKING:
    from constructs import Construct

    from .deployment import Deployment

NAME_SERVERS_PIN = "cdk-standby:name-servers"
"""Context key, {domain: name servers}: what Route 53 made up for the workload's zone, for the account of the domain."""
NAME_SERVERS_OUTPUT = "NameServers"
TWO_DAYS = "172800"
"""Seconds, as in the NS records that Route 53 makes itself: resolvers keep them through an outage."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ParentZone:
    """The public hosted zone of another account, that holds the domain above the workload's.

    Args:
        account: 12 digits, of the account that owns the domain.
        hosted_zone_id: of the zone that holds a domain above that of the workload, such as example.com.
    """

    account: str
    hosted_zone_id: str


class DelegationStack(SiteStack):
    """In the account of the domain: one record, which says who knows the workload's names.

    Values come as text. Nothing here reads the workload's account, and nothing there can reach this one. A failover
    needs neither: records, health checks and the switch are in the workload's own account.
    """

    def __init__(self, deployment: Deployment, parent: ParentZone, name_servers: Sequence[str]) -> None:
        super().__init__(
            deployment, "delegation", region=ROUTE_53_HOME, account=parent.account, termination_protection=True
        )
        record = route53.CfnRecordSet(
            self,
            "Delegation",
            hosted_zone_id=parent.hosted_zone_id,
            name=deployment.workload.domain,
            type="NS",
            ttl=TWO_DAYS,
            resource_records=list(name_servers),
        )
        record.apply_removal_policy(cdk.RemovalPolicy.RETAIN)  # without it all names of the workload are gone


def build_delegation(deployment: Deployment, parent: ParentZone | None) -> Iterator[cdk.Stack]:
    """The stack of the domain's account, once the name servers are written down."""
    if parent is None:
        return
    name_servers = pinned_name_servers(deployment, deployment.workload.domain)
    if name_servers:
        yield DelegationStack(deployment, parent, name_servers)
    else:
        _say_what_to_write_down(deployment)


def pinned_name_servers(scope: Construct, domain: str) -> list[str]:
    """What the context says of the zone of a domain; nothing before the first deployment."""
    pins: Mapping[str, Any] = scope.node.try_get_context(NAME_SERVERS_PIN) or {}
    return cast("list[str]", pins.get(domain) or [])


def _say_what_to_write_down(deployment: Deployment) -> None:
    domain = deployment.workload.domain
    pin = f'"context": {{"{NAME_SERVERS_PIN}": {{"{domain}": ["<four names>"]}}}}'
    cdk.Annotations.of(deployment).add_warning_v2(
        NAME_SERVERS_PIN,
        f"{deployment.node.path} is not found under {domain} yet. Deploy {deployment.stack_name('dns')}, then commit "
        f"its output {NAME_SERVERS_OUTPUT} to cdk.json as {pin}, and deploy the stack of the domain's account that is "
        "there then. The other stacks come after it: certificates wait until their names are found.",
    )
