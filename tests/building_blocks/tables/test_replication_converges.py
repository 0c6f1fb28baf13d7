"""Whatever is reordered, repeated, delayed, cut off or restarted: all replicas end as the last writers left them."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from replicas import Item, MemoryQueue, Site, records, unreachable

from cdk_standby.tables.replicator_function.replicator.apply import Settings, apply
from cdk_standby.tables.replicator_function.replicator.capture import Queue, capture
from cdk_standby.tables.replicator_function.replicator.merge import fate_of, merge, version_of

KEEP = 35 * 86_400
HERE = Settings(table="orders", queue_url="waiting", parked_url="parked", oldest=KEEP - 86_400)
NAMES = ("eu-west-1", "eu-central-1", "us-east-1")
KEYS = st.sampled_from(["a", "b"])


@dataclass
class World:
    """Sites, a queue from each to each, and all writes that an application was told had succeeded."""

    sites: list[Site]
    queues: dict[tuple[int, int], MemoryQueue] = field(default_factory=dict)
    parked: dict[tuple[int, int], MemoryQueue] = field(default_factory=dict)
    sent: dict[tuple[int, int], list[str]] = field(default_factory=dict)
    cut: set[tuple[int, int]] = field(default_factory=set)
    written: list[Item] = field(default_factory=list)

    def __post_init__(self) -> None:
        for way in itertools.permutations(range(len(self.sites)), 2):
            self.queues[way], self.parked[way], self.sent[way] = MemoryQueue(), MemoryQueue(), []

    @property
    def seconds(self) -> int:
        return self.sites[0].wall // 1000

    def write(self, site: int, key: str, value: str | None) -> None:
        self.written.append(self.sites[site % len(self.sites)].write(key, value))

    def wait(self, milliseconds: int) -> None:
        for site in self.sites:
            site.wall += milliseconds

    def capture(self, site: int, back: int) -> None:
        """Read the stream on; a restart reads what was read already once more."""
        number = site % len(self.sites)
        of = self.sites[number]
        found = of.table.stream[max(0, of.read - back) :]
        filtered = [one for one in found if fate_of(one, of.name).value != "ignored"]
        for way in self.queues:
            if way[0] == number:
                before = len(self.queues[way].bodies)
                assert capture(Queue(self.queues[way], "waiting"), filtered, of.name) == {"batchItemFailures": []}
                self.sent[way] += self.queues[way].bodies[before:]
        of.read = len(of.table.stream)

    def carry(self, way: int, picks: list[int], delete: bool) -> None:
        """Deliver a few messages, in any order; now and then SQS delivers them again later."""
        pair = list(self.queues)[way % len(self.queues)]
        queue = self.queues[pair]
        chosen = sorted({pick % len(queue.bodies) for pick in picks}, reverse=True) if queue.bodies else []
        bodies = [queue.bodies[place] for place in chosen]
        table = self.sites[pair[1]].table
        table.fails = unreachable() if pair in self.cut else None
        before = {key: version_of(item) for key, item in table.items.items()}
        answer = apply(table, self.parked[pair], records(bodies), HERE, self.seconds)
        table.fails = None
        again = {failure["itemIdentifier"] for failure in answer["batchItemFailures"]}
        assert len(again) == (len(bodies) if pair in self.cut else 0)
        assert all((version_of(table.items[key]) or "") >= (version or "") for key, version in before.items())
        if delete and not again:
            for place in chosen:
                del queue.bodies[place]

    def toggle(self, way: int) -> None:
        self.cut ^= {list(self.queues)[way % len(self.queues)]}

    def heal(self) -> None:
        self.cut.clear()
        for number, _ in enumerate(self.sites):
            self.capture(number, 0)
        for way, queue in enumerate(self.queues.values()):
            while queue.bodies:
                self.carry(way, [0, 1, 2], delete=True)

    def winners(self) -> dict[str, Item]:
        """The last write of each key, over all that were accepted anywhere."""
        last: dict[str, Item] = {}
        for item in sorted(self.written, key=lambda item: item["_version"]["S"]):
            last[item["id"]["S"]] = item
        return last


Step = Callable[[World], Any]
SITES = st.integers(0, 2)
WRITE = st.builds(lambda s, k, v: lambda w: w.write(s, k, v), SITES, KEYS, st.one_of(st.none(), st.text(max_size=3)))
WAIT = st.builds(lambda ms: lambda w: w.wait(ms), st.sampled_from([0, 1, 999, 60_000, 86_400_000]))
CAPTURE = st.builds(lambda s, back: lambda w: w.capture(s, back), SITES, st.integers(0, 3))
CARRY = st.builds(
    lambda way, picks, gone: lambda w: w.carry(way, picks, gone),
    st.integers(0, 5),
    st.lists(st.integers(0, 20), max_size=4),
    st.booleans(),
)
CUT = st.builds(lambda way: lambda w: w.toggle(way), st.integers(0, 5))
STEPS = st.lists(st.one_of(WRITE, WRITE, WAIT, CAPTURE, CARRY, CARRY, CUT), max_size=40)
SKEWS = st.lists(st.sampled_from([0, 0, -5, 5, 90_000, -90_000]), min_size=2, max_size=3)


@pytest.mark.capability("SYS-07")
@pytest.mark.capability("SYS-09")
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(SKEWS, STEPS)
def test_all_replicas_end_as_the_last_writers_left_them(skews, steps):
    world = World([Site(name, skew) for name, skew in zip(NAMES, skews, strict=False)])

    for step in steps:
        step(world)
    world.heal()

    assert [site.table.items for site in world.sites] == [world.winners()] * len(world.sites)


@pytest.mark.capability("SYS-09")
@settings(max_examples=50, deadline=None)
@given(SKEWS, STEPS)
def test_what_was_deleted_does_not_come_back_once_its_tombstone_is_gone(skews, steps):
    world = World([Site(name, skew) for name, skew in zip(NAMES, skews, strict=False)])
    for step in steps:
        step(world)
    world.heal()

    world.wait((KEEP + 2 * 86_400) * 1000)
    for site in world.sites:
        for key in [key for key, item in site.table.items.items() if "_deleted" in item]:
            site.table.delete(key, by="dynamodb.amazonaws.com")
    for way, bodies in world.sent.items():
        world.queues[way].bodies = list(bodies)
    world.heal()

    alive = {key: item for key, item in world.winners().items() if "_deleted" not in item}
    assert [site.table.items for site in world.sites] == [alive] * len(world.sites)
    assert {way: sorted(queue.bodies) for way, queue in world.parked.items()} == {
        way: sorted(bodies) for way, bodies in world.sent.items()
    }


@pytest.mark.capability("SYS-08")
@settings(max_examples=50, deadline=None)
@given(STEPS)
def test_what_came_from_elsewhere_is_never_sent_back(steps):
    world = World([Site(name) for name in NAMES[:2]])

    for step in steps:
        step(world)
    world.heal()

    origins = {way: {json.loads(body)["item"]["_origin"]["S"] for body in bodies} for way, bodies in world.sent.items()}
    assert all(found <= {NAMES[source]} for (source, _), found in origins.items())


@settings(max_examples=100, deadline=None)
@given(st.permutations(range(6)))
def test_merging_is_the_same_in_any_order_and_any_number_of_times(order):
    site, other = Site("eu-west-1"), Site("eu-central-1")
    writes = [site.write("a", "1"), other.write("a", "2"), site.write("a", None), other.write("a", "3")]
    writes += [other.write("a", None), site.write("a", "4")]

    kept = None
    for place in [*order, *reversed(order)]:
        kept = merge(kept, writes[place])

    assert kept == max(writes, key=lambda item: item["_version"]["S"])
