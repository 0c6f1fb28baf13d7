"""The review judges every architecture of `fates` as AWS documents it, whatever its resources are called."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import fate_tables
from cdk_standby_review import Fate, knowledge
from cdk_standby_review.knowledge import JUDGES, is_glue
from cdk_standby_review.locks.kinds import DATA
from cdk_standby_review.objectives import Fault

CASES = fate_tables.documented()
FEW = settings(max_examples=25, deadline=None)


def within(figure: Any, limit: Any) -> bool:
    """Whether a figure of the review lies in what AWS documents."""
    return limit is None or (figure is not None and limit.low <= figure.low and figure.high <= limit.high)


@pytest.mark.parametrize("case", CASES, ids=[case.id for case in CASES])
def test_the_review_judges_as_aws_documents(case):
    found = case.judged()

    assert found is not None
    assert (found.fate, found.judgement.says) == (case.fate, found.judgement.says)
    assert within(found.judgement.rto, case.rto), f"RTO {found.judgement.rto}, documented: {case.rto}"
    assert within(found.judgement.rpo, case.rpo), f"RPO {found.judgement.rpo}, documented: {case.rpo}"


def test_every_case_is_told_once_and_has_a_page_of_aws():
    assert [name for name, times in Counter(case.id for case in CASES).items() if times > 1] == []
    assert [case.id for case in CASES if not case.source.startswith("https://docs.aws.amazon.com/")] == []


def test_every_fault_and_every_fate_is_among_them():
    assert {case.case.fault for case in CASES} == set(Fault)
    assert {case.fate for case in CASES} == set(fate_tables.FATES.values())


NEAR_MISSES = (
    ("rds-no-backups", "rds-one-day"),
    ("rds-single-az", "rds-multi-az"),
    ("rds-multi-az", "rds-replicated-backups"),
    ("aurora-no-reader", "aurora-reader-same-zone"),
    ("aurora-reader-same-zone", "aurora-reader"),
    ("aurora-not-copied", "aurora-copied"),
    ("aurora-copied-key-here", "aurora-copied"),
    ("aurora-other-tag", "aurora-copied"),
    ("documentdb-same-zone", "documentdb-replica"),
    ("dynamodb-plain", "dynamodb-daily"),
    ("dynamodb-daily", "dynamodb-pitr"),
    ("dynamodb-global-alone", "dynamodb-global"),
    ("dynamodb-global", "dynamodb-global-strong"),
    ("keyspaces-plain", "keyspaces-pitr"),
    ("s3-plain", "s3-versioned"),
    ("s3-governance", "s3-compliance"),
    ("s3-one-zone", "s3-standard-ia"),
    ("s3-replication-off", "s3-replicated"),
    ("s3-replicated-same-region", "s3-replicated"),
    ("efs-replicated-same-region", "efs-replicated"),
    ("ecr-replicated-same-region", "ecr-replicated"),
    ("aurora-copied-same-region", "aurora-copied"),
    ("cloudfront-two-origins-one-region", "cloudfront-two-origins"),
    ("route53-failover-one-region", "route53-failover"),
    ("msk-replicator-same-region", "msk-replicator"),
    ("s3-replicated-kms-left-out", "s3-replicated-kms"),
    ("efs-one-zone-no-backups", "efs-one-zone"),
    ("efs-regional-one-mount", "efs-regional"),
    ("efs-regional", "efs-replicated"),
    ("fsx-windows-no-backups", "fsx-windows-single-az"),
    ("fsx-windows-single-az", "fsx-windows-multi-az"),
    ("fsx-lustre-scratch", "fsx-lustre-persistent"),
    ("ebs-volume", "ebs-backed-up"),
    ("ec2-alone", "ec2-backed-up"),
    ("asg-one-zone", "asg-three-zones"),
    ("asg-one-of-two", "asg-three-zones"),
    ("ecs-one-zone", "ecs-three-zones"),
    ("lambda-one-subnet", "lambda-two-subnets"),
    ("nlb-one-zone", "alb-three-zones"),
    ("nat-crossed", "nat-per-zone"),
    ("endpoint-one-zone", "endpoint-two-zones"),
    ("tgw-one-zone", "tgw-two-zones"),
    ("redis-alone", "redis-alone-snapshots"),
    ("redis-replica-no-failover", "redis-multi-az"),
    ("memcached-single-az", "memcached-cross-az"),
    ("memorydb-one-zone", "memorydb-replica"),
    ("dax-one-zone", "dax-three-nodes"),
    ("redshift-no-snapshots", "redshift-snapshots"),
    ("redshift-copied-keyless", "redshift-copied"),
    ("opensearch-one-zone", "opensearch-three-zones"),
    ("msk-one-replica", "msk-three-zones"),
    ("msk-all-in-sync", "msk-three-zones"),
    ("mq-single", "mq-standby"),
    ("secret-replicated-key-here", "secret-replicated"),
    ("vault-open", "vault-governed"),
    ("vault-governed", "vault-locked"),
)
"""Architectures that differ in one property, the weaker one first."""


@pytest.mark.parametrize(("weaker", "stronger"), NEAR_MISSES, ids=[" -> ".join(pair) for pair in NEAR_MISSES])
def test_what_one_property_protects_is_felt_and_makes_nothing_worse(weaker, stronger):
    before, after = fates_of(weaker), fates_of(stronger)

    assert [fault for fault in before if after.get(fault, BEST) > before[fault]] == []
    assert [fault for fault in before if after.get(fault, BEST) < before[fault]] != []


BEST = (0.0, 0.0, 0.0)
WORST_LAST = [Fate.SURVIVES, Fate.ITSELF, Fate.RUNBOOK, Fate.UNKNOWN, Fate.LOST]


def fates_of(architecture: str) -> dict[str, tuple[float, float, float]]:
    """What every fault does to an architecture, of zones the worst: the higher, the worse."""
    found: dict[str, tuple[float, float, float]] = {}
    one = next(case for case in CASES if case.id.startswith(f"{architecture}, "))
    for place in ("instance", "zone a", "zone b", "region", "deletion", "account"):
        if judged := replace(one, case=fate_tables.place(place)).judged():
            rto, rpo = (
                float("inf") if each is None else each.high for each in (judged.judgement.rto, judged.judgement.rpo)
            )
            fault = place.partition(" ")[0]
            found[fault] = max(found.get(fault, BEST), (WORST_LAST.index(judged.fate), rto, rpo))
    return found


def test_a_day_between_backups_is_not_called_minutes():
    [case] = [case for case in CASES if case.id == "efs-continuous, deletion"]

    assert case.judged().judgement.rpo.high == 86_400


def renamed(value: Any, names: dict[str, str]) -> Any:
    """A part of a template, its logical ids and what refers to them called otherwise."""
    if isinstance(value, list):
        return [renamed(item, names) for item in value]
    if not isinstance(value, dict):
        return value
    if isinstance(target := value.get("Ref"), str):
        return {"Ref": names.get(target, target)}
    if isinstance(target := value.get("Fn::GetAtt"), str):
        name, _, attribute = target.partition(".")
        return {"Fn::GetAtt": [names.get(name, name), attribute]}
    return {key: renamed(item, names) for key, item in value.items()}


@FEW
@given(case=st.sampled_from(CASES), seed=st.randoms(use_true_random=False))
def test_the_fate_of_a_resource_does_not_depend_on_what_it_is_called(case, seed):
    called = sorted({name for template in case.templates() for name in template.body["Resources"]})
    numbers = seed.sample(range(1000), len(called))
    names = {name: f"R{number}" for name, number in zip(called, numbers, strict=True)}

    found = case.judged(lambda resources: {names[name]: renamed(each, names) for name, each in resources.items()})

    assert found is not None
    assert (found.resource.logical_id, found.fate) == (names[case.asked], case.fate)


def test_what_holds_data_is_known():
    """The lock of data and the fates go by the same types, but for what is on premises."""
    nowhere = {"AWS::S3Files::FileSystem", "AWS::S3Outposts::Bucket"}
    nowhere |= {"AWS::StorageGateway::Tape", "AWS::StorageGateway::Volume"}

    assert {kind for kind in DATA if kind not in JUDGES and not is_glue(kind)} == nowhere


def test_no_type_is_judged_twice_or_called_glue_as_well():
    modules = [import_module(f"{knowledge.__name__}.{found.name}") for found in iter_modules(knowledge.__path__)]
    times = Counter(kind for module in modules if module is not knowledge for kind in vars(module).get("JUDGES", {}))

    assert [kind for kind, several in times.items() if several > 1 or is_glue(kind)] == []


def test_the_published_table_is_what_is_judged():
    published = fate_tables.PAGE.read_text("utf-8")

    assert published == fate_tables.page(), "run python tools/fate_tables.py"
