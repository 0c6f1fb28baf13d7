"""Turning routing controls of ARC, on the five Regional endpoints of their cluster and nowhere else.

Written down beforehand, in every Region: the endpoints and the ARNs of the controls. Asking for them takes the control
plane in us-west-2, which may be what is lost. https://docs.aws.amazon.com/r53recovery/latest/dg/routing-control.update.api.html
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final, Protocol, cast

from cdk_standby_review.facts import arc as facts

from .boto import BotoClients
from .clients import Answer, ApiError
from .clock import Clock, SystemClock
from .errors import CallFailed, StepNotProven, Usage

ROUNDS: Final = 3
"""How often every endpoint is tried: they come and go for maintenance, and three of five are always there."""
PAUSE_SECONDS: Final = 5.0
"""Between two rounds: as long as safety rules refuse a change after another one, unless told otherwise."""
FINAL: Final = {
    "AccessDeniedException",
    "ResourceNotFoundException",
    "ValidationException",
    "ServiceLimitExceededException",
}
"""What every endpoint would answer alike."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """One of the five endpoints of a cluster, as DescribeCluster named it on a quiet day."""

    region: str
    url: str


class RecoveryCluster(Protocol):
    """The data plane of a cluster, at one endpoint."""

    def get_routing_control_state(self, **request: Any) -> Answer: ...
    def update_routing_control_states(self, **request: Any) -> Answer: ...


Connect = Callable[[Endpoint], RecoveryCluster]


def connect(endpoint: Endpoint) -> RecoveryCluster:
    """A client of the data plane at this endpoint.

    Args:
        endpoint: of the cluster.
    """
    return cast("RecoveryCluster", BotoClients(endpoint.url).recovery_cluster(endpoint.region))


def flip(
    endpoints: Sequence[Endpoint],
    *,
    on: Sequence[str],
    off: Sequence[str] = (),
    overriding: Sequence[str] = (),
    connect: Connect = connect,
    clock: Clock | None = None,
) -> str:
    """Turn routing controls, all by one call, and prove it by reading them back.

    Done already, it does nothing; killed at any point, it can be run again.

    Args:
        endpoints: of the cluster, best those of Regions that are far from the lost one first.
        on: ARNs of the controls to turn on.
        off: ARNs of those to turn off, by the same call; left out: none.
        overriding: ARNs of safety rules to ignore this time; left out: none, and a rule that refuses is obeyed.
        connect: makes the client of an endpoint; left out: boto3's.
        clock: waits between rounds; left out: the machine's.

    Returns:
        The Region of the endpoint that proved it.

    Raises:
        Usage: nothing to turn, a control both on and off, more than one call takes, or no endpoint.
        CallFailed: no endpoint took the change; the message holds what each of them said last.
        StepNotProven: the change was taken, and another state is read.
    """
    wanted = {**dict.fromkeys(on, "On"), **dict.fromkeys(off, "Off")}
    _check(endpoints, on, off, wanted)
    cluster = _Cluster(endpoints, connect, clock or SystemClock())
    if cluster.states(wanted) == wanted:
        return cluster.answered
    entries = [{"RoutingControlArn": arn, "RoutingControlState": state} for arn, state in wanted.items()]
    override = {"SafetyRulesToOverride": list(overriding)} if overriding else {}
    cluster.ask(
        lambda client: client.update_routing_control_states(UpdateRoutingControlStateEntries=entries, **override)
    )
    if (found := cluster.states(wanted)) != wanted:
        differ = ", ".join(f"{arn} is {found[arn]}" for arn in wanted if found[arn] != wanted[arn])
        raise StepNotProven(f"the cluster took the change, but {differ}; run the same again")
    return cluster.answered


def states(
    endpoints: Sequence[Endpoint], arns: Sequence[str], *, connect: Connect = connect, clock: Clock | None = None
) -> dict[str, str]:
    """Whether routing controls are On or Off, by ARN.

    Args:
        endpoints: of the cluster.
        arns: of the controls.
        connect: makes the client of an endpoint; left out: boto3's.
        clock: waits between rounds; left out: the machine's.

    Raises:
        Usage: no endpoint.
        CallFailed: no endpoint answered.
    """
    _check(endpoints, arns, (), dict.fromkeys(arns, ""))
    return _Cluster(endpoints, connect, clock or SystemClock()).states(dict.fromkeys(arns, ""))


def _check(endpoints: Sequence[Endpoint], on: Sequence[str], off: Sequence[str], wanted: Mapping[str, str]) -> None:
    most = facts.CONTROLS_PER_CALL.value.high
    if not endpoints:
        raise Usage("no endpoint of the cluster was given; write down those of DescribeCluster before they are needed")
    if both := set(on) & set(off):
        raise Usage(f"to be turned both on and off: {', '.join(sorted(both))}")
    if not 1 <= len(wanted) <= most:
        raise Usage(f"{len(wanted)} routing controls; one call turns 1 to {most:g} ({facts.CONTROLS_PER_CALL.source})")


class _Cluster:
    """The endpoints, the one that answered last asked first."""

    def __init__(self, endpoints: Sequence[Endpoint], connect: Connect, clock: Clock) -> None:
        self._endpoints = [*endpoints]
        self._connect = connect
        self._clock = clock

    @property
    def answered(self) -> str:
        """The Region of the endpoint that answered last."""
        return self._endpoints[0].region

    def states(self, arns: Mapping[str, str]) -> dict[str, str]:
        return {arn: self.ask(partial(_state, arn)) for arn in arns}

    def ask(self, call: Callable[[RecoveryCluster], Any]) -> Any:
        """The answer of the first endpoint that gives one."""
        said: dict[str, str] = {}
        for endpoint in self._rounds():
            try:
                answer = call(self._connect(endpoint))
            except ApiError as error:
                said[endpoint.region] = f"{error.code}: {error.message}"
                if error.code in FINAL:
                    break
                continue
            self._endpoints.remove(endpoint)
            self._endpoints.insert(0, endpoint)
            return answer
        told = "; ".join(f"{region} said {words}" for region, words in said.items())
        raise CallFailed(f"no endpoint of the cluster did it: {told}")

    def _rounds(self) -> Iterator[Endpoint]:
        for number in range(ROUNDS):
            if number:
                self._clock.sleep(PAUSE_SECONDS)
            yield from tuple(self._endpoints)


def _state(arn: str, client: RecoveryCluster) -> str:
    return str(client.get_routing_control_state(RoutingControlArn=arn)["RoutingControlState"])
