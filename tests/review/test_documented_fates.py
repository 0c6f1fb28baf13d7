"""The review judges every architecture of `fates` as AWS documents it, whatever its resources are called."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import fate_tables
from cdk_standby_review.objectives import Fault

CASES = fate_tables.documented()
FEW = settings(max_examples=25, deadline=None)


def within(figure: Any, limit: Any) -> bool:
    """Whether a figure of the review lies in what AWS documents."""
    return limit is None or (figure is not None and limit.low <= figure.low and figure.high <= limit.high)


@pytest.mark.parametrize("case", CASES, ids=[case.id for case in CASES])
def test_the_review_judges_as_aws_documents(case):
    found = case.judged()

    assert found is not None
    assert (found.fate, found.judgement.says) == (case.fate, found.judgement.says)
    assert within(found.judgement.rto, case.rto), f"RTO {found.judgement.rto}, documented: {case.rto}"
    assert within(found.judgement.rpo, case.rpo), f"RPO {found.judgement.rpo}, documented: {case.rpo}"


def test_every_case_is_told_once_and_has_a_page_of_aws():
    assert [name for name, times in Counter(case.id for case in CASES).items() if times > 1] == []
    assert [case.id for case in CASES if not case.source.startswith("https://docs.aws.amazon.com/")] == []


def test_every_fault_and_every_fate_is_among_them():
    assert {case.case.fault for case in CASES} == set(Fault)
    assert {case.fate for case in CASES} == set(fate_tables.FATES.values())


def renamed(value: Any, names: dict[str, str]) -> Any:
    """A part of a template, its logical ids and what refers to them called otherwise."""
    if isinstance(value, list):
        return [renamed(item, names) for item in value]
    if not isinstance(value, dict):
        return value
    if isinstance(target := value.get("Ref"), str):
        return {"Ref": names.get(target, target)}
    if isinstance(target := value.get("Fn::GetAtt"), str):
        name, _, attribute = target.partition(".")
        return {"Fn::GetAtt": [names.get(name, name), attribute]}
    return {key: renamed(item, names) for key, item in value.items()}


@FEW
@given(case=st.sampled_from(CASES), seed=st.randoms(use_true_random=False))
def test_the_fate_of_a_resource_does_not_depend_on_what_it_is_called(case, seed):
    called = sorted({name for template in case.templates() for name in template.body["Resources"]})
    numbers = seed.sample(range(1000), len(called))
    names = {name: f"R{number}" for name, number in zip(called, numbers, strict=True)}

    found = case.judged(lambda resources: {names[name]: renamed(each, names) for name, each in resources.items()})

    assert found is not None
    assert (found.resource.logical_id, found.fate) == (names[case.asked], case.fate)


def test_the_published_table_is_what_is_judged():
    published = fate_tables.PAGE.read_text("utf-8")

    assert published == fate_tables.page(), "run python tools/fate_tables.py"
