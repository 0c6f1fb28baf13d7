"""Certificates and TLS policies: of the right Region, and no older than TLS 1.2."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from aws_cdk import aws_certificatemanager as acm
from aws_cdk import aws_elasticloadbalancingv2 as elb

from cdk_standby_review.facts import elb_network as facts

from .._checks import Problem, shown
from .._tokens import is_token

TLS_POLICY = "ELBSecurityPolicy-TLS13-1-2-2021-06"
"""What AWS recommends: TLS 1.3, and 1.2 with forward secrecy."""
ONLY_TLS_13 = "cdk-standby:only-tls-1-3"
"""The id by which the warning about TLS 1.3 alone is acknowledged."""
WHY_NOT_ONLY = "Route 53's health checkers do not speak TLS 1.3: a record that asks here by HTTPS never becomes healthy"


def certificate_problems(
    where: str, region: str, certificates: Mapping[str, acm.ICertificate | None]
) -> Iterator[Problem]:
    """Certificates of another Region than the load balancer's."""
    for option, certificate in certificates.items():
        there = None if certificate is None else _region_of(certificate)
        if there is not None and not is_token(region) and there != region:
            yield Problem(
                where=where,
                option=option,
                got=f"a certificate of {there}",
                allowed=f"one of {region}, where the load balancer is",
                why=facts.CERTIFICATES.says,
                source=facts.CERTIFICATES.source,
            )


def policy_problems(where: str, policies: Mapping[str, str], old_tls_because: str | None) -> Iterator[Problem]:
    """TLS policies that AWS does not have, or that speak what is too old."""
    for option, policy in policies.items():
        old = policy in facts.OLD_TLS_POLICIES.value
        if is_token(policy) or policy in facts.TLS_POLICIES.value or (old and old_tls_because is not None):
            continue
        allowed = "a policy of TLS 1.2 or newer, or 'old_tls_because' with the reason" if old else _KNOWN
        fact = facts.OLD_TLS_POLICIES if old else facts.TLS_POLICIES
        yield Problem(where=where, option=option, got=shown(policy), allowed=allowed, why=fact.says, source=fact.source)


def only_tls_13(policy: str) -> bool:
    """Whether a policy speaks nothing older than TLS 1.3."""
    return "TLS13-1-3" in policy


def use_policy(listener: elb.ApplicationListener | elb.NetworkListener, policy: str) -> None:
    """Render the policy by its name: AWS adds some between two releases of the CDK."""
    resource = listener.node.default_child
    assert isinstance(resource, elb.CfnListener)
    resource.ssl_policy = policy


def _region_of(certificate: acm.ICertificate) -> str | None:
    """By its ARN or, where that is a token, by its stack; None when nobody knows."""
    arn = certificate.certificate_arn
    if not is_token(arn):
        parts = arn.split(":")
        return parts[3] if len(parts) > 5 and parts[3] else None
    there = certificate.env.region
    return None if is_token(there) else there


_KNOWN = f"a policy of AWS such as '{TLS_POLICY}'"
