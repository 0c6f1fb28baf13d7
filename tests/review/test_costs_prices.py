"""The file of prices: laid over ours, dated, and nonsense told in one line."""

from __future__ import annotations

import argparse
import json
import re

import pytest

from cdk_standby_review import UnreadableInput, cli
from cdk_standby_review.costs import cli as prices_cli
from cdk_standby_review.costs import cost_of, our_prices, read_prices
from cdk_standby_review.facts import Confidence, Range
from cdk_standby_review.graph import Graph

OURS = {
    "format": 1,
    "currency": "USD",
    "date": "2026-10-01",
    "lists": [
        {
            "source": "our agreement with AWS",
            "prices": {"vpc/nat-gateway": {"eu-west-1": 0.03}, "dax/dax.r5.large": {"eu-west-1": 0.25}},
        }
    ],
}
NAT = {"Type": "AWS::EC2::NatGateway"}
FORM = (
    'prices look like {"format": 1, "currency": "USD", "date": "2026-11-21", "lists": [{"source": "our agreement", '
    '"prices": {"ec2/linux/m7g.large": {"eu-west-1": 0.08}}}]}'
)


@pytest.fixture
def prices(written):
    def read(**changed):
        return read_prices(written({"prices.json": {**OURS, **changed}}) / "prices.json")

    return read


@pytest.fixture
def refusal(written):
    """The one line that a table of prices is refused with."""

    def ask(document):
        folder = written({"prices.json": document})
        with pytest.raises(UnreadableInput) as refused:
            read_prices(folder / "prices.json")
        return str(refused.value).removeprefix(f"{folder}/")

    return ask


def listed(**changed):
    return {**OURS, "lists": [{**OURS["lists"][0], **changed}]}


def test_a_price_of_the_file_takes_the_place_of_ours_and_leaves_the_others(prices):
    found = prices()

    assert found.of("vpc/nat-gateway", "eu-west-1").amount == 0.03
    assert found.of("vpc/nat-gateway", "eu-central-1") == our_prices().of("vpc/nat-gateway", "eu-central-1")
    assert found.of("dax/dax.r5.large", "eu-west-1").source == "our agreement with AWS"
    assert str(found.source) == "2026-11-21, the table that comes with the review and of 2026-10-01, prices.json"


def test_a_price_for_every_region_takes_the_place_of_all_of_ours(prices):
    found = prices(**listed(prices={"vpc/nat-gateway": {"*": 0.01}}))

    assert {found.of("vpc/nat-gateway", region).amount for region in ("eu-west-1", "us-east-1")} == {0.01}


def test_a_table_that_is_to_be_alone_has_no_price_of_ours(prices):
    found = prices(alone=True)

    assert len(found.table) == 2
    assert found.of("vpc/nat-gateway", "eu-central-1") is None


def test_the_file_may_say_the_region_of_templates_that_do_not(make, prices):
    template = make.template({"Nat": NAT}, region=None)

    cost = cost_of(Graph([template]), prices(region="eu-west-1"))

    assert [(site.region, site.monthly) for site in cost.sites] == [("eu-west-1", Range(21.9, 21.9))]


def test_yaml_is_read_alike(written):
    text = """
        format: 1
        currency: USD
        date: 2026-10-01
        lists:
          - source: last month's bill
            confidence: measured
            prices:
              vpc/nat-gateway: {eu-west-1: 0.03}
        """

    found = read_prices(written({"prices.yaml": text}) / "prices.yaml").of("vpc/nat-gateway", "eu-west-1")

    assert (found.amount, found.confidence, found.date) == (0.03, Confidence.MEASURED, "2026-10-01")


@pytest.mark.parametrize(
    ("document", "told"),
    [
        ([], f"prices.json: {FORM}"),
        ({**OURS, "lists": {}}, f"prices.json: 'lists' is no list; {FORM}"),
        ({**OURS, "format": 2}, "prices.json: 'format' is 2; allowed: 1"),
        ({**OURS, "currency": "EUR"}, "prices.json: 'currency' is 'EUR'; allowed: USD"),
        ({**OURS, "date": "yesterday"}, "prices.json: the table: 'date' is 'yesterday'; allowed: YYYY-MM-DD"),
        (
            {**OURS, "region": "Ireland"},
            "prices.json: 'region' is 'Ireland'; allowed: a Region, such as eu-west-1",
        ),
        (
            {**OURS, "alone": "yes"},
            "prices.json: 'alone' is 'yes'; allowed: true, for these prices and no others",
        ),
        (
            {**OURS, "price": 1},
            "prices.json: the table has an unknown field price; "
            "known: alone, currency, date, format, lists, region, says",
        ),
        (listed(source=""), "prices.json: list 1: 'source' is missing: where do its prices come from?"),
        (
            listed(confidence="sure"),
            "prices.json: list 1: 'confidence' is 'sure'; allowed: documented, measured, assumed",
        ),
        (listed(prices=[]), "prices.json: list 1: 'prices' is no object of items"),
        (
            listed(prices={"vpc/natgateway": {"eu-west-1": 1}}),
            "prices.json: list 1: 'vpc/natgateway' is no item; did you mean 'vpc/nat-gateway'?",
        ),
        (
            listed(prices={"vpc/nat-gateway": 1}),
            "prices.json: list 1: 'vpc/nat-gateway' is 1; allowed: prices by Region, such as {'eu-west-1': 0.08}",
        ),
        (
            listed(prices={"vpc/nat-gateway": {"ireland": 1}}),
            "prices.json: list 1: 'vpc/nat-gateway': 'ireland' is no Region; "
            "allowed: such as eu-west-1, or '*' for every one",
        ),
        (
            listed(prices={"vpc/nat-gateway": {"eu-west-1": "cheap"}}),
            "prices.json: list 1: 'vpc/nat-gateway' costs 'cheap' in eu-west-1; allowed: 0 or more",
        ),
        (
            listed(prices={"vpc/nat-gateway": {"eu-west-1": -1}}),
            "prices.json: list 1: 'vpc/nat-gateway' costs -1 in eu-west-1; allowed: 0 or more",
        ),
        (
            {"format": 0, "currency": "EUR", "date": "2026-10-01", "lists": [1]},
            f"prices.json: 'format' is 0; allowed: 1; 'currency' is 'EUR'; allowed: USD; list 1 is no object; {FORM}",
        ),
    ],
)  # fmt: skip
def test_nonsense_is_told_in_one_line_with_all_its_problems(document, told, refusal):
    assert refusal(document) == told


def test_of_many_problems_the_first_are_told(refusal):
    told = refusal(listed(prices={f"thing/{number}": {} for number in range(12)}))

    assert told.count("is no item") == 10
    assert told.endswith("; and 2 more")


def run(add_command, *arguments):
    parser = argparse.ArgumentParser()
    add_command(parser.add_subparsers(required=True))
    options = parser.parse_args([*map(str, arguments)])
    return options.run(options)


def test_the_command_takes_the_file_and_the_report_says_so(written, capsys):
    folder = written({"t/t.json": {"Resources": {"Nat": NAT}}, "prices.json": {**OURS, "region": "eu-west-1"}})

    code = run(cli.add_command, "review", folder / "t", "--prices", folder / "prices.json", "--format", "json")

    cost = json.loads(capsys.readouterr().out)["cost"]
    assert (code, cost["monthly"]) == (0, {"low": 21.9, "high": 21.9})
    assert cost["prices"]["used"] == [
        {
            "item": "vpc/nat-gateway",
            "region": "eu-west-1",
            "amount": 0.03,
            "unit": "hour",
            "source": "our agreement with AWS",
            "date": "2026-10-01",
            "confidence": "documented",
        }
    ]


def test_the_command_refuses_nonsense_with_exit_code_2(written, complaint):
    folder = written({"t.json": {"Resources": {"Nat": NAT}}, "prices.json": {**OURS, "format": 2}})

    code = run(cli.add_command, "review", folder / "t.json", "--prices", folder / "prices.json")

    assert (code, complaint()) == (
        2,
        f"cdk-standby review: {folder}/prices.json: 'format' is 2; allowed: 1\n",
    )


def test_a_file_that_is_not_there_is_one_line(tmp_path):
    with pytest.raises(UnreadableInput, match=re.escape(f"{tmp_path}/no.json: there is no such file")):
        read_prices(tmp_path / "no.json")


def test_our_table_is_a_file_to_start_from(written, capsys):
    code = run(prices_cli.add_command, "prices")
    folder = written({"prices.json": capsys.readouterr().out})

    found = read_prices(folder / "prices.json")

    assert code == 0
    assert {key: price.amount for key, price in found.table.items()} == {
        key: price.amount for key, price in our_prices().table.items()
    }


@pytest.mark.parametrize(
    ("region", "code", "said"),
    [
        ("eu-west-1", 0, ""),
        ("xx-west-9", 1, "cdk-standby prices: nothing is known for xx-west-9 alone\n"),
    ],
)
def test_of_our_table_some_regions_can_be_shown(region, code, said, capsys):
    assert run(prices_cli.add_command, "prices", "--region", region) == code
    shown = capsys.readouterr()
    regions = {r for each in json.loads(shown.out)["lists"] for p in each["prices"].values() for r in p}

    assert regions <= {region, "*"}
    assert shown.err == said
