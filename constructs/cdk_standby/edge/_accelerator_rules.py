"""What the options of an accelerator must be."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any

from cdk_standby_review.facts import Fact
from cdk_standby_review.facts import globalaccelerator as facts

from .._checks import Options, Problem, Rule, one_of, shown, within
from .._regions import unknown_region
from .._tokens import is_token
from ._accelerator_values import AcceleratorEndpoint

_ENDPOINT = re.compile(
    r"arn:[a-z-]+:elasticloadbalancing:[a-z0-9-]+:\d{12}:loadbalancer/(app|net)/.+|eipalloc-[0-9a-f]+|i-[0-9a-f]+"
)


def _rule(option: str, broken: Callable[[Options], bool], allowed: str, fact: Fact[Any], *reads: str) -> Rule:
    return Rule(option=option, broken=broken, allowed=allowed, why=fact.says, source=fact.source, reads=reads)


def serving(endpoints: dict[str, list[AcceleratorEndpoint]]) -> list[str]:
    """The Regions that can get traffic at all: those with an endpoint of a weight above 0."""
    return [region for region, group in endpoints.items() if any(is_token(e.weight) or e.weight > 0 for e in group)]


def _one_region(options: Options) -> bool:
    return (len(serving(options["endpoints"])) < facts.REGIONS.value) != (options["one_region_because"] is not None)


def _no_traffic(options: Options) -> bool:
    dials = options["dials"]
    return not any(is_token(dials[region]) or dials[region] > 0 for region in serving(options["endpoints"]))


def _bad_interval(options: Options) -> bool:
    interval = options["interval"]
    return interval.is_unresolved() or interval.to_seconds(integral=False) not in facts.INTERVALS.value


def _bad_ports(options: Options) -> bool:
    pairs = options["ports"]
    return not all(is_port(low) and is_port(high) and low <= high for low, high in pairs)


def is_port(number: Any) -> bool:
    """A whole number that a port may have."""
    return isinstance(number, int) and number in facts.PORTS.value


def _overlap(options: Options) -> bool:
    pairs = sorted(options["ports"])
    return any(later[0] <= earlier[1] for earlier, later in pairwise(pairs))


def _bad_overrides(options: Options) -> bool:
    heard = options["ports"]
    return any(
        not is_port(there) or not any(low <= port <= high for low, high in heard)
        for port, there in options["port_overrides"].items()
    )


RULES = (
    Rule(
        option="region",
        broken=lambda o: o["region"] != facts.CONTROL_PLANE.value,
        allowed=f"a stack of {facts.CONTROL_PLANE.value}",
        why=facts.CONTROL_PLANE.says,
        source=facts.CONTROL_PLANE.source,
    ),
    _rule(
        "endpoints",
        _one_region,
        "endpoints with a weight above 0 in two Regions or more, or 'one_region_because' with the reason for one",
        facts.REGIONS,
        "one_region_because",
    ),
    _rule("dials", _no_traffic, "above 0 for a Region that has an endpoint with a weight above 0", facts.DIALS),
    _rule(
        "interval",
        _bad_interval,
        " or ".join(f"{seconds} seconds" for seconds in facts.INTERVALS.value),
        facts.INTERVALS,
    ),
    within("threshold", facts.THRESHOLD),
    one_of("protocol", facts.PROTOCOLS.value, why=facts.PROTOCOLS.says, source=facts.PROTOCOLS.source),
    one_of("affinity", facts.AFFINITIES.value, why=facts.AFFINITIES.says, source=facts.AFFINITIES.source),
    one_of("health_protocol", facts.PROBES.value, why=facts.PROBES.says, source=facts.PROBES.source),
    within("health_port", facts.PORTS),
    _rule(
        "health_path",
        lambda o: o["health_path"] is not None and re.fullmatch(facts.PATH.value, o["health_path"]) is None,
        "a path such as /healthz",
        facts.PATH,
    ),
    _rule(
        "health_path",
        lambda o: o["health_path"] is not None and o["health_protocol"] == "TCP",
        "none, or 'health_protocol' HTTP or HTTPS",
        facts.PATH,
        "health_protocol",
    ),
    _rule("ports", lambda o: len(o["ports"]) not in facts.PORT_RANGES.value, "1 to 10", facts.PORT_RANGES),
    _rule(
        "ports", _bad_ports, "ports such as 443, or pairs of the first and the last such as (8000, 8100)", facts.PORTS
    ),
    _rule("ports", _overlap, "ranges that do not overlap", facts.PORT_RANGES),
    _rule(
        "port_overrides",
        lambda o: len(o["port_overrides"]) not in facts.OVERRIDES.value,
        f"{facts.OVERRIDES.value} ports",
        facts.OVERRIDES,
    ),
    _rule(
        "port_overrides", _bad_overrides, "ports of the listener, each with a port of the endpoints", facts.OVERRIDES
    ),
    _rule(
        "name",
        lambda o: re.fullmatch(facts.NAMES.value, o["name"]) is None,
        "a name such as 'shop'",
        facts.NAMES,
    ),
    Rule(
        option="flow_logs",
        broken=lambda o: (o["flow_logs"] is None) == (o["no_flow_logs_because"] is None),
        allowed="a bucket such as AccessLogs(...).bucket, or 'no_flow_logs_because' with the reason",
        why="without logs nobody can tell afterwards which Region a connection went to",
        source=facts.FLOW_LOGS.source,
    ),
)


def endpoint_problems(
    where: str, endpoints: dict[str, list[AcceleratorEndpoint]], dials: dict[str, float]
) -> Iterator[Problem]:
    """What cannot work in any Region; `endpoints['eu-west-1']` and `dials['eu-west-1']`."""
    for region, group in endpoints.items():
        name = f"endpoints['{region}']"
        if abroad := unknown_region(where, "endpoints", region):
            yield abroad
        if len(group) not in facts.ENDPOINTS.value:
            allowed = f"{facts.ENDPOINTS.value} endpoints"
            yield _problem(where, name, shown([e.id for e in group]), allowed, facts.ENDPOINTS)
        if len({e.id for e in group}) < len(group):
            yield _problem(where, name, shown([e.id for e in group]), "each endpoint once", facts.ENDPOINTS)
        for endpoint in group:
            yield from _of_endpoint(where, name, region, endpoint)
    for region, dial in dials.items():
        name = f"dials['{region}']"
        if region not in endpoints:
            yield _problem(where, name, shown(dial), f"dials for {', '.join(endpoints)}", facts.GROUPS)
        if not is_token(dial) and dial not in facts.DIALS.value:
            yield _problem(where, name, shown(dial), str(facts.DIALS.value), facts.DIALS)


def _of_endpoint(where: str, name: str, region: str, endpoint: AcceleratorEndpoint) -> Iterator[Problem]:
    known = not is_token(endpoint.id)
    if known and not _ENDPOINT.fullmatch(endpoint.id):
        allowed = "the ARN of a load balancer, an allocation id such as eipalloc-0a1b, or an instance id such as i-0a1b"
        yield _problem(where, name, shown(endpoint.id), allowed, facts.ENDPOINTS)
    elif known and endpoint.is_balancer and endpoint.id.split(":")[3] != region:
        yield _problem(where, name, shown(endpoint.id), f"load balancers of {region}", facts.GROUPS)
    if not is_token(endpoint.weight) and endpoint.weight not in facts.WEIGHTS.value:
        yield _problem(where, f"{name}.weight", shown(endpoint.weight), str(facts.WEIGHTS.value), facts.WEIGHTS)
    if known and endpoint.id.startswith("eipalloc-") and endpoint.keep_client_ip:
        yield _problem(where, f"{name}.keep_client_ip", shown(True), "False", facts.CLIENT_ADDRESSES)


def _problem(where: str, option: str, got: str, allowed: str, fact: Fact[Any]) -> Problem:
    return Problem(where=where, option=option, got=got, allowed=allowed, why=fact.says, source=fact.source)
