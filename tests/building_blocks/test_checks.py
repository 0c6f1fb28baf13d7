"""Rules as data: all problems at once, tokens left alone, whole messages."""

import pytest
from aws_cdk import Aws, CfnParameter, Duration, Stack
from aws_cdk.aws_events import Schedule

from cdk_standby._checks import InvalidOptions, Problem, Rule, check, one_of, shown, within
from cdk_standby._regions import check_regions
from cdk_standby_review.facts import Fact, Range

READERS = Fact(
    value=Range(0, 15),
    unit="readers",
    says="a cluster has at most 15 readers",
    source="https://docs.aws.amazon.com/readers.html",
    date="2026-11-21",
)
RULES = [
    within("readers", READERS),
    one_of("engine", ["aurora-mysql", "aurora-postgresql"], why="these are the engines of Aurora"),
    Rule(
        option="maximum",
        broken=lambda o: o["maximum"] < o["minimum"],
        allowed=lambda o: f"{o['minimum']} or more",
        why="a group cannot be larger at least than at most",
        reads=["minimum"],
    ),
]
FINE = {"readers": 2, "engine": "aurora-mysql", "minimum": 2, "maximum": 4}


def test_options_within_all_rules_pass():
    check("Shop/Database", RULES, FINE)


def test_all_problems_are_told_at_once_a_line_each():
    with pytest.raises(InvalidOptions) as raised:
        check("Shop/Database", RULES, {"readers": 16, "engine": "mysql", "minimum": 5, "maximum": 4})

    assert str(raised.value).splitlines() == [
        "Shop/Database: 'readers' is 16; allowed: 0 to 15, because a cluster has at most 15 readers"
        " (https://docs.aws.amazon.com/readers.html)",
        "Shop/Database: 'engine' is 'mysql'; allowed: 'aurora-mysql', 'aurora-postgresql',"
        " because these are the engines of Aurora",
        "Shop/Database: 'maximum' is 4; allowed: 5 or more, because a group cannot be larger at least than at most",
    ]


def test_the_error_is_a_value_error_that_holds_its_problems():
    with pytest.raises(ValueError, match="'readers' is 16") as raised:
        check("Shop/Database", RULES, {**FINE, "readers": 16})

    assert [problem.option for problem in raised.value.problems] == ["readers"]


def test_what_was_found_in_other_ways_is_told_with_the_rest():
    other = Problem(where="Shop", option="zones", got="1", allowed="2 to 6", why="one is lost at once")

    with pytest.raises(InvalidOptions) as raised:
        check("Shop", RULES, {**FINE, "readers": 16}, also=[other])

    assert [problem.option for problem in raised.value.problems] == ["readers", "zones"]


def test_an_option_left_out_is_not_judged():
    check("Shop/Database", RULES, {**FINE, "readers": None, "engine": None})


def test_a_number_known_only_at_deployment_is_left_alone():
    number = CfnParameter(Stack(), "Readers", type="Number").value_as_number

    assert number < 0
    check("Shop/Database", RULES, {**FINE, "readers": number})


def test_a_token_in_an_option_that_a_rule_reads_silences_the_rule():
    minimum = CfnParameter(Stack(), "Minimum", type="Number").value_as_number

    check("Shop/Database", RULES, {**FINE, "minimum": minimum, "maximum": 1})


def test_a_construct_is_named_by_its_path():
    scope = Stack(Stack(None, "Shop"), "Database")

    with pytest.raises(InvalidOptions, match=r"^Shop/Database: 'readers' is -1; "):
        check(scope, RULES, {**FINE, "readers": -1})


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (None, "not given"),
        ("eu-west-1", "'eu-west-1'"),
        (["a", 1], "['a', 1]"),
        (Duration.minutes(90), "1 hour 30 minutes"),
        (Schedule.rate(Duration.days(1)), "rate(1 day)"),
        (0.25, "0.25"),
    ],
)
def test_values_are_shown_as_a_person_typed_them(value, written):
    assert shown(value) == written


def test_a_mistyped_region_is_named_with_those_that_were_meant():
    with pytest.raises(InvalidOptions) as raised:
        check_regions("Shop", {"primary": "eu-wset-1", "recovery": "eu-central-1"})

    assert str(raised.value) == (
        "Shop: 'primary' is 'eu-wset-1'; allowed: a Region of AWS; did you mean eu-west-1 or us-west-1 or eu-west-3?,"
        " because what cannot be found can neither be deployed to nor failed over to"
        " (https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-regions.html)"
    )


def test_every_unknown_region_is_told_and_a_token_is_not_judged():
    with pytest.raises(InvalidOptions) as raised:
        check_regions("Shop", {"primary": "moon", "recovery": "mars", "third": Aws.REGION})

    assert [problem.option for problem in raised.value.problems] == ["primary", "recovery"]
