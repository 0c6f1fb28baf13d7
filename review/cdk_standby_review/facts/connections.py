"""Transit gateways, firewalls, resolvers, client VPNs and directories: what stands in which zone."""

from __future__ import annotations

from ._made import documented, spans

TRANSIT = spans("a transit gateway spans the zones of its Region", "vpc/latest/tgw/how-transit-gateways-work.html")
ATTACHED = spans(
    "an attachment reaches what is in the zones of its subnets, and no other", "vpc/latest/tgw/tgw-vpc-attachments.html"
)
FIREWALL = spans(
    "a firewall has an endpoint in each zone, and traffic of a zone goes through its own",
    "network-firewall/latest/developerguide/high-level-steps.html",
)
RESOLVER = spans(
    "addresses in two zones or more answer names", "Route53/latest/DeveloperGuide/resolver-availability-scaling.html"
)
CLIENT_VPN = spans(
    "a client VPN endpoint is reached over the zones of its associations", "vpn/latest/clientvpn-admin/what-is.html"
)
DIRECTORY = spans(
    "a directory has a domain controller in each of two zones",
    "directoryservice/latest/admin-guide/ms_ad_deploy_additional_dcs.html",
)
DAILY = documented(
    0, 86_400, "snapshots of a directory are taken once a day",
    "directoryservice/latest/admin-guide/ms_ad_snapshots.html",
)  # fmt: skip
