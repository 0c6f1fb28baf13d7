"""Where templates stand: what they say, what somebody says, what their zones prove; and what nobody knows."""

from __future__ import annotations

import argparse
import json
from typing import Any

import pytest

from cdk_standby_review import UnreadableInput, read, review, review_templates
from cdk_standby_review.cli import add_command
from cdk_standby_review.faults import outcomes
from cdk_standby_review.graph import Graph
from cdk_standby_review.integrations.pre_commit import main as hook
from cdk_standby_review.report import as_html, as_json, as_text


def one(kind: str, **properties: Any) -> dict[str, Any]:
    return {"Resources": {"One": {"Type": f"AWS::{kind}", "Properties": properties}}}


QUEUE = one("SQS::Queue")
ZONAL = one("EC2::Subnet", AvailabilityZone="eu-west-1a")
FIRST, SECOND = ({"Fn::Select": [n, {"Fn::GetAZs": ""}]} for n in (0, 1))


def where(found: Any) -> dict[str, tuple[str | None, str | None]]:
    return {t.file: (t.region, t.region_from) for t in getattr(found, "templates", found)}


def told(*templates: Any) -> dict[tuple[str, str], tuple[str, str]]:
    """Fate and reason, by case and logical id."""
    found = outcomes(Graph(templates))
    return {(str(o.case), o.resource.logical_id): (str(o.fate), o.judgement.says) for o in found}


@pytest.fixture
def command(capsys):
    """`cdk-standby review ...`: exit code, what it says, what it complains about."""
    parser = argparse.ArgumentParser()
    add_command(parser.add_subparsers())

    def ask(*words: Any) -> tuple[int, str, str]:
        arguments = parser.parse_args(["review", *map(str, words)])
        code = arguments.run(arguments)
        return (code, *capsys.readouterr())

    return ask


# what the template proves -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "known"),
    [
        (ZONAL, ("eu-west-1", "zones")),
        (one("AutoScaling::AutoScalingGroup", AvailabilityZones=["us-gov-west-1b"]), ("us-gov-west-1", "zones")),
        (one("AutoScaling::AutoScalingGroup", AvailabilityZones=["eu-west-1a", "eu-west-2a"]), (None, None)),
        (one("EC2::Subnet", AvailabilityZone="xx-west-1a"), (None, None)),
        (one("EC2::Subnet", AvailabilityZone=FIRST), (None, None)),
        ({"Resources": {"One": ZONAL["Resources"]["One"] | {"Condition": "InIreland"}}}, (None, None)),
        (one("SQS::Queue", QueueName="eu-west-1a"), (None, None)),
        ({**QUEUE, "Metadata": {"cdk-standby": {"site": "eu-west-3"}}}, ("eu-west-3", "assembly")),
    ],
    ids=["a zone", "a list", "of two Regions", "no Region of AWS", "a number", "on a condition", "a name", "ours"],
)
def test_a_zone_that_is_written_out_proves_the_region_and_nothing_else_does(body, known, written):
    found = read(written({"t.json": body}))

    assert where(found) == {"t.json": known}


def test_an_assembly_says_where_its_stacks_stand(written):
    stacks = {
        name: {
            "type": "aws:cloudformation:stack",
            "environment": f"aws://unknown-account/{region}",
            "properties": {"templateFile": "a.template.json"},
        }
        for name, region in {"A": "eu-west-1", "B": "unknown-region"}.items()
    }
    found = read(written({"manifest.json": {"artifacts": stacks}, "a.template.json": QUEUE}))

    assert [(t.name, t.region, t.region_from) for t in found] == [("A", "eu-west-1", "assembly"), ("B", None, None)]


def test_nested_stacks_stand_where_the_stack_does_that_nests_them(written):
    main = one("CloudFormation::Stack", TemplateURL="https://example.com/network.json")

    found = read(written({"main.json": main, "network.json": ZONAL, "other.json": QUEUE}))

    assert where(found) == {
        "main.json": ("eu-west-1", "zones"),
        "network.json": ("eu-west-1", "zones"),
        "other.json": (None, None),
    }


# what somebody says -------------------------------------------------------------------------------------------------


@pytest.fixture
def folder(written):
    return written({"base/shop.json": QUEUE, "base/recovery-a.json": QUEUE, "zonal.json": ZONAL})


def test_a_region_is_said_for_all_or_by_glob_and_never_against_a_template(folder):
    found = review(folder, regions=["eu-west-2", "base/recovery*.json=eu-central-1"])

    assert where(found) == {
        "base/recovery-a.json": ("eu-central-1", "option"),
        "base/shop.json": ("eu-west-2", "option"),
        "zonal.json": ("eu-west-1", "zones"),
    }


def test_of_several_globs_the_last_one_counts(folder):
    found = review(folder, regions=["base/*=eu-west-2", "base/recovery*=eu-central-1"])

    assert where(found)["base/recovery-a.json"] == ("eu-central-1", "option")


@pytest.mark.parametrize(
    ("said", "message"),
    [
        (["eu-wst-1"], "--region eu-wst-1: AWS has no Region 'eu-wst-1'; did you mean eu-west-1"),
        (["base/*="], "--region base/*=: AWS has no Region ''"),
        (["=eu-west-1"], "--region =eu-west-1: there is no file before '='"),
        (["nowhere*=eu-west-1"], "--region nowhere*=eu-west-1: no template has a file that fits 'nowhere*'"),
        (["eu-west-1", "eu-west-2"], "--region eu-west-1, eu-west-2: only one can be that of all templates; others"),
        (["z*=eu-west-2"], "--region z*=eu-west-2: zonal.json stands in eu-west-1, its zones are there"),
    ],
)
def test_nonsense_is_told_in_one_line(said, message, folder, command):
    code, out, complaint = command(folder, *(f"--region={each}" for each in said))

    assert (code, out) == (2, "")
    assert complaint.startswith(f"cdk-standby review: {message}")
    assert complaint.count("\n") == 1
    with pytest.raises(UnreadableInput):
        review(folder, regions=said)


def test_two_plain_files_are_a_database_and_its_replica_in_another_region(written, command):
    known = {"Engine": "postgres", "MultiAZ": True, "BackupRetentionPeriod": 7}
    source = "arn:aws:rds:eu-west-1:111111111111:db:shop"
    files = {
        "base/shop.json": one("RDS::DBInstance", DBInstanceIdentifier="shop", **known),
        "base/recovery.json": one("RDS::DBInstance", SourceDBInstanceIdentifier=source, MultiAZ=False),
    }
    folder = written(files)

    plain = review(folder)
    _, said, _ = command(folder, "--region=eu-west-1", "--region=base/rec*=eu-central-1", "--format=json")

    cross = {f["rule"] for f in json.loads(said)["findings"]} - {f.rule for f in plain.findings}
    assert cross != set()
    assert {t["region_from"] for t in json.loads(said)["templates"]} == {"option"}


def test_one_template_in_two_regions_has_a_folder_for_each(written):
    folder = written({f"{region}/shop.json": QUEUE for region in ("eu-west-1", "eu-central-1")})

    found = review(folder, regions=["eu-west-1/*=eu-west-1", "eu-central-1/*=eu-central-1"])

    lost = {str(o.case): o.judgement.says for o in found.outcomes if o.case.region and str(o.case.fault) == "region"}
    assert set(lost) == {"loss of eu-west-1", "loss of eu-central-1"}
    assert "its twin in eu-central-1 takes new messages" in lost["loss of eu-west-1"]


def test_a_change_that_writes_out_a_zone_moves_nothing(written):
    fifo = {"Resources": {**QUEUE["Resources"], "Db": one("RDS::DBInstance", Engine="postgres")["Resources"]["One"]}}
    more = {"Resources": {**fifo["Resources"], "Zone": ZONAL["Resources"]["One"]}}
    folder = written({"base/t.json": fifo, "head/t.json": more})

    found = review(folder / "head", against=folder / "base")

    assert where(found) == {"t.json": ("eu-west-1", "zones")}
    assert [f.rule for f in found.new] == []


def test_a_glob_may_fit_the_base_alone(written):
    folder = written({"base/t.json": QUEUE, "base/old.json": QUEUE, "head/t.json": QUEUE})

    found = review(folder / "head", against=folder / "base", regions=["old.json=eu-west-1", "t.json=eu-west-1"])

    assert where(found) == {"t.json": ("eu-west-1", "option")}


def test_the_hook_sees_a_part_of_the_files_and_refuses_no_glob_for_it(folder, capsys):
    said = ["--region", "*/recovery*=eu-central-1", "--region", "other*=eu-west-1"]

    codes = [hook([*said, str(folder / "base/recovery-a.json")]), hook([*said, "--folder", str(folder)])]

    assert codes == [0, 2]
    assert "loss of eu-central-1" in capsys.readouterr().out


def test_reports_say_what_is_inferred(folder):
    found = review(folder)

    assert {t["file"]: t["region_from"] for t in json.loads(as_json(found))["templates"]}["zonal.json"] == "zones"
    assert "eu-west-1 (inferred from its zones)" in as_html(found)


# beside others whose Region is known --------------------------------------------------------------------------------


def test_what_nobody_places_is_told_once_and_struck_alone(make):
    placed = make.template({"Here": make.resource("AWS::SQS::Queue")})
    anywhere = make.template({"There": make.resource("AWS::SNS::Topic")}, region=None, name="loose")

    found = told(placed, anywhere)

    struck = {key for key in found if key[0].startswith("loss of") and "instance" not in key[0]}
    regional = {key for key in struck if key[0] in {"loss of eu-west-1", "loss of the Region"}}
    assert regional == {("loss of eu-west-1", "Here"), ("loss of the Region", "There")}
    text = as_text(review_templates([placed, anywhere]))
    assert text.count("No Region is known of loose.template.json: 'the Region' is theirs alone") == 1
    assert "No Region is known" not in as_text(review_templates([anywhere]))


def test_what_nobody_places_may_stand_beside_its_twin(make):
    queue = {"Jobs": make.resource("AWS::SQS::Queue")}

    found = told(make.template(queue), make.template(queue, region=None, name="loose"))

    assert found["loss of the Region", "Jobs"] == (
        "unknown", "no template says its Region: it may be eu-west-1, where what takes its place stands"
    )  # fmt: skip


def test_deletion_and_a_lost_host_reach_what_nobody_places(make):
    database = make.resource("AWS::RDS::DBInstance", Engine="postgres")

    found = told(make.template({"A": database}), make.template({"B": database}, region=None, name="loose"))

    assert {name for case, name in found if case == "deletion or corruption of data"} == {"A", "B"}
    assert {name for case, name in found if case == "loss of any one instance"} == {"A", "B"}


# zones that are numbered, beside zones with names -------------------------------------------------------------------


def mixed(make: Any, **resources: Any) -> Any:
    subnets = {"A": "eu-west-1a", "B": "eu-west-1b", "One": FIRST, "Two": SECOND}
    made = {f"Subnet{n}": make.resource("AWS::EC2::Subnet", AvailabilityZone=z) for n, z in subnets.items()}
    return make.template({**made, **resources})


def on(make: Any, *subnets: str) -> Any:
    return make.group(minimum=2, VPCZoneIdentifier=[{"Ref": f"Subnet{name}"} for name in subnets])["Group"]


DEPENDS = "whether zone 1 of eu-west-1 is eu-west-1a decides, and nobody knows it"


@pytest.mark.parametrize("zone", ["eu-west-1a", "zone 1 of eu-west-1"])
def test_an_instance_of_a_numbered_zone_may_stand_in_one_with_a_name(make, zone):
    stands = make.resource("AWS::EC2::Instance", AvailabilityZone="eu-west-1a" if "zone" in zone else FIRST)

    found = told(mixed(make, Alone=stands))

    assert found[f"loss of {'' if ' of ' in zone else 'zone '}{zone}", "Alone"] == ("unknown", DEPENDS)


def test_a_zone_that_has_one_name_is_known(make):
    stands = make.resource("AWS::EC2::Instance", AvailabilityZone="eu-west-1a")

    found = told(mixed(make, Alone=stands))

    assert found["loss of zone eu-west-1a", "Alone"][0] == "lost"
    assert found["loss of zone eu-west-1b", "Alone"] == ("survives", "it stands in another zone")


@pytest.mark.parametrize(
    ("subnets", "fates"),
    [
        (("A", "B"), {"survives"}),
        (("One", "Two"), {"survives"}),
        (("A", "B", "One"), {"survives"}),
        (("A", "One"), {"survives", "unknown"}),
    ],
)
def test_two_zones_of_one_kind_are_two_and_a_mix_may_be_one(make, subnets, fates):
    found = told(mixed(make, Group=on(make, *subnets)))

    zonal = {case: fate for (case, name), (fate, _) in found.items() if name == "Group" and "west" in case}
    zonal.pop("loss of eu-west-1")
    assert set(zonal.values()) == fates
    assert (zonal["loss of zone eu-west-1a"] == "unknown") is ("unknown" in fates)
