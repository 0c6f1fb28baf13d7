"""Listeners of an Application Load Balancer, the rules on them, and who has to sign in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from aws_cdk import aws_certificatemanager as acm
from aws_cdk import aws_elasticloadbalancingv2 as elb

from cdk_standby_review.facts import Fact
from cdk_standby_review.facts import elb as facts

from .._checks import Problem, shown
from .._tokens import is_token
from ..relational._parts import NIST, accept
from ._certificates import use_policy
from ._health_rules import unknown_values
from .application_targets import ApplicationTargets
from .function_targets import FunctionTargets

Targets = ApplicationTargets | FunctionTargets
SignIn = Callable[[elb.ListenerAction], elb.ListenerAction]
_NO_TLS = "the construct carries the written reason ('http_only_because')"
_REDIRECT = "it answers nothing but a redirect to the HTTPS listener, which has the certificate"


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """Requests that go to targets of their own."""

    priority: int
    """1 to 50000, unique in the load balancer; lower ones are tried first."""
    targets: Targets
    """Who answers."""
    hosts: Sequence[str] = ()
    """Names such as ``api.example.com``, with ``*`` and ``?``; left out: any."""
    paths: Sequence[str] = ()
    """Paths such as ``/api/*``, with ``*`` and ``?``; left out: any."""
    conditions: Sequence[elb.ListenerCondition] = ()
    """Others of the CDK, by header, query, method or address; left out: none."""
    public: bool = False
    """True asks nobody to sign in here, where the load balancer otherwise does."""

    @property
    def rendered(self) -> list[elb.ListenerCondition]:
        """All conditions."""
        hosts = [elb.ListenerCondition.host_headers(list(self.hosts))] if self.hosts else []
        paths = [elb.ListenerCondition.path_patterns(list(self.paths))] if self.paths else []
        return [*hosts, *paths, *self.conditions]


def route_problems(where: str, routes: Sequence[Route]) -> Iterator[Problem]:
    """Priorities that are taken or out of range, and rules with too few or too many values."""
    times = Counter(route.priority for route in routes)
    for priority, count in times.items():
        if count > 1:
            got = f"{priority} of {count} routes"
            yield _problem(where, "routes.priority", got, "another number for each", facts.PRIORITY)
        yield from unknown_values(where, {"routes.priority": priority})
        if not is_token(priority) and priority not in facts.PRIORITY.value:
            yield _problem(where, "routes.priority", shown(priority), str(facts.PRIORITY.value), facts.PRIORITY)
    for route in routes:
        values, others = len(route.hosts) + len(route.paths), bool(route.conditions)
        if values > facts.CONDITION_VALUES.value.high or (values < 1 and not others):
            allowed = "1 to 5 'hosts' and 'paths', or 'conditions'"
            got = f"{values} values of the route {route.priority}"
            yield _problem(where, "routes", got, allowed, facts.CONDITION_VALUES)
        for path in route.paths:
            if not is_token(path) and not path.startswith(("/", "*")):
                yield _problem(where, "routes.paths", shown(path), "a path such as '/api/*'", facts.ROUTE_PATHS)


def _problem(where: str, option: str, got: str, allowed: str, fact: Fact[Any]) -> Problem:
    return Problem(where=where, option=option, got=got, allowed=allowed, why=fact.says, source=fact.source)


def listen(
    balancer: elb.ApplicationLoadBalancer,
    targets: Targets,
    routes: Sequence[Route],
    *,
    certificates: Sequence[acm.ICertificate],
    policy: str,
    sign_in: SignIn | None,
) -> elb.ApplicationListener:
    """HTTPS with a redirect from HTTP; without a certificate HTTP alone."""
    listener = _https(balancer, targets, certificates, policy, sign_in) if certificates else _http(balancer, targets)
    for route in routes:
        elb.ApplicationListenerRule(
            listener,
            f"Route-{route.priority}",
            listener=listener,
            priority=route.priority,
            conditions=route.rendered,
            action=_action(route.targets, None if route.public else sign_in),
        )
    return listener


def _http(balancer: elb.ApplicationLoadBalancer, targets: Targets) -> elb.ApplicationListener:
    http = balancer.add_listener(
        "Http",
        port=80,
        protocol=elb.ApplicationProtocol.HTTP,
        open=False,
        default_action=_action(targets, None),
    )
    accept(http, _NO_TLS, NIST + "ALBHttpToHttpsRedirection", NIST + "ELBv2ACMCertificateRequired")
    return http


def _https(
    balancer: elb.ApplicationLoadBalancer,
    targets: Targets,
    certificates: Sequence[acm.ICertificate],
    policy: str,
    sign_in: SignIn | None,
) -> elb.ApplicationListener:
    redirect = elb.ListenerAction.redirect(protocol="HTTPS", port="443", permanent=True)
    http = balancer.add_listener(
        "Http", port=80, protocol=elb.ApplicationProtocol.HTTP, open=False, default_action=redirect
    )
    accept(http, _REDIRECT, NIST + "ELBv2ACMCertificateRequired")
    https = balancer.add_listener(
        "Https",
        port=443,
        protocol=elb.ApplicationProtocol.HTTPS,
        open=False,
        certificates=[elb.ListenerCertificate.from_certificate_manager(one) for one in certificates],
        ssl_policy=elb.SslPolicy.RECOMMENDED_TLS,
        default_action=_action(targets, sign_in),
    )
    use_policy(https, policy)
    return https


def _action(targets: Targets, sign_in: SignIn | None) -> elb.ListenerAction:
    forward = elb.ListenerAction.forward([targets.target_group])
    return forward if sign_in is None else sign_in(forward)
