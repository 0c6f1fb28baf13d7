"""What operates databases changes in place, but for what its options call create-only; and never a database."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import databases
import pytest
from aws_cdk import Duration
from aws_cdk import aws_logs as logs
from cfnlint.schema.manager import PROVIDER_SCHEMA_MANAGER
from replacement import Together, create_only_options, in_place, replacing, template_of

from cdk_standby._checks import InvalidOptions
from cdk_standby.audit_trail import AuditTrail
from cdk_standby.keys import DataKey
from cdk_standby.relational.blue_green import BlueGreen
from cdk_standby.relational.database_drill import DatabaseDrill
from cdk_standby.relational.database_runbooks import DatabaseRunbooks
from cdk_standby.relational.database_snapshot import DatabaseSnapshot
from cdk_standby.relational.region_switch import DatabaseRegionSwitch
from cdk_standby.relational.stop_schedule import StopSchedule

REGIONS = ("eu-west-1", "eu-central-1", "us-east-1")
INSTANCES = {region: f"arn:aws:rds:{region}:111111111111:db:orders-{region}" for region in REGIONS}


def of(make_stack: Callable[..., Any], kind: Any, **always: Any) -> Callable[..., Any]:
    def build(**options: Any) -> Any:
        stack = make_stack()
        given = {name: value(stack) if callable(value) else value for name, value in {**always, **options}.items()}
        kind(stack, "Tested", **given)
        return stack

    return build


def made_anew(build: Callable[..., Any], base: dict[str, Any], changes: dict[str, Any], kind: str) -> set[str]:
    """The options whose change touches what CloudFormation cannot change in a resource of a kind that holds no data."""
    schema = PROVIDER_SCHEMA_MANAGER.get_resource_schema("eu-west-1", kind).schema
    fixed = [path.removeprefix("/properties/") for path in schema["createOnlyProperties"]]

    def of_kind(**options: Any) -> dict[str, Any]:
        [one] = [r for r in template_of(build(**options))["Resources"].values() if r["Type"] == kind]
        return {name: one["Properties"].get(name) for name in fixed}

    before = of_kind(**base)
    each = {option: change if isinstance(change, Together) else {option: change} for option, change in changes.items()}
    return {option for option, change in each.items() if of_kind(**{**base, **change}) != before}


@pytest.mark.capability("RDS-13")
def test_another_name_is_another_snapshot_and_nothing_else_is(make_stack):
    build = of(make_stack, DatabaseSnapshot, database=databases.instance)

    found = in_place(build, {"name": "before"}, {"name": "after"}, types={"AWS::RDS::DBSnapshot"})

    assert replacing(found) == create_only_options(DatabaseSnapshot) == {"name"}


@pytest.mark.capability("RDS-33")
def test_another_deployment_is_made_for_every_option_that_says_so(make_stack):
    build = of(make_stack, BlueGreen, database=databases.instance)
    base = {"name": "next", "parameters": {"work_mem": "1"}}
    changes = {
        "name": "other",
        "version": "17.6",
        "instance": "r7g.xlarge",
        "storage": 50,
        "storage_type": "gp3",
        "iops": 12000,
    }

    found = made_anew(build, base, changes, "AWS::RDS::Deployment")

    assert found == set(changes) == create_only_options(BlueGreen) - {"parameters"}


@pytest.mark.capability("AUR-21")
def test_a_plan_changes_in_place_but_for_its_name_and_regions(make_stack):
    build = of(make_stack, DatabaseRegionSwitch)
    here, there, elsewhere = REGIONS
    pair = {region: INSTANCES[region] for region in (here, there)}
    base = {"name": "shop", "primary": here, "recovery": there, "instances": pair}
    changes = {
        "name": "other",
        "recovery": Together(recovery=elsewhere, instances={region: INSTANCES[region] for region in (here, elsewhere)}),
        "primary": Together(primary=there, recovery=here),
        "switchover": True,
        "timeout": Duration.minutes(5),
        "rto": Duration.minutes(5),
    }

    found = made_anew(build, base, changes, "AWS::ARCRegionSwitch::Plan")

    assert found == create_only_options(DatabaseRegionSwitch) == {"name", "primary", "recovery"}


@pytest.mark.capability("RDS-13", "RDS-40")
def test_the_ids_of_what_is_kept_are_pinned(make_stack):
    stack = make_stack()
    DatabaseSnapshot(stack, "Before", database=databases.instance(stack), name="before")
    BlueGreen(stack, "Next", database=databases.instance(stack, "Other"), name="next")
    AuditTrail(stack, "Trail", key=databases.key(stack))

    kinds = ("AWS::RDS::DBSnapshot", "AWS::RDS::Deployment", "AWS::S3::Bucket", "AWS::CloudTrail::Trail")
    made = template_of(stack)["Resources"]
    assert {one["Type"]: name for name, one in made.items() if one["Type"] in kinds} == {
        "AWS::RDS::DBSnapshot": "BeforeSnapshot431432D6",
        "AWS::RDS::Deployment": "NextDeployment3818B0E7",
        "AWS::S3::Bucket": "TrailBucket6C1E344E",
        "AWS::CloudTrail::Trail": "Trail8987F129",
    }


@pytest.mark.capability("RDS-40")
def test_a_trail_keeps_its_bucket_whatever_is_changed(make_stack):
    build = of(make_stack, AuditTrail, key=lambda stack: DataKey(stack, "Key").key)
    changes = {
        "retention": Duration.days(30),
        "compliance_because": "the law",
        "searchable": logs.RetentionDays.ONE_WEEK,
    }

    found = in_place(build, {}, changes)

    assert replacing(found) == create_only_options(AuditTrail) == set()


ACTING = {
    "drill": lambda scope, database: DatabaseDrill(scope, "It", database=database, no_stop_because="a lab"),
    "runbooks": lambda scope, database: DatabaseRunbooks(scope, "It", database=database),
    "snapshot": lambda scope, database: DatabaseSnapshot(scope, "It", database=database, name="before"),
    "deployment": lambda scope, database: BlueGreen(scope, "It", database=database, name="next"),
    "stop": lambda scope, database: StopSchedule(scope, "It", database=database, stopped_because="a lab"),
}


@pytest.mark.parametrize("what", ACTING)
def test_nothing_acts_on_a_database_of_another_region(make_stack, what):
    here = make_stack()
    there = make_stack(app=here.node.root, name="There", region="eu-central-1")

    with pytest.raises(InvalidOptions) as raised:
        ACTING[what](here, databases.instance(there))

    assert str(raised.value) == (
        "Test/It: 'database' is 'There/Instance' in eu-central-1; allowed: a database in eu-west-1, because APIs,"
        " events and roles act in their own Region, and a template must not need another one"
    )
