"""What a change does to the bill, and what holds for every bill."""

from __future__ import annotations

import copy
import json
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cdk_standby_review import review_templates
from cdk_standby_review.costs import Prices, cost_of, our_prices, total
from cdk_standby_review.facts import Range
from cdk_standby_review.graph import Graph
from cdk_standby_review.report import as_html, as_json, as_markdown, as_text

FEW = settings(max_examples=12, deadline=None)
GP3 = {"Ebs": {"VolumeSize": 10, "VolumeType": "gp3"}}


def group(make, minimum, maximum, kind="m7g.large"):
    data = {"InstanceType": kind, "BlockDeviceMappings": [GP3]}
    template = {"LaunchTemplateId": {"Ref": "Template"}}
    return {
        "Template": make.resource("AWS::EC2::LaunchTemplate", LaunchTemplateData=data),
        **make.group(minimum=minimum, maximum=maximum, LaunchTemplate=template),
    }


@pytest.fixture(scope="module")
def changed(make):
    """The review of a change of one template."""

    def ask(base, head):
        keep = {"Topic": make.resource("AWS::SNS::Topic")}
        return review_templates([make.template(keep | head)], against=[make.template(keep | base)])

    return ask


def test_only_what_changed_counts(make, changed):
    nat = make.resource("AWS::EC2::NatGateway")

    cost = changed({"A": nat, **group(make, 1, 50)}, {"A": nat, "B": nat, **group(make, 1, 50)}).cost

    assert cost.change == Range(35.04, 35.04)
    assert [line.resource.logical_id for line in cost.difference[0].more] == ["B"]


def test_what_stays_is_compared_at_its_least_and_at_its_most(make, changed):
    cost = changed(group(make, 2, 10), group(make, 2, 10, "m7g.xlarge")).cost

    assert cost.change == Range(132.71, 663.57)  # 2 and 10 times 730 hours at 0.1819 - 0.091 USD
    assert [line.what for line in (*cost.difference[0].less, *cost.difference[0].more)] == [
        "2 to 10 x m7g.large",
        "2 to 10 x m7g.xlarge",
    ]


def test_what_is_gone_is_less_from_its_least_to_its_most(make, changed):
    cost = changed(group(make, 1, 2), {}).cost

    assert cost.change == Range(-134.62, -67.31)


def test_a_change_of_nothing_that_costs_leaves_the_bill(make, changed):
    found = changed({}, {"Role": make.resource("AWS::IAM::Role")})

    assert (found.cost.difference, found.cost.change) == ((), Range(0, 0))
    assert "**Costs of a month: unchanged.**" in as_markdown(found)


def test_a_size_that_nobody_prices_is_named_and_not_counted(make, changed):
    was = make.resource("AWS::DAX::Cluster", NodeType="dax.r5.large", ReplicationFactor=3)
    now = make.resource("AWS::DAX::Cluster", NodeType="dax.r7i.large", ReplicationFactor=3)

    found = changed({"Dax": was}, {"Dax": now})

    assert [gap.why for gap in found.cost.difference[0].unknown] == [
        "no price of dax/dax.r7i.large in eu-west-1",
        "before: no price of dax/dax.r5.large in eu-west-1",
    ]
    assert "**Costs of a month: what changes is not known**" in as_markdown(found)


def test_the_comment_says_it_beside_the_verdict(make, changed):
    found = changed({}, group(make, 1, 2))

    told = as_markdown(found).split("\n\n")

    assert told[2].startswith("### This change: ")
    assert next(part for part in told if part.startswith("**Costs")) == (
        "**Costs: +67.31 to +135 USD a month in eu-west-1** (list prices, on demand, no discounts, USD; prices of "
        "2026-11-21, the table that comes with the review; assumed)."
    )
    assert "<summary>Cost of a month: USD 67.31 to 135</summary>" in "".join(told)
    assert "| - | eu-west-1 | - | 67.31 to 135 | assumed | - |" in "".join(told)
    assert "| eu-west-1 | `stack-eu-west-1/Group` | 1 to 2 x m7g.large | 66.43 to 133 | documented |" in "".join(told)
    assert "Prices from: assumed: what EBS is listed at in these Regions as far as known;" in "".join(told)
    assert "; https://aws.amazon.com/ec2/pricing/on-demand/ (2025-11-04)." in "".join(told)


def test_the_terminal_says_it_too(make, changed):
    told = as_text(changed({}, {"Nat": make.resource("AWS::EC2::NatGateway"), "X": make.resource("AWS::New::Thing")}))

    assert told.endswith(
        "Costs: at least +35.04 USD a month in eu-west-1.\n\n"
        "Cost of a month, from what idles to full size (list prices, on demand, no discounts, USD; prices of\n"
        "2026-11-21, the table that comes with the review; documented):\n"
        "Workload  Region     Role  USD a month     Known by    Not known\n"
        "-         eu-west-1  -     at least 35.04  documented  1\n\n"
        "not known: nobody taught the review what AWS::New::Thing costs: stack-eu-west-1/X\n"
    )


def test_a_bill_that_lacks_something_does_not_look_complete(make, changed):
    nat, new = make.resource("AWS::EC2::NatGateway"), make.resource("AWS::New::Thing")

    found = changed({"Nat": nat}, {"Nat": nat, "Other": nat, "X": new})
    told = json.loads(as_json(found))["cost"]

    assert (told["complete"], told["sites"][0]["complete"]) == (False, False)
    assert (told["difference"]["complete"], told["difference"]["sites"][0]["complete"]) == (False, False)
    assert "**Costs: at least +35.04 USD a month in eu-west-1**" in as_markdown(found)
    assert "<summary>Cost of a month: USD at least 70.08, and what 1 more thing costs is not known<" in as_markdown(
        found
    )
    assert "USD at least 70.08 a month" in as_html(found)


def test_what_is_gone_without_a_price_may_make_it_less(make, changed):
    nat, old = make.resource("AWS::EC2::NatGateway"), make.resource("AWS::New::Thing")

    found = changed({"X": old}, {"Nat": nat})

    assert "Costs: as far as known +35.04 USD a month in eu-west-1." in as_text(found)
    assert json.loads(as_json(found))["cost"]["complete"] is True


def test_a_step_up_the_ladder_costs_more_while_nothing_happens(make):
    """Pilot light to warm standby: the standby's group no longer idles at zero."""
    warm = make.warm_standby()
    for template in warm:
        service = template.body["Resources"].get("Service")
        if service:
            data = {"InstanceType": "m7g.large", "BlockDeviceMappings": [GP3]}
            template.body["Resources"]["Launch"] = make.resource("AWS::EC2::LaunchTemplate", LaunchTemplateData=data)
            service["Properties"]["LaunchTemplate"] = {"LaunchTemplateId": {"Ref": "Launch"}}
    pilot = copy.deepcopy(warm)
    standby = next(t for t in pilot if t.region == "eu-central-1").body["Resources"]["Service"]["Properties"]
    standby["MinSize"] = "0"

    cost = review_templates(warm, against=pilot).cost

    assert [(d.workload, d.region, d.role) for d in cost.difference] == [("shop", "eu-central-1", "standby")]
    assert cost.change == Range(0, 144.69)  # 2 x 730 hours at 0.0978 USD, and 2 x 10 GB at 0.0952


KINDS = st.sampled_from(
    [
        ("AWS::EC2::NatGateway", {}),
        ("AWS::EC2::EIP", {}),
        ("AWS::KMS::Key", {"EnableKeyRotation": True}),
        ("AWS::Route53::HealthCheck", {"HealthCheckConfig": {"Type": "HTTPS"}}),
        ("AWS::ElastiCache::CacheCluster", {"CacheNodeType": "cache.t4g.micro", "Engine": "redis"}),
        ("AWS::ElastiCache::CacheCluster", {"CacheNodeType": "cache.huge", "Engine": "redis"}),
        ("AWS::S3::Bucket", {}),
        ("AWS::IAM::Role", {}),
        ("AWS::New::Thing", {}),
    ]
)


def bill(make, kinds):
    resources = {f"R{number}": make.resource(kind, **properties) for number, (kind, properties) in enumerate(kinds)}
    return cost_of(Graph([make.template(resources)]))


@FEW
@given(kinds=st.lists(KINDS, max_size=6), more=KINDS)
def test_one_more_resource_never_costs_less(make, kinds, more):
    before, after = bill(make, kinds).monthly, bill(make, [*kinds, more]).monthly

    assert 0 <= before.low <= before.high
    assert (after.low >= before.low, after.high >= before.high) == (True, True)


@FEW
@given(kinds=st.lists(KINDS, max_size=6), seed=st.integers(0, 99))
def test_sites_add_up_and_order_does_not_matter(make, kinds, seed):
    named = [(f"R{number}", make.resource(*kind[:1], **kind[1])) for number, kind in enumerate(kinds)]
    mixed = random.Random(seed).sample(named, len(named))
    regions = ("eu-west-1", "eu-central-1")

    one, other = (
        cost_of(Graph([make.template(dict(order), region=region) for region in regions])) for order in (named, mixed)
    )

    assert one.monthly == total(site.monthly for site in one.sites)
    assert [(s.monthly, [line.what for line in s.lines]) for s in one.sites] == [
        (s.monthly, [line.what for line in s.lines]) for s in other.sites
    ]
    assert sum((one.coverage.priced, one.coverage.by_use, one.coverage.free, one.coverage.unknown)) == 2 * len(kinds)


@FEW
@given(kinds=st.lists(KINDS, max_size=6), more=KINDS)
def test_the_difference_of_what_is_added_is_what_it_costs(make, kinds, more):
    def resources(listed):
        return {f"R{n}": make.resource(kind, **properties) for n, (kind, properties) in enumerate(listed)}

    base, head = resources([*kinds, ("AWS::SNS::Topic", {})]), {}
    head = {**base, "More": make.resource(more[0], **more[1])}

    cost = review_templates([make.template(head)], against=[make.template(base)]).cost

    assert cost.change == bill(make, [more]).monthly


@FEW
@given(amount=st.floats(0, 9), region=st.sampled_from(["eu-west-1", "*"]))
def test_what_lies_above_is_told_and_the_rest_stays(amount, region):
    ours = our_prices()
    known = ours.of("vpc/nat-gateway", "eu-west-1")
    above = Prices({("vpc/nat-gateway", region): type(known)(**_fields(known) | {"amount": amount})}, ours.source)

    both = above.over(ours)

    assert both.of("vpc/nat-gateway", "eu-west-1").amount == amount
    assert all(both.of(p.item, p.region) == p for p in ours if p.item != "vpc/nat-gateway")


def _fields(price):
    return {name: getattr(price, name) for name in type(price).__dataclass_fields__}
