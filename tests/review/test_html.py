"""The text of the page: what stands where, that nothing in it is from a template, and that it is the same twice."""

from __future__ import annotations

import base64
import hashlib
import re
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest
from contrast import contrast

from cdk_standby_review import Acknowledgement, Objectives, review_templates
from cdk_standby_review.knowledge import JUDGES
from cdk_standby_review.report import as_html
from cdk_standby_review.report import html as package
from cdk_standby_review.report.html._fates import CLASSES
from cdk_standby_review.report.html._kinds import Tier, kind_of, tier_of

CSS = (Path(package.__file__).parent / "page.css").read_text()
HOSTILE = "\"'><script>alert(1)</script>"


class Page(HTMLParser):
    """Elements with their attributes, and the text of a page by the id of its section."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text: dict[str, str] = {}
        self._section = ""
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        if tag == "section":
            self._section = dict(attrs)["id"]

    def handle_data(self, data):
        self.text[self._section] = self.text.get(self._section, "") + data

    def all(self, *tags: str) -> list[dict[str, str | None]]:
        return [attributes for tag, attributes in self.elements if tag in tags]


@pytest.fixture(scope="module")
def single_zone(make):
    resources = make.network() | make.rds(MultiAZ=False) | {"X": make.resource("AWS::New::Thing")}
    return make.template(resources)


@pytest.fixture(scope="module")
def told(single_zone) -> Page:
    promised = Objectives.from_seconds({"zone": {"rto": 300, "rpo": 0}})
    return Page(as_html(review_templates([single_zone], promised)))


def test_the_verdict_stands_first_then_the_objectives(told):
    assert [e["id"] for e in told.all("section")] == ["verdict", "faults", "findings", "estimates", "cost", "coverage"]
    assert told.text["verdict"].startswith("Verdict missed An objective is missed; 2 errors; 94.4% of the resources")
    assert "Nothing brings it back after: " in told.text["verdict"]


def test_changes_come_before_faults_and_say_which_property_makes_them(make):
    base = make.template({"Orders": make.resource("AWS::RDS::DBInstance", Engine="postgres", StorageEncrypted=True)})
    head = make.template({"Orders": make.resource("AWS::RDS::DBInstance", Engine="postgres", StorageEncrypted=False)})

    page = Page(as_html(review_templates([head], against=[base])))

    assert [e["id"] for e in page.all("section")][:3] == ["verdict", "changes", "faults"]
    assert "This change: 1 replaced" in page.text["verdict"]
    assert (
        "error replaced stack-eu-west-1/OrdersStorageEncrypted would change from true to false" in page.text["changes"]
    )
    assert "StorageEncrypted: true becomes false" in page.text["changes"]
    assert "replaced" in page.text["faults"]
    assert "A triangle: this change does something to it." in page.text["faults"]
    assert any("loses" in str(card["class"]) for card in page.all("li") if "class" in card)


def test_without_a_base_there_is_no_section_of_changes_and_without_objectives_no_table_of_them(make):
    page = Page(as_html(review_templates([make.template(make.network())])))

    assert "changes" not in page.text
    assert "not promised No objectives are promised" in page.text["verdict"]
    assert "RTO promised" not in page.text["verdict"]


def test_findings_outcomes_coverage_and_what_is_meant_are_told(make, single_zone):
    meant = [Acknowledgement(rule="rds-needs-standby", resource="Db", reason="a copy for tests")]

    page = Page(as_html(review_templates([single_zone], acknowledged=meant)))

    assert "Acknowledged, with the reason (1) error rds-needs-standby" in page.text["findings"]
    assert "Meant: a copy for tests" in page.text["findings"]
    assert "AWS::New::Thing1stack-eu-west-1/X" in page.text["coverage"]
    assert "DB instancestack-eu-west-1/Db recovers by runbook" in page.text["faults"]


def test_each_workload_says_what_becomes_of_it_also_by_promises_of_a_file(told):
    beside = [e for e in told.all("span") if e.get("class") == "told-of"]

    assert len(beside) == len(told.all("button"))
    assert all("hidden" in e for e in beside)


def test_no_resources_make_a_page_too(make):
    page = Page(as_html(review_templates([make.template({})])))

    assert "Nothing in these templates has a fate of its own that the review knows." in page.text["verdict"]


def test_every_type_that_is_judged_has_its_place_in_a_picture(make):
    every = make.template({f"X{n}": make.resource(each) for n, each in enumerate(JUDGES)}, region=None)

    page = as_html(review_templates([every]))

    assert page.count('class="node known"') == len(JUDGES)


@pytest.mark.parametrize(
    ("type", "kind", "tier"),
    [
        ("AWS::RDS::DBCluster", "DB cluster", Tier.STORE),
        ("AWS::RDS::DBShardGroup", "RDS DB shard group", Tier.STORE),
        ("AWS::ApiGateway::RestApi", "API Gateway REST API", Tier.DOOR),
        ("AWS::ECS::Service", "ECS service", Tier.SERVICE),
        ("AWS::EC2::VPNConnection", "VPN connection", Tier.NETWORK),
        ("AWS::New::ThingOfOurs", "New thing of ours", Tier.SUPPORT),
        ("Custom::Thing", "Custom::Thing", Tier.SUPPORT),
        ("Thing", "Thing", Tier.SUPPORT),
    ],
)
def test_a_type_has_a_short_name_and_a_place(type, kind, tier):
    assert (kind_of(type), tier_of(type)) == (kind, tier)


def test_what_is_served_from_everywhere_needs_no_region_beside_it(make):
    page = as_html(review_templates([make.template({"X": make.resource("AWS::CloudFront::Distribution")})]))

    assert page.count('class="place global"') == 1
    assert page.count('class="place region"') == 0


def test_two_runs_and_another_order_give_the_same_bytes(make):
    templates = make.warm_standby()

    assert as_html(review_templates(templates)) == as_html(review_templates(reversed(templates)))


def test_what_a_template_says_is_escaped_and_what_cannot_be_seen_is_written_out(make):
    seen = make.resource("AWS::S3::Bucket")
    page = as_html(review_templates([make.template({HOSTILE: seen, "a\u202eb\x00\ud800": seen}, name=HOSTILE)]))

    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page
    assert "a\\u202eb\\u0000\\ud800" in page
    assert page.encode("utf-8")


def test_the_policy_allows_its_own_style_and_script_and_nothing_else(make):
    page = as_html(review_templates([make.template({})]))
    style, script = (re.search(f"<{tag}[^>]*>(.*?)</{tag}>", page, re.DOTALL)[1] for tag in ("style", "script"))

    policy = next(e["content"] for e in Page(page).all("meta") if e.get("http-equiv") == "Content-Security-Policy")

    assert policy == (
        f"default-src 'none'; style-src '{_hash(style)}'; script-src '{_hash(script)}'; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )
    assert page.index("Content-Security-Policy") < page.index("<style>") < page.index("<script")


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def test_nothing_is_fetched_and_no_style_or_handler_stands_on_an_element(told):
    attributes = {name for _, found in told.elements for name in found}

    assert [e for e in told.all("link", "img", "iframe", "object", "script") if e.get("src")] == []
    assert [e["href"] for e in told.all("link")] == ["data:,"]
    assert [name for name in attributes if name.startswith("on") or name in {"style", "srcset", "action"}] == []
    assert "url(" not in re.sub(r"url\(#[a-z-]+\)", "", CSS)
    assert "@import" not in CSS


def test_links_lead_to_pages_and_to_parts_of_this_one_that_are_there(told):
    ids = [e["id"] for _, e in told.elements if "id" in e]
    links = [str(e["href"]) for e in told.all("a")]

    assert len(ids) == len(set(ids))
    assert [link for link in links if not link.startswith("https://") and link.removeprefix("#") not in ids] == []


def test_headings_are_in_order_and_tables_have_heads_captions_and_names(told):
    levels = [int(tag[1]) for tag, _ in told.elements if re.fullmatch("h[1-6]", tag)]

    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    assert [e for e in told.all("th") if e.get("scope") not in {"col", "row", "rowgroup"}] == []
    assert len(told.all("table")) == len(told.all("caption"))


def test_pictures_have_a_role_a_title_and_a_description_and_icons_are_silent(told):
    pictures = [e for e in told.all("svg") if e.get("aria-hidden") != "true"]

    assert {e["role"] for e in pictures} == {"img"}
    assert all(e.get("aria-labelledby") for e in pictures if e["class"] == "picture")
    assert "eu-west-1: DB instance in eu-west-1a and eu-west-1b and eu-west-1c" in told.text["faults"]


def test_the_page_has_a_language_landmarks_and_a_way_past_the_head(told):
    tags = [tag for tag, _ in told.elements]

    assert told.all("html") == [{"lang": "en"}]
    assert {"header", "nav", "main", "footer"} <= set(tags)
    assert told.all("a")[0] == {"href": "#verdict", "class": "skip"}


def test_each_fault_says_what_becomes_of_the_ways_of_users(make):
    page = Page(as_html(review_templates(make.warm_standby())))

    assert "Way of usersshop.example.com unknown" in page.text["faults"]
    assert "unknownnot told: what Shop-traffic/First leads to is not in the templates" in page.text["faults"]


def test_the_bill_is_a_range_with_its_date_and_a_change_of_it_stands_at_the_top(make):
    head, base = make.template(make.network()), make.template(make.network(nat="single"))

    page = Page(as_html(review_templates([head], against=[base])))

    assert re.search(r"Costs: \+[\d.]+ USD a month in eu-west-1\.", page.text["verdict"])
    assert re.search(r"USD [\d,]+ a monthFrom what idles .* prices of \d{4}-\d\d-\d\d, ", page.text["cost"])
    assert "Lines of the bill (3)" in page.text["cost"]


def test_many_resources_stand_in_few_boxes_and_few_rows(make):
    template = make.template({f"Table{n:03}": make.resource("AWS::DynamoDB::Table") for n in range(500)})

    page = as_html(review_templates([template]))

    assert page.count('class="node') == 1
    assert "DynamoDB table \N{MULTIPLICATION SIGN} 500" in page
    assert page.count("<summary>500 resources</summary>") == page.count("<tbody id=")
    assert "and 300 more" in page


TEXTS = [
    *[(ink, back) for ink in ("ink", "muted", "link") for back in ("page", "surface", "sunken")],
    *[(f, f"{f}-back") for f in CLASSES.values()],
    *[(f, "surface") for f in CLASSES.values()],
    *[("ink", f"{f}-back") for f in CLASSES.values()],
    ("link", "lost-back"),
    ("survives", "lost-back"),
]


@pytest.fixture(params=["light", "dark"])
def colours(request) -> dict[str, tuple[int, ...]]:
    blocks = re.findall(r":root \{(.*?)\}", CSS, re.DOTALL)
    written = re.findall(r"--([a-z-]+): #([0-9a-f]{6});", blocks[0 if request.param == "light" else 1])
    return {name: tuple(bytes.fromhex(colour)) for name, colour in written}


def test_every_text_is_legible_on_every_ground_that_it_stands_on(colours):
    found = {(ink, back): contrast(colours[ink], colours[back]) for ink, back in TEXTS}

    assert {pair: round(ratio, 1) for pair, ratio in found.items() if ratio < 4.5} == {}


def test_lines_that_mean_something_can_be_seen(colours):
    found = [contrast(colours["strong-line"], colours[back]) for back in ("page", "surface", "sunken")]

    assert min(found) >= 3
