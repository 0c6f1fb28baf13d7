"""The page in a real Chromium: what a reader does with it, and what it must never do."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from browser import Watched, chromium
from contrast import contrast

from cdk_standby_review import review_templates
from cdk_standby_review.report import as_html

HOSTILE = "<script>document.title='run'</script><img src=x onerror=alert(1)>"
REGION = "fault-region-eu-west-1"


@pytest.fixture(scope="module")
def address(make, tmp_path_factory) -> str:
    logged = [{"Key": "access_logs.s3.bucket", "Value": {"Ref": "Logs"}}]
    balancer = make.resource("AWS::ElasticLoadBalancingV2::LoadBalancer", LoadBalancerAttributes=logged)
    buckets = {HOSTILE: make.resource("AWS::S3::Bucket"), "Logs": make.resource("AWS::S3::Bucket")}
    strange = {"Balancer": balancer, "X": make.resource(f"AWS::New::{HOSTILE}")}
    hostile = make.template(buckets | strange, name=f"<b>{HOSTILE}")
    base = make.template({"Gone": make.resource("AWS::RDS::DBInstance", Engine="postgres")}, name=f"<b>{HOSTILE}")
    well_built = make.warm_standby()
    found = review_templates([*well_built, hostile], against=[*well_built, base])
    file: Path = tmp_path_factory.mktemp("page") / "review.html"
    file.write_text(as_html(found), encoding="utf-8")
    return file.as_uri()


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with chromium() as started:
        yield started


@pytest.fixture(scope="module")
def watched(browser, address) -> Watched:
    return Watched(browser, address, viewport={"width": 1280, "height": 900})


@pytest.fixture
def page(watched) -> Iterator[Any]:
    yield watched.page
    watched.page.keyboard.press("Escape")
    watched.page.emulate_media(media="screen", color_scheme="light")
    watched.page.set_viewport_size({"width": 1280, "height": 900})


def said(page: Any) -> str:
    return page.locator("#said").inner_text()


def button(page: Any, slug: str = REGION) -> Any:
    return page.locator(f"button[data-slug='{slug}']")


def shown(page: Any) -> list[str]:
    return page.evaluate(
        "[...document.querySelectorAll('.outcomes tbody')].filter((e) => e.checkVisibility()).map((e) => e.id)"
    )


def words(page: Any, number: int) -> dict[str, str]:
    """What the picture of a deployment says of its nodes."""
    return page.evaluate(
        """(number) => Object.fromEntries([...document.querySelectorAll('.picture')[number].querySelectorAll('.node')]
          .map((node) => [node.querySelector('.kind').textContent + ' ' + node.querySelector('.name').textContent,
                          node.querySelector('.word').textContent]))""",
        number,
    )


def test_it_opens_without_a_complaint_and_asks_for_nothing_but_itself(watched, address, page):
    button(page).click()

    assert page.title() == "Resilience review"
    assert watched.said == []
    assert {asked.partition("#")[0] for asked in watched.asked} == {address}


def test_what_a_template_says_is_text_and_never_runs(page):
    assert page.locator("main script, main img, main b").count() == 0
    assert page.title() == "Resilience review"
    assert page.get_by_text(HOSTILE).count() > 0


def test_a_click_shows_what_a_fault_does_and_says_so(page):
    button(page).click()

    assert button(page).get_attribute("aria-pressed") == "true"
    assert said(page).startswith("Loss of eu-west-1: of 2 workloads 1 lost, 1 recover by runbook. Resources: ")
    assert shown(page) == [REGION]
    assert words(page, 1)["DB cluster Db"] == "by runbook"
    assert words(page, 1)["DB instance Instance0"] == "goes with it"
    assert words(page, 0)["Not judged X"] == "not judged"
    assert words(page, 0)["S3 bucket Logs"] == "(lost)"
    assert page.locator(".place.region.struck .head").all_text_contents() == ["eu-west-1", "eu-west-1 serves"]


def test_a_second_click_takes_it_back(page):
    button(page).click()
    button(page).click()

    assert button(page).get_attribute("aria-pressed") == "false"
    assert said(page) == "No fault is chosen."
    assert len(shown(page)) > 5
    assert page.locator(".struck, .node.told").count() == 0


def test_arrow_keys_enter_and_escape_do_the_same(page):
    page.locator("button[data-fault]").first.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")

    assert said(page).startswith("Loss of zone eu-central-1a: ")
    assert page.locator(".place.zone.struck").count() == 1

    page.keyboard.press("End")
    page.keyboard.press("ArrowRight")
    page.keyboard.press(" ")

    assert said(page).startswith("Loss of any one instance: ")

    page.keyboard.press("Escape")

    assert said(page) == "No fault is chosen."


def test_one_fault_at_a_time_can_be_reached_with_tab(page):
    button(page).click()

    assert page.locator("button[data-fault][tabindex='0']").get_attribute("data-slug") == REGION


def test_the_address_keeps_the_fault(page, address):
    button(page).click()

    assert page.url == f"{address}#{REGION}"

    page.evaluate("location.hash = 'fault-deletion'")
    page.locator("[data-slug=fault-deletion][aria-pressed=true]").wait_for()

    assert said(page).startswith("Deletion or corruption of data: ")


def test_an_address_with_a_fault_opens_with_it(browser, address):
    opened = Watched(browser, f"{address}#{REGION}")

    assert said(opened.page).startswith("Loss of eu-west-1: ")
    assert shown(opened.page) == [REGION]
    assert opened.said == []


def test_dark_is_dark_and_what_is_written_can_be_read(page):
    button(page).click()
    light = page.evaluate(COLOURS)
    page.emulate_media(color_scheme="dark")
    page.wait_for_timeout(200)
    dark = page.evaluate(COLOURS)

    assert [colour for colour in light if colour in dark] == []
    assert min(light[0]["back"]) > 200
    assert max(dark[0]["back"]) < 60
    assert [
        f"{c['what']} {contrast(c['ink'], c['back']):.1f}" for c in light + dark if contrast(c["ink"], c["back"]) < 4.5
    ] == []


COLOURS = """() => {
  const rgb = (text) => text.match(/[\\d.]+/g).slice(0, 3).map(Number);
  const html = (selector) => {
    const one = document.querySelector(selector), style = getComputedStyle(one);
    return { what: selector, ink: rgb(style.color), back: rgb(style.backgroundColor) };
  };
  const node = (kind) => {
    const one = document.querySelector(`.node.told.${kind}`);
    return { what: kind, ink: rgb(getComputedStyle(one.querySelector('.word')).fill),
             back: rgb(getComputedStyle(one.querySelector('.body')).fill) };
  };
  return [html('body'), html('.badge.lost'), html('.badge.survives'), html('.choice'), html('#said'),
          node('runbook'), node('lost'), node('itself'), node('survives')];
}"""


HIDDEN = """() => [...document.querySelectorAll('main table, main li, main .picture')]
  .filter((one) => !one.checkVisibility({ contentVisibilityAuto: true, visibilityProperty: true })).length"""


def test_paper_shows_everything_and_nothing_to_click(page):
    button(page).click()
    assert page.evaluate(HIDDEN) > 0

    page.emulate_media(media="print")

    assert page.evaluate(HIDDEN) == 0
    assert len(shown(page)) > 5
    assert page.locator("button:visible").count() == 0


def test_paper_is_closed_again_afterwards(page):
    page.emulate_media(media="print")
    page.locator(".cards >> visible=true").first.wait_for()
    page.emulate_media(media="screen")

    page.locator("details:not([open])").first.wait_for()

    assert page.evaluate(HIDDEN) > 0


def test_a_phone_scrolls_tables_and_pictures_but_not_the_page(page):
    page.set_viewport_size({"width": 360, "height": 740})
    button(page).click()

    assert page.evaluate("document.documentElement.scrollWidth") == 360
    assert page.evaluate("[...document.querySelectorAll('.drawn')].some((one) => one.scrollWidth > one.clientWidth)")


def test_without_a_script_all_of_it_is_there(browser, address):
    opened = Watched(browser, f"{address}#{REGION}", java_script_enabled=False)

    assert opened.page.locator("button:visible").count() == 0
    assert opened.page.locator(".outcomes tbody:visible").count() > 5
    assert opened.page.get_by_text("the secondary cluster in eu-central-1 is promoted").first.is_visible()
    assert opened.page.locator(".picture").first.is_visible()


@pytest.mark.parametrize(("ci", "ends"), [("", pytest.skip.Exception), ("true", pytest.fail.Exception)])
def test_without_a_browser_these_tests_are_skipped_and_fail_in_ci(ci, ends, monkeypatch):
    monkeypatch.setenv("PATH", "")
    monkeypatch.setenv("CI", ci)

    with pytest.raises(ends), chromium():
        pass
