"""A database that outlives its stack keeps all that it cannot go on without, whatever was asked for.

CloudFormation deletes what it is not told to keep, part by part: a retained database without its credentials, its
subnet group or its instances is data that nobody can reach.
"""

from __future__ import annotations

from typing import Any

import pytest
from relational_cases import CASES, put
from replacement import lost, template_of

from cdk_standby.relational._restore import Restore
from cdk_standby_review.locks.kinds import LOCKED

DATA = {
    "AWS::RDS::DBCluster",
    "AWS::RDS::DBInstance",
    "AWS::RDS::GlobalCluster",
    "AWS::RDS::DBShardGroup",
    "AWS::DSQL::Cluster",
}
PARTS = {
    "AWS::RDS::DBSubnetGroup",
    "AWS::RDS::DBParameterGroup",
    "AWS::RDS::DBClusterParameterGroup",
    "AWS::RDS::OptionGroup",
    "AWS::SecretsManager::Secret",
    "AWS::EC2::SecurityGroup",
    "AWS::Logs::LogGroup",
    "AWS::IAM::Role",
}
TOLD = {"AWS::CloudWatch::Alarm"}
"""What only watches goes with the stack that made it."""
ORACLE = {"engine": "oracle-ee", "version": "19.0.0.0.ru-2025-10.rur-2025-10.r1"}
SQL_SERVER = {"engine": "sqlserver-se", "version": "16.00.4185.3.v1"}
MYSQL = {"engine": "aurora-mysql", "version": "8.0.mysql_aurora.3.08.0"}
MEMBER = {"global_cluster": "shop-everywhere", "secret_name": "shop/database"}
RESTORED = {"restore": Restore.from_snapshot("before"), "secret_name": "shop/database"}
SHAPES: dict[str, tuple[str, dict[str, Any]]] = {
    "instance": ("MultiAzInstance", {}),
    "oracle": ("MultiAzInstance", {**ORACLE, "license": "bring-your-own-license"}),
    "sql server": ("MultiAzInstance", SQL_SERVER),
    "managed instance": ("MultiAzInstance", {"managed_password": True}),
    "restored instance": ("MultiAzInstance", RESTORED),
    "multi-az cluster": ("MultiAzCluster", {}),
    "restored multi-az cluster": ("MultiAzCluster", RESTORED),
    "replica": ("ReadReplica", {}),
    "promoted replica": ("ReadReplica", {"promoted_because": "the other Region is lost", "version": "17.6"}),
    "aurora": ("AuroraCluster", {}),
    "aurora mysql": ("AuroraCluster", MYSQL),
    "serverless aurora": ("AuroraCluster", {"serverless": (0.5, 8)}),
    "managed aurora": ("AuroraCluster", {"managed_password": True}),
    "restored aurora": ("AuroraCluster", RESTORED),
    "aurora member": ("AuroraCluster", MEMBER),
    "aurora secondary": ("AuroraCluster", {**MEMBER, "secondary": True}),
    "headless aurora": ("AuroraCluster", {**MEMBER, "secondary": True, "headless_because": "pilot light"}),
    "limitless": ("AuroraLimitless", {}),
    "container": ("GlobalAurora", {}),
    "dsql": ("DsqlCluster", {}),
}
LAB = {"deletable_because": "rebuilt nightly"}


@pytest.fixture(scope="module")
def resources(make_stack):
    """`resources(shape, deletable)`: what a shape renders, made once."""
    known: dict[tuple[str, bool], dict[str, Any]] = {}

    def of(shape: str, *, deletable: bool) -> dict[str, Any]:
        if (shape, deletable) not in known:
            stack = make_stack()
            case, options = SHAPES[shape]
            put(stack, CASES[case], {**options, **(LAB if deletable else {})})
            known[shape, deletable] = dict(template_of(stack)["Resources"])
        return known[shape, deletable]

    return of


def policies(resources: dict[str, Any]) -> dict[str, set[tuple[str, str]]]:
    """What CloudFormation does with the resources of a type: when they are removed, and when they are replaced."""
    found: dict[str, set[tuple[str, str]]] = {}
    for one in resources.values():
        said = (one.get("DeletionPolicy", "Delete"), one.get("UpdateReplacePolicy", "Delete"))
        found.setdefault(one["Type"], set()).add(said)
    return found


@pytest.mark.parametrize("shape", SHAPES)
def test_a_database_is_retained_with_everything_that_it_is_made_with(resources, shape):
    found = policies(resources(shape, deletable=False))

    assert set(found) & DATA
    assert {kind: said for kind, said in found.items() if kind not in TOLD} == {
        kind: {("Retain", "Retain")} for kind in found if kind not in TOLD
    }


@pytest.mark.parametrize("shape", SHAPES)
def test_a_resource_of_another_kind_is_a_part_or_only_watches(resources, shape):
    """So that whoever adds one decides whether the data needs it."""
    kinds = set(policies(resources(shape, deletable=False)))

    assert kinds - DATA - PARTS - TOLD == set()


@pytest.mark.parametrize("shape", SHAPES)
def test_a_lab_goes_with_its_stack_and_leaves_a_snapshot(resources, shape):
    """Of a secondary, which CloudFormation takes out of its global database first; of a replica it takes none."""
    found = resources(shape, deletable=True)

    for name, one in found.items():
        kind, properties = one["Type"], one.get("Properties", {})
        member = "DBClusterIdentifier" in properties and kind == "AWS::RDS::DBInstance"
        stores = kind in {"AWS::RDS::DBCluster", "AWS::RDS::DBInstance"} and not member
        said = (one.get("DeletionPolicy", "Delete"), one.get("UpdateReplacePolicy", "Delete"))
        assert said == (("Snapshot", "Snapshot") if stores else ("Delete", "Delete")), name


@pytest.mark.parametrize("shape", SHAPES)
def test_nobody_deletes_it_by_accident(resources, shape):
    protected = {
        properties.get("DeletionProtection", properties.get("DeletionProtectionEnabled"))
        for one in resources(shape, deletable=False).values()
        if one["Type"] in DATA
        if "DBClusterIdentifier" not in (properties := one.get("Properties", {}))
        or one["Type"] == "AWS::RDS::DBCluster"
    }

    assert protected == {True}


PASSWORDS = {
    "instance": 1,
    "oracle": 1,
    "managed instance": 0,
    "restored instance": 0,
    "multi-az cluster": 1,
    "replica": 0,
    "aurora": 1,
    "managed aurora": 0,
    "aurora secondary": 0,
}


@pytest.mark.parametrize(("shape", "secrets"), PASSWORDS.items())
def test_the_credentials_stay_where_the_stack_made_them(resources, shape, secrets):
    found = [one for one in resources(shape, deletable=False).values() if one["Type"] == "AWS::SecretsManager::Secret"]

    assert [one["DeletionPolicy"] for one in found] == ["Retain"] * secrets


MAJOR = {
    "MultiAzInstance": {"version": "18.1", "major_upgrades": True},
    "MultiAzCluster": {"version": "17.6"},
    "AuroraCluster": {"version": "17.4"},
}


@pytest.mark.parametrize("name", MAJOR)
def test_a_major_upgrade_makes_new_parameter_groups_and_breaks_nothing(make_stack, name):
    """The new group is made first, the database is upgraded with it, and the old one stays for a way back."""
    before, after = make_stack(), make_stack()
    put(before, CASES[name], {})
    put(after, CASES[name], MAJOR[name])

    old, new = template_of(before)["Resources"], template_of(after)["Resources"]

    groups = [logical_id for logical_id, one in old.items() if one["Type"].endswith("ParameterGroup")]
    assert groups != []
    for logical_id in groups:
        family = [template[logical_id]["Properties"]["Family"] for template in (old, new)]
        assert family[0] != family[1]
        assert not {"DBParameterGroupName", "DBClusterParameterGroupName"} & set(new[logical_id]["Properties"])
        assert new[logical_id]["UpdateReplacePolicy"] == "Retain"
    assert set(old) == set(new)
    assert lost({"Resources": old}, {"Resources": new}, types=LOCKED) == []
