"""What replaces a resource: the shipped knowledge is AWS's, and no create-only property of data changes unnoticed."""

from __future__ import annotations

import copy
import importlib.util
import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from cfnlint.schema import PROVIDER_SCHEMA_MANAGER
from hypothesis import given
from hypothesis import strategies as st

from cdk_standby_review.locks.conditions import conditions
from cdk_standby_review.locks.differences import Effect, differences
from cdk_standby_review.locks.entries import entries
from cdk_standby_review.locks.kinds import DATA, LOCKED, PARTS
from cdk_standby_review.locks.schemas import listed
from cdk_standby_review.locks.values import at

ROOT = Path(__file__).parents[2]
SNAPSHOTS = sorted((ROOT / "tests" / "stacks" / "__snapshots__" / "test_app").glob("*WarmStandby*.json"))
REFERENCE = {file.stem: json.loads(file.read_text())["Resources"] for file in SNAPSHOTS}
HELD = [
    (stack, name, resource["Type"])
    for stack, resources in REFERENCE.items()
    for name, resource in resources.items()
    if resource["Type"] in LOCKED
]
SETTINGS_MAKE_WAY = {
    "Family",
    "CacheParameterGroupFamily",
    "ParameterGroupFamily",
    "Description",
    "EngineName",
    "MajorEngineVersion",
    "OptionGroupDescription",
}
"""A group of settings without a name of its own is made anew beside the old one, and the database goes on."""
ALWAYS_IN_PLACE = {
    ("AWS::RDS::DBInstance", "AutoMinorVersionUpgrade"),
    ("AWS::RDS::DBInstance", "BackupRetentionPeriod"),
    ("AWS::RDS::DBInstance", "DBParameterGroupName"),
    ("AWS::RDS::DBInstance", "MultiAZ"),
    ("AWS::RDS::DBInstance", "PreferredMaintenanceWindow"),
    ("AWS::Neptune::DBInstance", "AutoMinorVersionUpgrade"),
    ("AWS::Neptune::DBInstance", "DBParameterGroupName"),
    ("AWS::Neptune::DBInstance", "PreferredMaintenanceWindow"),
}
"""Conditional in the schema, "some interruptions" on the pages of AWS, whatever the values."""
WHEN_NEW = {("AWS::RDS::DBInstance", "PerformanceInsightsKMSKeyId")}
"""In place where there was no value before."""


def script() -> Any:
    spec = importlib.util.spec_from_file_location("create_only", ROOT / "tools" / "create_only.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_shipped_knowledge_is_what_the_script_makes_of_the_installed_schemas():
    tool = script()

    assert tool.FILE.read_text() == tool.text(tool.made()), "run: make create-only"


def test_every_type_of_the_lock_is_one_of_aws_and_is_named_by_a_property_that_it_has():
    unknown = [
        (kind, name)
        for kind, name in LOCKED.items()
        if name is not None
        and name not in PROVIDER_SCHEMA_MANAGER.get_resource_schema("us-east-1", kind).schema["properties"]
    ]

    assert unknown == []
    assert set(DATA) & set(PARTS) == set()


def test_a_condition_is_only_written_for_a_property_that_aws_lists():
    unlisted = [(kind, name) for kind, name in conditions() if name not in listed(kind)]

    assert unlisted == []


def another(value: Any) -> Any:
    """Some other value of the same kind."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, str):
        return f"{value}-other"
    if isinstance(value, list):
        return [*value, "other"]
    return {"Ref": "Other"} if isinstance(value, dict) else "other"


def put(properties: dict[str, Any], path: str, value: Any) -> None:
    """Set `A.B`, in a list's first item for `A.*.B`."""
    *parents, last = path.split(".")
    here: Any = properties
    for index, part in enumerate(parents):
        following = [*parents, last][index + 1]
        here = here[0] if part == "*" else here.setdefault(part, [{}] if following == "*" else {})
    if last == "*":
        here[:] = [value]
    else:
        here[last] = value


def replaced(before: dict[str, Any], after: dict[str, Any]) -> set[tuple[str, str]]:
    found = differences(entries(before), after)
    return {(one.logical_id, one.property) for one in found if one.effect is Effect.REPLACED}


def mutations() -> Iterator[Any]:
    for stack, name, kind in HELD:
        for path in listed(kind):
            if (kind, path) in ALWAYS_IN_PLACE | WHEN_NEW or (kind in PARTS and path in SETTINGS_MAKE_WAY):
                continue
            yield pytest.param(stack, name, path, id=f"{stack}-{name}-{path}")


@pytest.mark.parametrize(("stack", "name", "path"), [*mutations()])
def test_no_create_only_property_of_the_reference_changes_unnoticed(stack, name, path):
    before, after = REFERENCE[stack], copy.deepcopy(REFERENCE[stack])
    properties = after[name].setdefault("Properties", {})

    put(properties, path, another(at(properties, path.split("."))))

    assert (name, path) in replaced(before, after)


@pytest.mark.parametrize("kind", sorted(LOCKED))
def test_every_create_only_property_of_every_type_replaces_it_or_is_documented_as_in_place(kind):
    before: dict[str, Any] = {"Held": {"Type": kind, "Properties": {}}}

    quiet = set()
    for path in listed(kind):
        after = copy.deepcopy(before)
        put(after["Held"]["Properties"], path, "other")
        quiet |= {path} - {name for _, name in replaced(before, after)}

    allowed = {name for where, name in ALWAYS_IN_PLACE | WHEN_NEW if where == kind}
    allowed |= SETTINGS_MAKE_WAY if kind in PARTS else set()
    assert quiet <= allowed


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=5), inner, max_size=2),
    max_leaves=4,
)


@given(held=st.sampled_from(HELD), value=JSON, seed=st.randoms(use_true_random=False))
def test_no_property_that_is_changed_in_place_is_called_a_replacement(held: Any, value: Any, seed: random.Random):
    stack, name, kind = held
    tops = {path.split(".")[0] for path in listed(kind)} | {"GenerateSecretString"}
    before, after = REFERENCE[stack], copy.deepcopy(REFERENCE[stack])
    properties = after[name].setdefault("Properties", {})
    free = sorted((set(properties) | {"EngineVersion", "Tags", "BackupRetentionPeriod", "DeletionProtection"}) - tops)

    properties[seed.choice(free)] = value

    assert replaced(before, after) == set()


@pytest.mark.parametrize(("kind", "path"), sorted(ALWAYS_IN_PLACE))
def test_what_aws_always_changes_in_place_is_never_a_replacement(kind, path):
    before = {"Held": {"Type": kind, "Properties": {path: "one"}}}
    other, none = ({"Held": {"Type": kind, "Properties": p}} for p in ({path: "other"}, {}))

    assert replaced(before, other) == replaced(before, none) == replaced(none, other) == set()


INSTANCE, CLUSTER = "AWS::RDS::DBInstance", "AWS::RDS::DBCluster"
DOCUMENTED: list[tuple[str, dict[str, Any], dict[str, Any], set[str]]] = [
    # A replica is promoted when its source is left out, and made anew when it is another.
    (INSTANCE, {"SourceDBInstanceIdentifier": "a"}, {}, set()),
    (
        INSTANCE,
        {"SourceDBInstanceIdentifier": "a"},
        {"SourceDBInstanceIdentifier": "b"},
        {"SourceDBInstanceIdentifier"},
    ),
    (INSTANCE, {}, {"SourceDBInstanceIdentifier": "b"}, {"SourceDBInstanceIdentifier"}),
    (INSTANCE, {"SourceDBClusterIdentifier": "a"}, {}, set()),
    # A restored instance goes on without its snapshot; another snapshot is another instance.
    (INSTANCE, {"DBSnapshotIdentifier": "a"}, {}, set()),
    (INSTANCE, {"DBSnapshotIdentifier": "a"}, {"DBSnapshotIdentifier": "b"}, {"DBSnapshotIdentifier"}),
    (INSTANCE, {"UseLatestRestorableTime": True}, {"UseLatestRestorableTime": False}, set()),
    (INSTANCE, {}, {"UseLatestRestorableTime": True}, {"UseLatestRestorableTime"}),
    (INSTANCE, {"RestoreTime": "2026-11-01T00:00:00Z"}, {}, set()),
    # A restored cluster does not: without its snapshot it is made empty.
    (CLUSTER, {"SnapshotIdentifier": "a"}, {}, {"SnapshotIdentifier"}),
    (CLUSTER, {"SnapshotIdentifier": "a"}, {"SnapshotIdentifier": "b"}, {"SnapshotIdentifier"}),
    # Leaving a global database is an update; joining one is not.
    (CLUSTER, {"GlobalClusterIdentifier": "a"}, {}, set()),
    (CLUSTER, {"GlobalClusterIdentifier": "a"}, {"GlobalClusterIdentifier": ""}, set()),
    (CLUSTER, {}, {"GlobalClusterIdentifier": "a"}, {"GlobalClusterIdentifier"}),
    (CLUSTER, {"Engine": "aurora"}, {"Engine": "aurora-mysql"}, set()),
    (CLUSTER, {"Engine": "aurora-mysql"}, {"Engine": "aurora-postgresql"}, {"Engine"}),
    (CLUSTER, {"MasterUsername": "a"}, {"MasterUsername": "b"}, {"MasterUsername"}),
    (CLUSTER, {"EngineMode": "serverless"}, {"EngineMode": "provisioned"}, {"EngineMode"}),
    # Oracle becomes a container database in place, and does not go back.
    (INSTANCE, {"Engine": "oracle-ee"}, {"Engine": "oracle-ee-cdb"}, set()),
    (INSTANCE, {"Engine": "oracle-se2"}, {"Engine": "oracle-se2-cdb"}, set()),
    (INSTANCE, {"Engine": "oracle-ee-cdb"}, {"Engine": "oracle-ee"}, {"Engine"}),
    (INSTANCE, {"Engine": "oracle-se2"}, {"Engine": "oracle-ee"}, {"Engine"}),
    (INSTANCE, {"Engine": "Postgres"}, {"Engine": "mysql"}, {"Engine"}),
    # A zone can be given up for Multi-AZ, and for nothing else.
    (INSTANCE, {"AvailabilityZone": "a"}, {"MultiAZ": True}, set()),
    (INSTANCE, {"AvailabilityZone": "a"}, {}, {"AvailabilityZone"}),
    (INSTANCE, {"AvailabilityZone": "a"}, {"AvailabilityZone": "b"}, {"AvailabilityZone"}),
    # The key of the insights can be given and left out, and not exchanged.
    (INSTANCE, {}, {"PerformanceInsightsKMSKeyId": "a"}, set()),
    (INSTANCE, {"PerformanceInsightsKMSKeyId": "a"}, {}, set()),
    (
        INSTANCE,
        {"PerformanceInsightsKMSKeyId": "a"},
        {"PerformanceInsightsKMSKeyId": "b"},
        {"PerformanceInsightsKMSKeyId"},
    ),
    # Encryption and its key, for ever.
    (INSTANCE, {}, {"StorageEncrypted": True}, {"StorageEncrypted"}),
    (INSTANCE, {"KmsKeyId": "a"}, {"KmsKeyId": "b"}, {"KmsKeyId"}),
    (CLUSTER, {"KmsKeyId": "a"}, {"KmsKeyId": "b"}, {"KmsKeyId"}),
]


@pytest.mark.parametrize(("kind", "before", "after", "because"), DOCUMENTED)
def test_the_documented_updates_of_rds(kind, before, after, because):
    held = {"Held": {"Type": kind, "Properties": before}}

    found = replaced(held, {"Held": {"Type": kind, "Properties": after}})

    assert {name for _, name in found} == because


@pytest.mark.parametrize(
    "points",
    [
        {"Ref": "Key"},
        {"Fn::GetAtt": ["Key", "Arn"]},
        {"Fn::GetAtt": "Key.Arn"},
        {"Fn::Sub": "arn:${Key.Arn}"},
        {"Fn::Sub": ["${Key}${x}", {"x": "y"}]},
        {"Fn::If": ["Own", {"Fn::Join": ["", ["x", {"Ref": "Key"}]]}, "alias/x"]},
    ],
)
def test_a_replacement_reaches_through_every_way_of_pointing(points):
    before = {
        "Key": {"Type": "AWS::SecretsManager::Secret", "Properties": {"Name": "a"}},
        "Database": {"Type": CLUSTER, "Properties": {"KmsKeyId": points}},
        "Reader": {"Type": INSTANCE, "Properties": {"DBClusterIdentifier": {"Ref": "Database"}}},
        "Other": {"Type": INSTANCE, "Properties": {"DBClusterIdentifier": "other"}},
    }
    after = before | {"Key": {"Type": "AWS::SecretsManager::Secret", "Properties": {"Name": "b"}}}

    assert replaced(before, after) == {("Key", "Name"), ("Database", "KmsKeyId"), ("Reader", "DBClusterIdentifier")}


def test_a_password_that_would_be_generated_anew_is_a_replacement_of_the_credentials_and_of_nothing_else():
    secret = {"GenerateSecretString": {"SecretStringTemplate": '{"username": "a"}', "PasswordLength": 32}}
    database = {"Type": INSTANCE, "Properties": {"KmsKeyId": {"Ref": "Secret"}}}
    before = {"Secret": {"Type": "AWS::SecretsManager::Secret", "Properties": secret}, "Database": database}
    after = copy.deepcopy(before)

    after["Secret"]["Properties"]["GenerateSecretString"]["PasswordLength"] = 40

    assert replaced(before, after) == {("Secret", "GenerateSecretString")}
