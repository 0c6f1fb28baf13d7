"""The large templates of the bench are what they say, and a review of them reads every resource once."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable
from types import FrameType

import large_templates
import pytest

from cdk_standby_review import read, review_templates
from cdk_standby_review.graph import Graph


@pytest.fixture(scope="module")
def one(tmp_path_factory):
    return read(large_templates.write_one(tmp_path_factory.mktemp("one")))


def test_the_one_is_as_large_as_a_template_may_be_and_refers_to_nothing_that_is_not_there(one):
    graph = Graph(one)

    assert len(graph.resources) == 500
    assert [r for resource in graph for r in resource.references if graph.at(r) is None] == []


def test_the_assembly_has_as_many_stacks_in_two_regions(tmp_path):
    found = read(large_templates.write_assembly(tmp_path, stacks=4, resources=30))

    assert Counter(template.region for template in found) == {"eu-west-1": 2, "eu-central-1": 2}
    assert {len(template.body["Resources"]) for template in found} == {30}


def test_all_of_it_is_known_and_its_users_have_a_way(one):
    found = review_templates(one)

    assert found.coverage.percent == 100
    assert [str(way.path) for way in found.ways] == [
        "one.template.json/Balancer -> one.template.json/Service -> one.template.json/Database"
    ]


def calls(work: Callable[[], object]) -> int:
    """How many functions are called: time that does not depend on the machine."""
    counted = [0]

    def count(_frame: FrameType, event: str, _of: object) -> None:
        counted[0] += event == "call"

    sys.setprofile(count)
    try:
        work()
    finally:
        sys.setprofile(None)
    return counted[0]


def test_a_review_of_twice_as_many_stacks_takes_about_twice_as_long(tmp_path):
    few, many = (
        read(large_templates.write_assembly(tmp_path / str(stacks), stacks=stacks, resources=34)) for stacks in (3, 6)
    )
    review_templates(few)  # prices and the like are read once, whoever comes first

    assert calls(lambda: review_templates(many)) < 2.3 * calls(lambda: review_templates(few))
