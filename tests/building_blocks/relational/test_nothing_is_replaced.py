"""No option, engine or version that AWS changes in place renders as a replacement, in any relational construct.

One build per construct changes everything that may change; one more per option that says "Create-only." shows that it
does replace. The tests of each construct change every option alone; here is what holds for all, also those to come.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest
from relational_cases import CASES, OPERATED, PUBLIC, Case, options_of, put
from replacement import create_only_options, described, lost, template_of

from cdk_standby_review.locks.kinds import DATA


@pytest.fixture(scope="module")
def built(make_stack) -> Callable[..., Any]:
    """`built(case, changes)`: the template of a construct, made once per set of options."""
    known: dict[str, Any] = {}

    def build(case: Case, changes: Mapping[str, Any], *, beside: bool = False) -> Any:
        name = f"{case.of.__name__}{sorted(changes)}{beside}"
        if name not in known:
            stack = make_stack()
            put(stack, case, changes, beside=beside)
            known[name] = template_of(stack)
        return known[name]

    return build


def test_every_construct_that_keeps_data_is_here():
    assert set(PUBLIC) == set(CASES), "a new construct needs a case: what may change in place, and what replaces it"


@pytest.mark.parametrize("name", CASES)
def test_what_aws_changes_in_place_replaces_nothing(built, name):
    case = CASES[name]

    after = built(case, case.grown, beside=True)

    assert lost(built(case, {}), after, types=DATA) == []


@pytest.mark.parametrize("name", CASES)
def test_how_it_is_operated_goes_back_in_place_too(built, name):
    case = CASES[name]
    stays = {option: value for option, value in case.grown.items() if option not in OPERATED}

    assert lost(built(case, case.grown, beside=True), built(case, stays, beside=True)) == []


@pytest.mark.parametrize(("name", "option"), [(name, option) for name in CASES for option in CASES[name].anew])
def test_what_says_create_only_replaces(built, name, option):
    case = CASES[name]

    assert lost(built(case, {}), built(case, case.anew[option])) != []


@pytest.mark.parametrize("name", PUBLIC)
def test_exactly_the_options_that_replace_say_so(name):
    assert create_only_options(PUBLIC[name]) == set(CASES[name].anew)


@pytest.mark.parametrize("name", PUBLIC)
def test_create_only_is_said_at_the_end_of_an_option_and_nowhere_else(name):
    elsewhere = [
        option
        for option, text in described(PUBLIC[name]).items()
        if "create-only" in text.lower().removesuffix("create-only.")
    ]

    assert elsewhere == []


@pytest.mark.parametrize("name", PUBLIC)
def test_every_option_is_described(name):
    assert options_of(PUBLIC[name]) - set(described(PUBLIC[name])) == set()
