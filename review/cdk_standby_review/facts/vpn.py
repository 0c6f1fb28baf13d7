"""AWS Site-to-Site VPN: tunnels, devices, routes."""

from __future__ import annotations

from ._model import Confidence, Fact, Range

_DATE = "2026-11-21"
_GUIDE = "https://docs.aws.amazon.com/vpn/latest/s2svpn/"

TUNNELS = Fact(
    value=2,
    unit="tunnels",
    says="each connection has two tunnels, which end in different zones, and AWS takes one down for maintenance",
    source=_GUIDE + "VPNTunnels.html",
    date=_DATE,
)
DEVICES = Fact(
    value=2,
    unit="customer gateway devices",
    says="both tunnels of a connection end at one device of yours, and are lost with it",
    source=_GUIDE + "vpn-redundant-connection.html",
    date=_DATE,
)
ASN = Fact(
    value=Range(1, 4294967295),
    unit="autonomous system number",
    says="BGP knows systems by numbers of 32 bits",
    source=_GUIDE + "cgw-options.html",
    date=_DATE,
)
AMAZON_ASN = Fact(
    value=(Range(64512, 65534), Range(4200000000, 4294967294)),
    unit="autonomous system number",
    says="the Amazon side has a private number, other than those of the devices",
    source="https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateVpnGateway.html",
    date=_DATE,
)
STATIC_ROUTES = Fact(
    value=Range(1, 100),
    unit="routes",
    says="a route table takes 100 propagated routes, and a connection without BGP needs to be told its routes",
    source=_GUIDE + "vpn-limits.html",
    date=_DATE,
    confidence=Confidence.ASSUMED,
)
STATE = Fact(
    value=1,
    unit="TunnelState",
    says="1 says that both tunnels are up, a value between 0 and 1 that one is not",
    source=_GUIDE + "monitoring-cloudwatch-vpn.html",
    date=_DATE,
)
