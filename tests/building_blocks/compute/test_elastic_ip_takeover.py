"""The function that keeps addresses on a healthy server: whatever fails, comes twice, comes late or is cut off."""

from __future__ import annotations

import contextlib
import itertools
from dataclasses import dataclass, field
from typing import Any

import hypothesis.strategies as st
import pytest
from hypothesis import settings
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from cdk_standby.compute._elastic_ip_function.takeover.deciding import SIDES, Health, Side
from cdk_standby.compute._elastic_ip_function.takeover.handler import health_of
from cdk_standby.compute._elastic_ip_function.takeover.keeping import keep

OK, STARTING, IMPAIRED, GONE = Health.OK, Health.STARTING, Health.IMPAIRED, Health.GONE
COOL_DOWN = 600
ADDRESSES = ("eipalloc-1", "eipalloc-2")


class Killed(Exception):  # noqa: N818
    """Lambda stops wherever it is."""


@dataclass
class Servers:
    """Two servers, their addresses, and all that was done to them."""

    health: dict[str, Health] = field(default_factory=lambda: dict.fromkeys(SIDES, OK))
    alarmed: set[str] = field(default_factory=set)
    rests: bool = False
    at: dict[str, str] = field(default_factory=dict)
    state: dict[str, Any] = field(default_factory=dict)
    clock: float = 1_000_000
    told: list[str] = field(default_factory=list)
    took: list[tuple[float, str, str]] = field(default_factory=list)
    """When, who and why."""
    started: list[str] = field(default_factory=list)
    rested: list[str] = field(default_factory=list)
    measured: dict[str, float] = field(default_factory=dict)
    lives: int | None = None
    """Acts until the function is killed."""

    def _act(self) -> None:
        if self.lives == 0:
            raise Killed
        self.lives = None if self.lives is None else self.lives - 1

    def now(self) -> float:
        return self.clock

    def sides(self) -> dict[str, Side]:
        return {
            name: Side(
                name=name,
                health=health,
                instance=None if health is GONE else f"i-{name}",
                alarmed=name in self.alarmed,
                starts=self.rests and name == "spare",
                rests=self.rests and name == "spare",
            )
            for name, health in self.health.items()
        }

    def places(self, instance: str) -> dict[str, bool]:
        return {address: self.at.get(address) == instance for address in ADDRESSES}

    def associate(self, address: str, instance: str) -> None:
        assert self.health[instance.removeprefix("i-")] is OK
        self._act()
        self.at[address] = instance

    def holder(self, sides: Any) -> str | None:
        holding = set(self.at.values())
        return next((name for name in sides if f"i-{name}" in holding), None)

    def start(self, side: str) -> None:
        self._act()
        self.started.append(side)
        self.health[side] = STARTING

    def rest(self, side: str) -> None:
        self._act()
        self.rested.append(side)
        self.health[side] = GONE

    def load(self) -> dict[str, Any]:
        return self.state

    def save(self, state: Any) -> None:
        self._act()
        if self.state and state["holder"] != self.state["holder"]:
            self.took.append((self.clock, state["holder"], state["why"]))
        self.state = dict(state)

    def tell(self, subject: str, message: str) -> None:
        self._act()
        self.told.append(subject)

    def measure(self, **values: float) -> None:
        self.measured = values

    def look(self, event: dict[str, Any] | None = None, **options: Any) -> dict[str, Any]:
        return keep(self, event or {}, cool_down=COOL_DOWN, **options)

    @property
    def hosts(self) -> set[str]:
        return set(self.at.values())


@pytest.fixture
def servers() -> Servers:
    """The active server has had the addresses for a day."""
    made = Servers()
    made.look()
    made.clock += 86_400
    return made


def fails(servers: Servers, side: str, health: Health = IMPAIRED) -> None:
    servers.health[side] = health
    servers.alarmed.add(side)


def test_the_first_look_gives_the_addresses_to_the_active_server():
    servers = Servers()

    said = servers.look()

    assert said == {"holder": "active", "instance": "i-active", "served": True, "says": "the active server serves"}
    assert servers.hosts == {"i-active"}
    assert servers.told == []


def test_at_birth_a_server_that_still_boots_is_waited_for():
    servers = Servers(health={"active": STARTING, "spare": OK}, alarmed={"active"})

    servers.look()
    before = dict(servers.at)
    servers.health["active"] = OK
    servers.look()

    assert (before, servers.hosts) == ({}, {"i-active"})


@pytest.mark.capability("CMP-20")
@pytest.mark.parametrize("health", [IMPAIRED, STARTING, GONE])
def test_the_spare_takes_all_addresses_and_somebody_is_told_once(servers, health):
    fails(servers, "active", health)

    servers.look()
    servers.look()

    assert servers.hosts == {"i-spare"}
    assert servers.told == ["Takeover by the spare server"]


def test_one_failed_check_is_no_failure_before_the_alarm_says_so(servers):
    servers.health["active"] = IMPAIRED

    said = servers.look()

    assert said["says"] == "the active server serves"
    assert servers.hosts == {"i-active"}


def test_an_alarm_that_still_rings_for_a_server_that_was_replaced_moves_nothing(servers):
    servers.alarmed.add("active")

    servers.look()

    assert servers.hosts == {"i-active"}


@pytest.mark.capability("CMP-20")
@pytest.mark.parametrize("health", [IMPAIRED, STARTING, GONE])
def test_addresses_never_move_to_a_server_that_is_not_healthy(servers, health):
    fails(servers, "active")
    servers.health["spare"] = health

    said = servers.look()
    asked = servers.look({"take_over": "spare"})

    assert said["says"] == f"the active server is impaired, and the spare one {health.value}: nobody can take over"
    assert asked["says"] == f"asked for the spare server, which is {health.value}: it waits until that is healthy"
    assert servers.hosts == {"i-active"}
    assert servers.measured == {"Served": 0.0, "Takeovers": 0.0, "Ready": 0.0}


@pytest.mark.capability("CMP-20")
def test_it_does_not_move_back_by_itself(servers):
    fails(servers, "active")
    servers.look()
    servers.health["active"], servers.alarmed = OK, set()
    servers.clock += 86_400

    servers.look()

    assert servers.hosts == {"i-spare"}


def test_told_to_fail_back_it_does_after_the_cool_down(servers):
    fails(servers, "active")
    servers.look(fails_back=True)
    servers.health["active"], servers.alarmed = OK, set()

    early = servers.look(fails_back=True)
    servers.clock += COOL_DOWN
    late = servers.look(fails_back=True)

    assert (early["holder"], late["holder"], servers.hosts) == ("spare", "active", {"i-active"})


@pytest.mark.capability("CMP-20")
def test_servers_that_fail_in_turns_have_to_wait_for_the_cool_down(servers):
    fails(servers, "active")
    servers.look()
    servers.health["active"] = OK
    fails(servers, "spare")

    early = servers.look()
    servers.clock += COOL_DOWN
    servers.look()

    assert early["says"] == "the spare server is impaired, but the last takeover is too young for another"
    assert [side for _, side, _ in servers.took] == ["spare", "active"]


def test_a_person_may_move_them_at_any_time_and_back(servers):
    servers.look({"take_over": "spare"})
    there = servers.hosts
    servers.look({"take_over": "active"})
    servers.look({"take_over": "active"})

    assert (there, servers.hosts) == ({"i-spare"}, {"i-active"})
    assert servers.told == ["Takeover by the spare server", "Takeover by the active server"]


def test_what_is_asked_for_must_be_a_side(servers):
    with pytest.raises(ValueError, match=r"^'take_over' is 'both'; allowed: active, spare$"):
        servers.look({"take_over": "both"})


@pytest.mark.capability("CMP-07")
def test_a_spare_that_rests_is_started_first_and_takes_over_when_it_is_healthy(servers):
    servers.rests, servers.health["spare"] = True, GONE
    fails(servers, "active")

    servers.look()
    servers.look()
    waiting = servers.hosts
    servers.health["spare"] = OK
    servers.look()

    assert servers.started == ["spare"]
    assert (waiting, servers.hosts) == ({"i-active"}, {"i-spare"})


def test_a_drill_starts_the_spare_waits_for_it_and_lets_it_rest_afterwards(servers):
    servers.rests, servers.health["spare"] = True, GONE

    servers.look({"take_over": "spare"})
    servers.health["spare"] = OK
    servers.look()
    there = servers.hosts
    servers.look({"take_over": "active"})
    servers.look()
    early = list(servers.rested)
    servers.clock += COOL_DOWN
    servers.look()

    assert (there, servers.hosts) == ({"i-spare"}, {"i-active"})
    assert (early, servers.rested) == ([], ["spare"])


def test_what_was_asked_for_half_an_hour_ago_in_vain_is_forgotten(servers):
    servers.health["spare"] = IMPAIRED
    servers.look({"take_over": "spare"})

    servers.clock += 1801
    servers.health["spare"] = OK
    servers.look()

    assert servers.hosts == {"i-active"}


def test_a_replaced_server_gets_its_addresses_again_without_a_takeover(servers):
    servers.at.clear()

    servers.look()

    assert servers.hosts == {"i-active"}
    assert servers.took == []


def test_whoever_has_the_addresses_keeps_them_when_nothing_is_remembered(servers):
    servers.look({"take_over": "spare"})
    servers.state = {}

    servers.look()

    assert (servers.state["holder"], servers.hosts) == ("spare", {"i-spare"})


@pytest.mark.capability("CMP-20")
@pytest.mark.parametrize("lives", range(6))
def test_killed_between_any_two_calls_and_run_again_it_ends_the_same(servers, lives):
    fails(servers, "active")
    servers.lives = lives

    try:
        servers.look()
    except Killed:
        servers.lives = None
        servers.look()

    assert servers.hosts == {"i-spare"}
    assert [side for _, side, _ in servers.took] == ["spare"]
    assert set(servers.told) == {"Takeover by the spare server"}
    assert servers.state["told"] is True


def test_what_was_begun_is_ended_although_the_active_server_is_well_again(servers):
    fails(servers, "active")
    servers.lives = 2
    with pytest.raises(Killed):
        servers.look()
    half = servers.hosts

    servers.lives, servers.health["active"], servers.alarmed = None, OK, set()
    servers.look()

    assert half == {"i-active", "i-spare"}
    assert servers.hosts == {"i-spare"}


class AnyOrder(RuleBasedStateMachine):
    """Servers fail and recover, time passes, events come twice, late or never, and the function is killed at will."""

    @initialize(rests=st.booleans())
    def begin(self, rests: bool) -> None:
        self.servers = Servers(rests=rests)
        self.servers.look()

    @rule(side=st.sampled_from(SIDES), health=st.sampled_from(Health), alarmed=st.booleans())
    def changes(self, side: str, health: Health, alarmed: bool) -> None:
        self.servers.health[side] = health
        self.servers.alarmed = (self.servers.alarmed | {side}) if alarmed else (self.servers.alarmed - {side})

    @rule(seconds=st.sampled_from([1, 59, 300, 600, 1800, 90_000]))
    def waits(self, seconds: int) -> None:
        self.servers.clock += seconds

    @rule(times=st.integers(1, 3), lives=st.one_of(st.none(), st.integers(0, 5)))
    def event(self, times: int, lives: int | None) -> None:
        for _ in range(times):
            self._look({"source": "aws.cloudwatch"}, lives)

    @rule(side=st.sampled_from(SIDES), lives=st.one_of(st.none(), st.integers(0, 5)))
    def drill(self, side: str, lives: int | None) -> None:
        self._look({"take_over": side}, lives)

    def _look(self, event: dict[str, Any], lives: int | None) -> None:
        self.servers.lives = lives
        with contextlib.suppress(Killed):
            self.servers.look(event)
        self.servers.lives = None

    @precondition(lambda self: any(health is OK for health in self.servers.health.values()))
    @rule()
    def settles(self) -> None:
        """With nothing going on for long enough, a healthy server has all addresses, and somebody knows."""
        servers = self.servers
        servers.alarmed = {side for side, health in servers.health.items() if health is not OK}
        servers.clock += 86_400
        for _ in range(2):
            servers.look()
            servers.clock += COOL_DOWN
        assert len(servers.hosts) == 1
        assert servers.health[servers.hosts.pop().removeprefix("i-")] is OK
        assert servers.state["told"] is True
        if servers.took:
            assert servers.told[-1] == f"Takeover by the {servers.state['holder']} server"

    @invariant()
    def nothing_flaps(self) -> None:
        took = self.servers.took
        for (before, side, _), (after, other, why) in itertools.pairwise(took):
            assert side != other
            assert after - before >= COOL_DOWN or why == "somebody asked for it"


AnyOrder.TestCase.settings = settings(max_examples=30, stateful_step_count=15, deadline=None)
TestAnyOrder = AnyOrder.TestCase


@pytest.mark.parametrize(
    ("state", "system", "instance", "ebs", "health"),
    [
        ("running", "ok", "ok", None, OK),
        ("running", "ok", "ok", "not-applicable", OK),
        ("running", "ok", "initializing", "ok", STARTING),
        ("running", "insufficient-data", "ok", "ok", STARTING),
        ("running", "ok", "impaired", "ok", IMPAIRED),
        ("running", "ok", "ok", "impaired", IMPAIRED),
        ("running", "not-applicable", "not-applicable", None, STARTING),
        ("pending", "not-applicable", "not-applicable", None, STARTING),
        ("stopping", "ok", "ok", "ok", GONE),
        ("stopped", "not-applicable", "not-applicable", None, GONE),
        ("terminated", "not-applicable", "not-applicable", None, GONE),
    ],
)
def test_only_a_running_server_with_all_checks_passed_is_healthy(state, system, instance, ebs, health):
    status = {
        "InstanceState": {"Name": state},
        "SystemStatus": {"Status": system},
        "InstanceStatus": {"Status": instance},
        **({"AttachedEbsStatus": {"Status": ebs}} if ebs else {}),
    }

    assert health_of(status) is health
