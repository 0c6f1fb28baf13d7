"""Where a Network Load Balancer listens."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from aws_cdk import aws_certificatemanager as acm
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_elasticloadbalancingv2 as elb

from cdk_standby_review.facts import Fact
from cdk_standby_review.facts import elb as elb_facts
from cdk_standby_review.facts import elb_network as facts

from .._checks import Problem, shown
from .._tokens import is_token
from ..relational._parts import NIST, accept
from ._certificates import TLS_POLICY, use_policy
from ._health_rules import unknown_values
from .balancer_targets import BalancerTargets
from .network_targets import NetworkTargets

_PASSED_ON = "what it passes on is encrypted end to end, or is no TLS at all: the certificate is the targets' affair"


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkPort:
    """A port on which a `NetworkBalancer` listens, and who answers there."""

    port: int
    """1 to 65535, each once: TCP and UDP on one port are `"TCP_UDP"`."""
    targets: NetworkTargets | BalancerTargets
    """Who answers."""
    certificate: acm.ICertificate | None = None
    """Ends TLS at the load balancer, with a certificate of its Region; left out: what comes in is passed on."""
    tls_policy: str = TLS_POLICY
    """A security policy of AWS by its name; left out: TLS 1.3, and 1.2 with forward secrecy."""

    @property
    def spoken(self) -> str:
        """What clients speak here."""
        return self.targets.protocol if self.certificate is None else "TLS"

    @property
    def opened(self) -> tuple[ec2.Port, ...]:
        """What the security group lets in."""
        tcp, udp = ec2.Port.tcp(self.port), ec2.Port.udp(self.port)
        return {"UDP": (udp,), "TCP_UDP": (tcp, udp)}.get(self.spoken, (tcp,))


def port_problems(where: str, ports: Sequence[NetworkPort]) -> Iterator[Problem]:
    """Ports that are none, or taken, or speak what their targets do not."""
    if not ports:
        yield _problem(where, "ports", "empty", "one port or more", facts.PROTOCOLS)
    times = Counter(port.port for port in ports)
    for number, count in times.items():
        if count > 1:
            allowed = "each port once, with 'TCP_UDP' for both"
            yield _problem(where, "ports.port", f"{number} of {count} listeners", allowed, facts.LISTENER_TARGETS)
        yield from unknown_values(where, {"ports.port": number})
        if not is_token(number) and number not in elb_facts.PORT.value:
            yield _problem(where, "ports.port", shown(number), str(elb_facts.PORT.value), elb_facts.PORT)
    for port in ports:
        if port.certificate is None and port.targets.protocol == "TLS":
            got = f"none on {port.port}, whose targets speak TLS to the load balancer"
            allowed = "a certificate, or targets with TCP that end TLS themselves"
            yield _problem(where, "ports.certificate", got, allowed, facts.LISTENER_TARGETS)
        elif port.targets.protocol not in facts.LISTENER_TARGETS.value[port.spoken]:
            got = f"given on {port.port}, whose targets take {port.targets.protocol}"
            yield _problem(where, "ports.certificate", got, "targets with TCP or TLS", facts.LISTENER_TARGETS)
        elif port.spoken == "TLS" and port.targets.sticky:
            got = f"given on {port.port}, whose targets are sticky"
            yield _problem(where, "ports.certificate", got, "targets without 'sticky'", facts.STICKY)


def listen(balancer: elb.NetworkLoadBalancer, ports: Sequence[NetworkPort]) -> dict[int, elb.NetworkListener]:
    """A listener for each port, by its number."""
    return {port.port: _listener(balancer, port) for port in ports}


def _listener(balancer: elb.NetworkLoadBalancer, port: NetworkPort) -> elb.NetworkListener:
    ends = port.certificate is not None
    listener = balancer.add_listener(
        f"Port-{port.port}",
        port=port.port,
        protocol=elb.Protocol[port.spoken],
        certificates=[elb.ListenerCertificate.from_certificate_manager(port.certificate)] if port.certificate else None,
        ssl_policy=elb.SslPolicy.RECOMMENDED_TLS if ends else None,
        default_target_groups=[port.targets.target_group],
    )
    if ends:
        use_policy(listener, port.tls_policy)
    else:
        accept(listener, _PASSED_ON, NIST + "ELBv2ACMCertificateRequired")
    return listener


def _problem(where: str, option: str, got: str, allowed: str, fact: Fact[Any]) -> Problem:
    return Problem(where=where, option=option, got=got, allowed=allowed, why=fact.says, source=fact.source)
