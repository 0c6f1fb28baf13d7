"""The figures behind advice: outages, losses, costs and uptimes, each from facts."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cdk_standby_review import Fault, Objectives, Recovery, review_templates
from cdk_standby_review.advice.bills import bill_of
from cdk_standby_review.advice.costs import Bill, factor
from cdk_standby_review.advice.durations import seconds_of
from cdk_standby_review.advice.models import STORES, model
from cdk_standby_review.advice.options import Objective, advise
from cdk_standby_review.advice.report import FORMATS
from cdk_standby_review.advice.subjects import read_subject
from cdk_standby_review.errors import UnreadableInput
from cdk_standby_review.facts import Range
from cdk_standby_review.facts.strategies import LADDER
from cdk_standby_runbooks.cli import main


@pytest.fixture
def shop(written, monkeypatch):
    """`shop({...})`: the file shop.json in the folder where commands are typed."""

    def write(workload):
        monkeypatch.chdir(written({"shop.json": workload}))
        return "shop.json"

    return write


@pytest.mark.capability("DR-24")
@pytest.mark.parametrize(
    ("uptime", "stores", "word", "instead"),
    [
        ("99.95", ["aurora"], "PilotLight", []),
        ("99.98", ["aurora"], "MultiSite", []),
        ("99.99", ["dynamodb"], "MultiSite", []),
        (
            "99.99",
            ["aurora"],
            None,
            [
                "MultiSite over DynamoDB tables with strong consistency over Regions (MRSC) or an Aurora DSQL cluster "
                "promises 99.9989%"
            ],
        ),
        (
            "99.9999",
            ["aurora"],
            None,
            [
                "no agreement promises 99.9999%: MultiSite over DynamoDB tables with strong consistency over Regions "
                "(MRSC) comes to 99.9989%, the most"
            ],
        ),
    ],
)
def test_an_uptime_that_the_parts_do_not_promise_together_is_refused(uptime, stores, word, instead, shop, capsys):
    file = shop({"stores": stores})

    code = main(["advise", "--rto", "15m", "--rpo", "1m", "--uptime", uptime, "--format", "json", file])

    told = json.loads(capsys.readouterr().out)
    assert (told["cheapest"], told["instead"]) == (word, instead)
    assert code == (0 if word else 1)


@pytest.mark.parametrize("typed", ["100", "0", "-5", "five nines", "99.99%", "1e1"])
def test_an_uptime_is_a_percentage(typed, complaint):
    code = main(["advise", "--rto", "15m", "--rpo", "1m", f"--uptime={typed}"])

    assert code == 2
    assert complaint() == (
        f"cdk-standby advise: --uptime: {typed!r} is no percentage; allowed: more than 0 and less than 100, as 99.95\n"
    )


@pytest.mark.capability("DR-19")
def test_every_strategy_has_a_factor_of_redundancy(capsys):
    main(["advise", "--rto", "15m", "--rpo", "1m", "--format", "json"])

    told = json.loads(capsys.readouterr().out)
    factors = {each["word"]: tuple(each["redundancy_factor"].values()) for each in told["strategies"]}
    assert factors == {
        "MultiAz": (1, 1),
        "BackupRestore": (1.02, 1.1),
        "PilotLight": (1.23, 1.85),
        "WarmStandby": (1.35, 2),
        "MultiSite": (2.03, 2.15),
    }
    assert factors["PilotLight"][1] < 2  # redundancy need not double the costs


def test_the_shares_of_a_deployment_that_is_there_come_from_the_prices_of_the_review(make):
    empty = make.resource("AWS::AutoScaling::AutoScalingGroup", MinSize="0", MaxSize="0")
    serving = make.network() | make.aurora(2) | {"Empty": empty}
    told = {"workload": "shop", "strategy": "pilot-light", "site": "eu-west-1", "role": "active"}

    known = bill_of(review_templates([make.template(serving, **told)]).cost)
    unknown = bill_of(review_templates([make.template(serving | make.group(), **told)]).cost)

    whole = 2 * 0.305 + 3 * 0.048  # an hour: the database and NAT gateways
    assert known == Bill(
        compute=Range(0, 0),
        data=Range(round(0.61 / whole, 3), round(0.61 / whole, 3)),
        known="list prices of 2026-11-21",
    )
    assert unknown is None


def test_the_shares_of_a_bill_decide_what_a_strategy_costs():
    mostly_data = Bill(compute=Range(0.1, 0.1), data=Range(0.8, 0.8))
    mostly_compute = Bill(compute=Range(0.8, 0.8), data=Range(0.1, 0.1))

    light = next(s for s in LADDER if s.word == "PilotLight")
    assert factor(light, mostly_data).value == Range(1.48, 2.05)
    assert factor(light, mostly_compute).value == Range(1.13, 1.35)


def test_the_model_of_a_strategy_says_what_the_review_says_of_its_templates(make):
    promised = Objectives(region=Recovery(rto=timedelta(hours=1), rpo=timedelta(minutes=1)))

    reviewed = {str(e.case): e for e in review_templates(make.warm_standby(), promised).estimates}

    region, zone = (model("warm-standby", ["aurora"], fault) for fault in (Fault.REGION, Fault.ZONE))
    assert (region.rto, region.rpo) == (reviewed["loss of eu-west-1"].rto, reviewed["loss of eu-west-1"].rpo)
    assert zone.rto == reviewed["loss of zone eu-west-1a"].rto


@pytest.mark.parametrize("kind", STORES)
@pytest.mark.parametrize("fault", [Fault.REGION, Fault.ZONE])
def test_a_step_up_the_ladder_is_never_worse(kind, fault):
    found = [model(standby.name, [kind], fault) for standby in LADDER]

    outages = [e.rto.high if e.rto else float("inf") for e in found]
    losses = [e.rpo.high if e.rpo else float("inf") for e in found]
    assert outages == sorted(outages, reverse=True)
    assert losses == sorted(losses, reverse=True)


@pytest.mark.parametrize(("typed", "seconds"), [("90s", 90), ("1.5m", 90), ("2min", 120), ("4h", 14400), ("1d", 86400)])
def test_spans_are_typed_as_people_say_them(typed, seconds):
    assert seconds_of(typed) == seconds


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.sampled_from(["1d", "aurora", "s3", "", "x"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["compute", "data", "x"]), inner),
    max_leaves=4,
)
workloads = anything | st.fixed_dictionaries(
    {}, optional={"name": anything, "stores": anything, "backup_every": anything, "shares": anything, "x": anything}
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(workload=workloads)
def test_whatever_a_file_says_is_advised_on_or_refused_in_one_line(workload, tmp_path):
    file = tmp_path / "any.json"
    file.write_text(json.dumps(workload))

    try:
        told = FORMATS["text"](advise(Objective(rto=900, rpo=60), read_subject(str(file))))
    except UnreadableInput as error:
        told = str(error)
        assert "\n" not in told

    assert told
