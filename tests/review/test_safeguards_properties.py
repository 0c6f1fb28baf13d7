"""What holds for every account that is taken over and every way of users: more is never worse, order never matters."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from cdk_standby_review import Template
from cdk_standby_review.changes.fates import RANK
from cdk_standby_review.faults import outcomes
from cdk_standby_review.graph import Graph
from cdk_standby_review.objectives import Fault
from cdk_standby_review.outcomes import Case
from cdk_standby_review.paths import Way, ways_of
from cdk_standby_review.report.json import _way

FEW = settings(max_examples=12, deadline=None)
OWN, OTHER = "111111111111", "999999999999"
COPY = "arn:aws:backup:eu-west-1:{}:backup-vault:{}"
HAVENS: dict[str, dict[str, Any]] = {
    "an open vault": {"TargetBackupVault": "open"},
    "a vault in governance mode": {"TargetBackupVault": "governed"},
    "a vault that nobody knows": {"TargetBackupVault": "elsewhere"},
    "a vault in compliance mode": {"TargetBackupVault": "locked"},
    "an air-gapped copy": {"TargetBackupVault": "open", "to": COPY.format(OWN, "gapped")},
    "a copy in another account": {"TargetBackupVault": "open", "to": COPY.format(OTHER, "theirs")},
}
SCHEDULES = ("cron(0 * * * ? *)", "cron(0 5 * * ? *)")
RULES = st.lists(st.tuples(st.sampled_from(sorted(HAVENS)), st.sampled_from(SCHEDULES)), max_size=4, unique=True)


def app(make: Any, rules: list[tuple[str, str]], **bucket: Any) -> dict[str, Any]:
    """An Aurora cluster that a plan backs up by some rules, the vaults, and a bucket."""
    written: list[dict[str, Any]] = []
    for haven, schedule in rules:
        rule = {"ScheduleExpression": schedule, **HAVENS[haven]}
        if copied := rule.pop("to", None):
            rule["CopyActions"] = [{"DestinationBackupVaultArn": copied}]
        written.append(rule)
    found = make.network() | make.aurora(2) | make.backup({"Fn::GetAtt": ["Db", "Arn"]}, copy_to=None)
    found["Plan"]["Properties"]["BackupPlan"]["BackupPlanRule"] = written
    locks = {"open": {}, "governed": {"MinRetentionDays": 7}, "locked": {"MinRetentionDays": 7, "ChangeableForDays": 3}}
    for name, lock in locks.items():
        locked = {"LockConfiguration": lock} if lock else {}
        found[name.title()] = make.resource("AWS::Backup::BackupVault", BackupVaultName=name, **locked)
    found["Gapped"] = make.resource("AWS::Backup::LogicallyAirGappedBackupVault", BackupVaultName="gapped")
    return found | {"Files": make.resource("AWS::S3::Bucket", **bucket)}


def harm(make: Any, resources: dict[str, Any], who: str) -> tuple[int, float, float]:
    graph = Graph([replace(make.template(resources), account=OWN)])
    [found] = [o for o in outcomes(graph, [Case(Fault.ACCOUNT, account=OWN)]) if o.resource.logical_id == who]
    rto, rpo = found.judgement.rto, found.judgement.rpo
    return (RANK[found.fate], rto.high if rto else float("inf"), rpo.high if rpo else float("inf"))


@FEW
@given(rules=RULES, more=RULES)
def test_one_more_place_for_backups_is_never_worse_and_one_less_never_better(make, rules, more):
    assert harm(make, app(make, [*rules, *more]), "Db") <= harm(make, app(make, rules), "Db")


LOCKS = (None, "GOVERNANCE", "COMPLIANCE")


@FEW
@given(less=st.sampled_from(LOCKS), more=st.sampled_from(LOCKS), copied=st.booleans())
def test_a_stronger_lock_and_a_copy_in_another_account_never_lose_more_objects(make, less, more, copied):
    def bucket(mode: str | None, *, copied: bool) -> dict[str, Any]:
        rule = {"Status": "Enabled", "Destination": {"Bucket": "arn:aws:s3:::theirs", "Account": OTHER}}
        retention = {"ObjectLockConfiguration": {"Rule": {"DefaultRetention": {"Mode": mode, "Days": 30}}}}
        return (retention if mode else {}) | ({"ReplicationConfiguration": {"Rules": [rule]}} if copied else {})

    weak, strong = sorted((less, more), key=LOCKS.index)

    before = harm(make, app(make, [], **bucket(weak, copied=False)), "Files")
    after = harm(make, app(make, [], **bucket(strong, copied=copied)), "Files")

    assert after[0] <= before[0]


def ways(*templates: Template) -> tuple[Way, ...]:
    graph = Graph(templates)
    return ways_of(graph, outcomes(graph))


def written(found: tuple[Way, ...]) -> str:
    return json.dumps([_way(way) for way in found])


@FEW
@given(
    instances=st.integers(1, 3), more=st.integers(0, 2), zones=st.sampled_from([("a", "ab"), ("ab", "abc"), ("a", "a")])
)
def test_a_way_over_more_zones_and_instances_is_never_worse(make, instances, more, zones):
    def worst(resources: dict[str, Any]) -> dict[str, tuple[int, float, float]]:
        [way] = ways(make.template(resources))
        found: dict[str, tuple[int, float, float]] = {}
        for each in way.fates:
            high = [figure.high if figure else float("inf") for figure in (each.rto, each.rpo)]
            fault = str(each.case.fault)
            found[fault] = max(found.get(fault, (0, 0, 0)), (RANK[each.fate], *high))
        return found

    before, after = worst(make.shop(zones[0], instances)), worst(make.shop(zones[1], instances + more))

    assert {fault: end for fault, end in after.items() if end > before[fault]} == {}


@FEW
@given(seed=st.integers(0, 10_000))
def test_the_order_of_resources_and_templates_never_matters_to_the_ways(make, seed):
    def shuffled(resources: dict[str, Any]) -> dict[str, Any]:
        rows = [*resources.items()]
        random.Random(seed).shuffle(rows)
        return dict(rows)

    shop, other = make.shop(), app(make, [("a vault in compliance mode", SCHEDULES[0])])

    ordered = ways(make.template(shop), make.template(other, region="eu-central-1"))
    mixed = ways(make.template(shuffled(other), region="eu-central-1"), make.template(shuffled(shop)))

    assert written(mixed) == written(ordered)
    assert len(ordered) == 1
