"""Transit gateways, firewalls, resolvers, client VPNs and directories: the network beyond a VPC's own."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from ..facts import Fact, Range
from ..facts import connections as facts
from ..facts import recovery_times as times
from ..graph import Graph, Resource
from ..outcomes import Case, Judgement, by_runbook, lost, survives, unknown
from ..placement import of_subnets, subnets_of
from ..plain import list_of
from ._by_fault import ByFault, copies_alone, goes_on, out_of_reach
from ._judge import Judge, plumbing

Subnets = Callable[[Graph, Resource], Iterable[Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class InItsZones:
    """What stands in the zones of its subnets, and answers while one of them is left."""

    what: str
    fact: Fact[Range]
    subnets: Subnets

    def judge(self) -> Judge:
        """The judge of its type."""
        return ByFault(instance=goes_on(self.fact), zone=self.zone, region=self.region)

    def zone(self, graph: Graph, resource: Resource, case: Case) -> Judgement:
        """A zone is lost."""
        placed = of_subnets(graph, list(self.subnets(graph, resource)))
        if not placed.known:
            return unknown("its subnets are not in the templates, so its zones are not known")
        if away := out_of_reach(placed, case):
            return away
        if placed.spread:
            return survives(self.fact.says, self.fact, zones=placed.zones)
        return lost(f"{self.what} stands in one zone", times.ONE_ZONE, zones=placed.zones)

    def region(self, graph: Graph, resource: Resource, case: Case) -> Judgement:
        """A Region is lost."""
        return plumbing(graph, resource, case, self.what)


def _own(_graph: Graph, resource: Resource) -> Iterable[Any]:
    return subnets_of(resource)


def _addresses(_graph: Graph, resource: Resource) -> Iterable[Any]:
    return [address.get("SubnetId") for address in resource.items("IpAddresses")]


def _associated(graph: Graph, resource: Resource) -> Iterable[Any]:
    found = graph.users_of(resource, "AWS::EC2::ClientVpnTargetNetworkAssociation")
    return [association.get("SubnetId") for association in found]


def _gateway_region(graph: Graph, resource: Resource, case: Case) -> Judgement:
    return plumbing(graph, resource, case, "the transit gateway")


def _directory_zone(graph: Graph, resource: Resource, case: Case) -> Judgement:
    placed = of_subnets(graph, list_of(resource.get("VpcSettings", "SubnetIds")))
    return out_of_reach(placed, case) or survives(facts.DIRECTORY.says, facts.DIRECTORY, zones=placed.zones)


def _directory_deletion(_graph: Graph, _resource: Resource, _case: Case) -> Judgement:
    return by_runbook("restored from a snapshot, as a whole", times.RESTORE, facts.DAILY)


_ATTACHMENT = InItsZones(what="the attachment", fact=facts.ATTACHED, subnets=_own).judge()
_DIRECTORY = ByFault(
    instance=goes_on(facts.DIRECTORY), zone=_directory_zone, region=copies_alone(), deletion=_directory_deletion
)
JUDGES: dict[str, Judge] = {
    "AWS::DirectoryService::MicrosoftAD": _DIRECTORY,
    "AWS::DirectoryService::SimpleAD": _DIRECTORY,
    "AWS::EC2::ClientVpnEndpoint": InItsZones(
        what="the client VPN", fact=facts.CLIENT_VPN, subnets=_associated
    ).judge(),
    "AWS::EC2::TransitGateway": ByFault(
        instance=goes_on(facts.TRANSIT), zone=goes_on(facts.TRANSIT), region=_gateway_region
    ),
    "AWS::EC2::TransitGatewayAttachment": _ATTACHMENT,
    "AWS::EC2::TransitGatewayVpcAttachment": _ATTACHMENT,
    "AWS::NetworkFirewall::Firewall": InItsZones(what="the firewall", fact=facts.FIREWALL, subnets=_own).judge(),
    "AWS::Route53Resolver::ResolverEndpoint": InItsZones(
        what="the endpoint", fact=facts.RESOLVER, subnets=_addresses
    ).judge(),
}
