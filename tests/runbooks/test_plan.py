"""A plan: the order of its steps, its bytes, and what it refuses to be."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cdk_standby_runbooks.errors import PlanUnreadable
from cdk_standby_runbooks.plan import Capacity, GlobalDatabase, Plan, PlanInvalid, ScalingGroup, make_plan

IRELAND, FRANKFURT = "eu-west-1", "eu-central-1"


def words(plan: Plan, runbook: str) -> list[str]:
    return [" ".join([*spec.to_dict().values()]) for spec in plan.runbooks[runbook]]


def test_an_unplanned_failover_starts_instances_before_it_promotes_and_waits_for_them_after(plan: Plan) -> None:
    assert words(plan, "failover") == [
        "record database eu-central-1",
        "scale service eu-central-1 full",
        "promote database eu-central-1",
        "capacity service eu-central-1 full",
        "switch traffic eu-central-1",
        "verify eu-central-1",
    ]


def test_a_failback_shrinks_the_recovery_region_last(plan: Plan) -> None:
    assert words(plan, "failback") == [
        "ready database eu-west-1",
        "scale service eu-west-1 full",
        "capacity service eu-west-1 full",
        "switchover database eu-west-1",
        "switch traffic eu-west-1",
        "verify eu-west-1",
        "settle eu-central-1",
        "scale service eu-central-1 standby",
        "capacity service eu-central-1 standby",
    ]


def test_a_plan_survives_the_way_through_a_parameter(plan: Plan) -> None:
    written = plan.to_json()

    assert Plan.from_json(written) == plan
    assert written == json.dumps(json.loads(written), sort_keys=True, separators=(",", ":"))
    assert len(written) < 4096


names = st.text("abcdefghijklmnopqrstuvwxyz-", min_size=1, max_size=20)


@given(groups=st.lists(names, unique=True, max_size=3), databases=st.lists(names, unique=True, max_size=3))
def test_any_plan_that_can_be_made_can_be_read(groups: list[str], databases: list[str]) -> None:
    made = make_plan(
        workload="shop",
        account="111111111111",
        strategy="warm-standby",
        primary=IRELAND,
        recovery=FRANKFURT,
        objectives={},
        databases=[
            GlobalDatabase(name=n, global_cluster=n, clusters={IRELAND: n, FRANKFURT: n}) for n in databases
        ],
        groups=[
            ScalingGroup(name=n, groups={IRELAND: n, FRANKFURT: n}, full=Capacity(minimum=3, maximum=6),
                         standby=Capacity(minimum=1, maximum=6))
            for n in groups if n not in databases
        ],
    )  # fmt: skip

    assert Plan.from_json(made.to_json()) == made


def test_parts_that_contradict_each_other_are_all_named_at_synth(plan: Plan) -> None:
    group = replace(plan.groups[0], full=Capacity(minimum=30, maximum=24), groups={IRELAND: "a", "eu-north-1": "b"})
    assert plan.traffic is not None

    with pytest.raises(PlanInvalid) as caught:
        make_plan(
            workload="shop",
            account="111111111111",
            strategy="warm-standby",
            primary=FRANKFURT,
            recovery=IRELAND,
            objectives=plan.objectives,
            groups=[group],
            traffic=plan.traffic,
        )

    assert str(caught.value) == (
        "the recovery plan of shop contradicts itself:\n"
        "  groups 'service' names eu-north-1, eu-west-1; expected exactly eu-central-1 and eu-west-1\n"
        "  groups 'service': 'full' is minimum 30, maximum 24; allowed: 0 <= minimum <= maximum\n"
        "  traffic switch: 'leaves' is eu-west-1; expected the primary Region eu-central-1\n"
        "  traffic switch: 'held_in' is eu-central-1; expected the recovery Region eu-west-1"
    )


def test_a_plan_that_is_too_long_for_its_parameter(plan: Plan) -> None:
    database = GlobalDatabase(name="d" * 1000, global_cluster="g", clusters={IRELAND: "a", FRANKFURT: "b"})

    with pytest.raises(PlanInvalid) as caught:
        make_plan(
            workload="shop",
            account="111111111111",
            strategy="warm-standby",
            primary=IRELAND,
            recovery=FRANKFURT,
            objectives={},
            databases=[database],
        )

    assert str(caught.value) == (
        "the recovery plan of shop has 7714 characters; allowed: 4096, the size of a standard SSM parameter; shorten "
        "names or split the workload "
        "(https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-advanced-parameters.html)"
    )


def changed(plan: Plan, **changes: Any) -> str:
    fields = json.loads(plan.to_json())
    for name, value in changes.items():
        if value is None:
            del fields[name]
        else:
            fields[name] = value
    return json.dumps(fields)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"format": 2}, "shop.json has format 2; this version of cdk-standby reads format 1"),
        (
            {"account": 1, "primary": None, "colour": "red"},
            "shop.json is incomplete:\n"
            "  'colour' is unknown\n"
            "  'account' is 1; expected a text\n"
            "  'primary' is missing; expected a text",
        ),
        (
            {"databases": [{"name": "database", "kind": "aurora-global", "clusters": {IRELAND: True}}]},
            "shop.json is incomplete:\n"
            "  'databases[0].global_cluster' is missing; expected a text\n"
            "  'databases[0].clusters.eu-west-1' is True; expected a text",
        ),
        (
            {"databases": [{"name": "database", "kind": "oracle", "global_cluster": "g", "clusters": {IRELAND: "a"}}]},
            "shop.json contradicts itself:\n"
            "  databases 'database' names eu-west-1; expected exactly eu-central-1 and eu-west-1\n"
            "  databases 'database' is of kind oracle; this version knows aurora-global",
        ),
        (
            {"databases": []},
            "shop.json contradicts itself:\n"
            "  runbook 'failback' wants to ready 'database' at 'eu-west-1', which the plan does not describe\n"
            "  runbook 'failback' wants to switchover 'database' at 'eu-west-1', which the plan does not describe\n"
            "  runbook 'failover' wants to record 'database' at 'eu-central-1', which the plan does not describe\n"
            "  runbook 'failover' wants to promote 'database' at 'eu-central-1', which the plan does not describe\n"
            "  runbook 'planned' wants to ready 'database' at 'eu-central-1', which the plan does not describe\n"
            "  runbook 'planned' wants to switchover 'database' at 'eu-central-1', which the plan does not describe",
        ),
    ],
)
def test_a_plan_that_cannot_be_read_says_every_reason(plan: Plan, changes: dict[str, Any], message: str) -> None:
    with pytest.raises(PlanUnreadable) as caught:
        Plan.from_json(changed(plan, **changes), source="shop.json")

    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "the plan is not JSON: Expecting property name enclosed in double quotes: line 1 column 2 (char 1)"),
        ("[]", "the plan is not a recovery plan: expected an object with 'format', 'workload' and so on"),
        ("{}", "the plan has format None; this version of cdk-standby reads format 1"),
    ],
)
def test_text_that_is_no_plan(text: str, message: str) -> None:
    with pytest.raises(PlanUnreadable) as caught:
        Plan.from_json(text)

    assert str(caught.value) == message


def test_an_unknown_fault_among_the_objectives_is_unreadable_and_no_crash(plan: Plan) -> None:
    with pytest.raises(PlanUnreadable) as caught:
        Plan.from_json(changed(plan, objectives={"meteor": {"rto": 1, "rpo": 1}}))

    assert str(caught.value) == (
        "the plan has objectives that cannot be read: unknown fault meteor; "
        "known: account, deletion, instance, region, zone"
    )
