"""What holds for every template: more redundancy is never worse, order never matters."""

from __future__ import annotations

import random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from cdk_standby_review import Fate, review_templates
from cdk_standby_review.changes.fates import RANK
from cdk_standby_review.facts import Range
from cdk_standby_review.faults import outcomes
from cdk_standby_review.graph import Graph
from cdk_standby_review.report import FORMATS, as_json

FEW = settings(max_examples=40, deadline=None)
SOME = settings(max_examples=15, deadline=None)


def badness(make: Any, resources: dict[str, Any]) -> dict[tuple[str, str, str], tuple[int, float, float]]:
    graph = Graph([make.template(resources)])
    return {
        (str(o.case.fault), o.case.where, o.resource.logical_id): (
            RANK[o.fate],
            _high(o.judgement.rto),
            _high(o.judgement.rpo),
        )
        for o in outcomes(graph)
    }


def _high(figure: Range | None) -> float:
    return float("inf") if figure is None else figure.high


def never_worse(make: Any, less: dict[str, Any], more: dict[str, Any]) -> None:
    before, after = badness(make, make.network() | less), badness(make, make.network() | more)

    assert [key for key in before if after[key] > before[key]] == []


@FEW
@given(instances=st.integers(0, 4), more=st.integers(1, 4), zones=st.sampled_from(["a", "ab", "abc"]))
def test_more_aurora_instances_are_never_worse(make, instances, more, zones):
    if instances == 0:  # a headless cluster has nothing to lose: it is another thing, not a weaker one
        instances = 1
    never_worse(make, make.aurora(instances, zones), make.aurora(instances + more, zones))


@FEW
@given(
    minimum=st.integers(1, 9), more=st.integers(0, 9), zones=st.sampled_from([("a", "ab"), ("ab", "abc"), ("a", "abc")])
)
def test_more_instances_over_more_zones_are_never_worse(make, minimum, more, zones):
    less, wider = zones
    before = badness(make, make.network() | make.group(less, minimum))
    after = badness(make, make.network() | make.group(wider, minimum + more))

    worst = {
        fault: max(v for (f, _, _), v in found.items() if f == fault)
        for found in (before,)
        for fault in ("zone", "instance")
    }
    for (fault, _, _), value in after.items():
        if fault in worst:
            assert value <= worst[fault]


@FEW
@given(days=st.integers(0, 34), more=st.integers(1, 35), standby=st.booleans())
def test_more_backups_and_a_standby_are_never_worse(make, days, more, standby):
    less = make.rds(MultiAZ=False, BackupRetentionPeriod=days)
    better = make.rds(MultiAZ=standby, BackupRetentionPeriod=min(35, days + more))
    never_worse(make, less, better)


@FEW
@given(schedule=st.sampled_from(["cron(0 * * * ? *)", "cron(0 5 * * ? *)", "rate(12 hours)"]), copied=st.booleans())
def test_backup_plans_and_copies_are_never_worse(make, schedule, copied):
    arn = {"Fn::GetAtt": ["Db", "DBClusterArn"]}
    plan = make.backup(arn, schedule=schedule, copy_to="eu-central-1" if copied else None)
    never_worse(make, make.aurora(2), make.aurora(2) | plan)


@FEW
@given(seed=st.integers(0, 10_000))
def test_the_order_of_resources_and_templates_never_matters(make, seed):
    ordered = make.warm_standby()
    shuffled = make.warm_standby()
    chance = random.Random(seed)
    chance.shuffle(shuffled)
    for template in shuffled:
        rows = list(template.body["Resources"].items())
        chance.shuffle(rows)
        template.body["Resources"].clear()
        template.body["Resources"].update(rows)

    assert as_json(review_templates(shuffled)) == as_json(review_templates(ordered))


def test_two_runs_give_the_same_bytes(make):
    for form in FORMATS.values():
        assert form(review_templates(make.warm_standby())) == form(review_templates(make.warm_standby()))


PROTECTIVE = {
    "Db": {
        "MultiAZ": (True, False),
        "BackupRetentionPeriod": (35, 1, 0),
        "DeletionProtection": (True, False),
        "StorageEncrypted": (True, False),
    },
    "Orders": {
        "PointInTimeRecoverySpecification": (
            {"PointInTimeRecoveryEnabled": True},
            {"PointInTimeRecoveryEnabled": False},
        ),
        "DeletionProtectionEnabled": (True, False),
    },
    "Files": {"VersioningConfiguration": ({"Status": "Enabled"}, {"Status": "Suspended"})},
    "Group2": {"MinSize": ("6", "3", "1")},
}
"""Properties of resources, what protects most first."""
KEYS = [(name, option) for name, properties in PROTECTIVE.items() for option in properties]
WORSE = {"outcome-worse", "protection-weakened", "access-widened", "objective-newly-missed"}


def protected(make: Any, levels: dict[tuple[str, str], int]) -> dict[str, Any]:
    """An app in which every protection is at a level; 0 is the best."""
    found = make.network() | make.rds() | {"Group2": make.group()["Group"]}
    found |= {"Orders": make.resource("AWS::DynamoDB::Table"), "Files": make.resource("AWS::S3::Bucket")}
    for (name, option), level in levels.items():
        values = PROTECTIVE[name][option]
        found[name]["Properties"][option] = values[min(level, len(values) - 1)]
    return found


LEVELS = st.fixed_dictionaries({key: st.integers(0, 2) for key in KEYS})


@SOME
@given(levels=LEVELS, weaker=st.sampled_from(KEYS))
def test_taking_a_protection_away_is_never_better_and_giving_it_back_never_worse(make, levels, weaker):
    strong = make.template(protected(make, levels | {weaker: 0}))
    weak = make.template(protected(make, levels | {weaker: 2}))

    down = {str(c.kind) for c in review_templates([weak], against=[strong]).changes}
    up = {str(c.kind) for c in review_templates([strong], against=[weak]).changes}

    assert "protection-weakened" in down
    assert "outcome-better" not in down
    assert not WORSE & up


@SOME
@given(levels=LEVELS, seed=st.integers(0, 10_000))
def test_the_order_of_resources_never_matters_to_what_a_change_does(make, levels, seed):
    base, head = protected(make, {}), protected(make, levels)
    rows = [*base.items()], [*head.items()]
    for each in rows:
        random.Random(seed).shuffle(each)
    mixed = [make.template(dict(each)) for each in rows]

    one = review_templates([make.template(head)], against=[make.template(base)])
    other = review_templates([mixed[1]], against=[mixed[0]])

    assert [form(one) for form in FORMATS.values()] == [form(other) for form in FORMATS.values()]


def test_an_unknown_type_is_named_and_never_judged(make):
    resources = make.group() | make.network() | {"Thing": make.resource("AWS::Quantum::Computer")}

    found = review_templates([make.template(resources)])

    assert list(found.coverage.unknown) == ["AWS::Quantum::Computer"]
    assert [o for o in found.outcomes if o.resource.logical_id == "Thing"] == []
    assert found.coverage.percent < 100


def test_fates_stand_from_best_to_worst():
    assert [str(f) for f in sorted(Fate, key=lambda f: f.badness)][:4] == [
        "survives",
        "recovers by itself",
        "recovers by runbook",
        "lost",
    ]
