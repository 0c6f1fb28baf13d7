"""One look: see, decide, act. Killed anywhere and run again, it ends the same."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Protocol

from .deciding import SIDES, Health, Side, State, decide

LOG = logging.getLogger(__name__)


class World(Protocol):
    """AWS, as far as it is needed."""

    def now(self) -> float: ...
    def sides(self) -> dict[str, Side]: ...
    def places(self, instance: str) -> dict[str, bool]:
        """Of each address: whether it is where it belongs on that instance."""
        ...

    def associate(self, address: str, instance: str) -> None: ...
    def holder(self, sides: Mapping[str, Side]) -> str | None:
        """The side that has the addresses, as far as one has."""
        ...

    def start(self, side: str) -> None: ...
    def rest(self, side: str) -> None: ...
    def load(self) -> Mapping[str, Any]: ...
    def save(self, state: Mapping[str, Any]) -> None: ...
    def tell(self, subject: str, message: str) -> None: ...
    def measure(self, **values: float) -> None: ...


def keep(world: World, event: Mapping[str, Any], *, cool_down: float, fails_back: bool = False) -> dict[str, Any]:
    """Have the addresses on a healthy server, and say what was done."""
    sides = world.sides()
    state = _asked(world, _remembered(world, sides), event)
    decision = decide(state, sides, world.now(), cool_down=cool_down, fails_back=fails_back)
    if decision.start:
        world.start(decision.start)
    if decision.rest:
        world.rest(decision.rest)
    moved = decision.holder != state.holder
    if moved:
        # Written before anything moves: who is killed now goes on with the same takeover, and not with another.
        state = State(holder=decision.holder, since=world.now(), why=decision.says, told=False)
        world.save(state.as_dict())
    holder = sides[state.holder]
    served = _serve(world, holder)
    if served and not state.told:
        world.tell(f"Takeover by the {state.holder} server", _report(state, holder))
        state = replace(state, told=True)
        world.save(state.as_dict())
    ready = all(side.health is Health.OK for side in sides.values() if not side.rests)
    world.measure(Served=float(served), Takeovers=float(moved), Ready=float(ready))
    said = {"holder": state.holder, "instance": holder.instance, "served": served, "says": decision.says}
    LOG.info("look", extra=said)
    return said


def _remembered(world: World, sides: Mapping[str, Side]) -> State:
    """At birth nobody has failed yet: whoever has the addresses keeps them for a cool-down."""
    state = State.of(world.load())
    if state is None:
        state = State(holder=world.holder(sides) or SIDES[0], since=world.now(), why="the beginning")
        world.save(state.as_dict())
    return state


def _asked(world: World, state: State, event: Mapping[str, Any]) -> State:
    if "take_over" not in event:
        return state
    side = event["take_over"]
    if side not in SIDES:
        raise ValueError(f"'take_over' is {side!r}; allowed: {', '.join(SIDES)}")
    asked = replace(state, asked=None if side == state.holder else side, asked_at=world.now())
    world.save(asked.as_dict())
    return asked


def _serve(world: World, holder: Side) -> bool:
    """Put every address where it belongs; on a server that is not healthy nothing is put."""
    if holder.instance is None or holder.health is not Health.OK:
        return False
    for address, there in world.places(holder.instance).items():
        if not there:
            world.associate(address, holder.instance)
    return True


def _report(state: State, holder: Side) -> str:
    return (
        f"The addresses are on the {state.holder} server, {holder.instance}, because: {state.why}. They stay there "
        'until somebody invokes the function with {"take_over": "active"} or {"take_over": "spare"}, or that server '
        "fails."
    )
