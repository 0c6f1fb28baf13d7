"""A workload grows: a Region, a zone or a tier more, and no data that is there is replaced for it."""

from __future__ import annotations

import pytest
from every_tier import HERE, NORTH, THERE, WORDS, serving, tiers
from kept import KEEP, PARTS, kept
from shop import shop

from cdk_standby_stacks import BackupRestore, MultiAz, MultiSite, PilotLight, WarmStandby

LATER = ("eu-west-2", "eu-west-3")
BEFORE = {
    MultiAz: (),
    BackupRestore: ("database", "cache", "secrets"),
    PilotLight: ("tables", "buckets", "queues"),
    WarmStandby: ("database", "images", "cache"),
    MultiSite: ("tables", "secrets"),
}
"""The tiers that a workload starts with; each kind is in one of them, and comes later in another."""
ZONE = "AvailabilityZone"


@pytest.fixture(scope="module")
def three(synthesize):
    return synthesize(strategy=MultiSite, workload=serving(), further=[NORTH], objectives=None)


@pytest.fixture(scope="module")
def five(synthesize):
    return synthesize(strategy=MultiSite, workload=serving(), further=[NORTH, *LATER], objectives=None)


@pytest.fixture(scope="module")
def small(synthesize):
    """Every strategy over two zones, and with some of the tiers."""

    def start(word):
        first = {field: tier for field, tier in tiers().items() if field in BEFORE[word]}
        return synthesize(strategy=word, workload=shop(**{"database": None, **first}), zones=2, objectives=None)

    return {word: start(word) for word in WORDS}


@pytest.mark.capability("SYS-28")
def test_another_region_replaces_no_data(each, three, five):
    two, more, most = (kept(one.templates) for one in (each[MultiSite], three, five))

    assert {key: more[key] for key in two} == two
    assert {key: most[key] for key in more} == more


def test_another_region_gets_all_that_the_others_have(three, five):
    def held(synthesized, region):
        return sorted(name for stack, name in kept(synthesized.templates) if region in stack)

    assert held(three, NORTH) == held(three, THERE)
    assert all(held(five, region) == held(five, THERE) for region in (NORTH, *LATER))


@pytest.mark.parametrize("word", WORDS, ids=lambda word: word.__name__)
def test_another_zone_and_other_tiers_replace_no_data(small, each, word):
    before, after = kept(small[word].templates), kept(each[word].templates)

    common = {key: {**after[key], ZONE: None} for key in before}
    assert common == {key: {**properties, ZONE: None} for key, properties in before.items()}


def test_a_third_zone_takes_a_reader_that_shared_one_and_no_other_instance(small, each):
    """The data is in the cluster's storage; the old reader is retained, and is deleted by hand."""
    moved = {
        (word.__name__, stack): (before[ZONE], kept(each[word].templates)[stack, name][ZONE])
        for word in WORDS
        for (stack, name), before in kept(small[word].templates).items()
        if kept(each[word].templates)[stack, name].get(ZONE) != before.get(ZONE)
    }

    assert moved == {
        ("BackupRestore", f"Shop-{HERE}-data"): (f"{HERE}a", f"{HERE}c"),
        ("WarmStandby", f"Shop-{HERE}-data"): (f"{HERE}a", f"{HERE}c"),
        ("WarmStandby", f"Shop-{THERE}-data"): (f"{THERE}a", f"{THERE}c"),
    }


def test_every_kind_of_tier_was_added_to_something_that_ran():
    assert set().union(*BEFORE.values()) == set(tiers())
    assert set().union(*(set(tiers()) - set(first) for first in BEFORE.values())) == set(tiers())


def test_what_is_compared_is_all_that_has_a_retained_resource(each):
    """So that a new kind of tier cannot be forgotten here: what stays by itself is compared."""
    retained = {
        resource["Type"]
        for word in WORDS
        for template in each[word].templates.values()
        for resource in template["Resources"].values()
        if resource.get("DeletionPolicy", "Delete") != "Delete"
    }

    assert retained - KEEP - PARTS == set()


@pytest.mark.parametrize("word", [PilotLight, WarmStandby, MultiSite], ids=lambda word: word.__name__)
def test_another_active_region_replaces_no_data(each, flipped, word):
    assert kept(flipped[word].templates) == kept(each[word].templates)
