"""Reading: cloud assemblies, folders, single files, and everything that is none of them."""

from __future__ import annotations

import pytest

from cdk_standby_review import UnreadableInput, read, review
from cdk_standby_review.documents import LARGEST_TEMPLATE
from cdk_standby_review.graph import Graph

BUCKET = {"Resources": {"Bucket": {"Type": "AWS::S3::Bucket"}}}
SHA = "0123456789abcdef" * 4


def manifest(**artifacts):
    return {"version": "54.0.0", "artifacts": artifacts}


def stack(file, *, region="eu-west-1", **properties):
    environment = f"aws://111111111111/{region}"
    return {
        "type": "aws:cloudformation:stack",
        "environment": environment,
        "properties": {"templateFile": file, **properties},
    }


def test_a_single_template_is_read(written):
    folder = written({"shop.json": BUCKET})

    found = read(folder / "shop.json")

    assert [(t.name, t.region, [*t.body["Resources"]]) for t in found] == [("shop.json", None, ["Bucket"])]


def test_a_yaml_template_with_short_forms_is_read(written):
    text = """
Resources:
  Zone: {Type: AWS::EC2::Subnet, Properties: {AvailabilityZone: !Select [0, !GetAZs ""], Since: 2020-01-01}}
  Group:
    Type: AWS::AutoScaling::AutoScalingGroup
    Properties: {VPCZoneIdentifier: [!Ref Zone], Name: !Sub "${Zone}-x", Arn: !GetAtt Zone.Arn}
"""
    folder = written({"shop.yaml": text})

    found = Graph(read(folder / "shop.yaml"))

    assert [r.text("AvailabilityZone") for r in found.of_type("AWS::EC2::Subnet")] == ["zone 1 of the Region"]
    assert [len(r.references) for r in found.of_type("AWS::AutoScaling::AutoScalingGroup")] == [3]


def test_a_folder_of_templates_is_read_and_other_files_are_left_alone(written):
    folder = written(
        {
            "a.json": BUCKET,
            "deep/b.template.json": BUCKET,
            "package.json": {"name": "x"},
            "c.txt": "hello",
            "k8s.yaml": "a: 1\n---\nb: 2",
        }
    )

    found = read(folder)

    assert [t.name for t in found] == ["a.json", "deep/b.template.json"]


def test_a_template_of_ours_outside_an_assembly_knows_its_region(written):
    folder = written({"a.json": {**BUCKET, "Metadata": {"cdk-standby": {"site": "eu-central-1"}}}})

    found = read(folder)

    assert [t.region for t in found] == ["eu-central-1"]


def test_an_assembly_is_read_with_its_stages_and_nested_stacks(written):
    url = {"Fn::Join": ["", ["https://s3.", {"Ref": "AWS::URLSuffix"}, f"/{SHA}.json"]]}
    nested = {"Type": "AWS::CloudFormation::Stack", "Properties": {"TemplateURL": url}}
    folder = written(
        {
            "manifest.json": manifest(
                Shop=stack("Shop.template.json"),
                Stage={"type": "cdk:cloud-assembly", "properties": {"directoryName": "assembly-Stage"}},
            ),
            "Shop.template.json": {"Resources": {"Inner": nested}},
            "Shop.assets.json": {"files": {SHA: {"source": {"path": "Inner.nested.template.json"}}}},
            "Inner.nested.template.json": BUCKET,
            "assembly-Stage/manifest.json": manifest(
                S=stack("S.template.json", region="unknown-region") | {"displayName": "Stage/S"}
            ),
            "assembly-Stage/S.template.json": BUCKET,
        }
    )

    found = read(folder)

    assert [(t.name, t.file, t.region) for t in found] == [
        ("Shop", "Shop.template.json", "eu-west-1"),
        ("Shop/Inner", "Inner.nested.template.json", "eu-west-1"),
        ("Stage/S", "assembly-Stage/S.template.json", None),
    ]


def test_construct_paths_come_from_the_manifest_or_from_its_extra_file(written):
    note = [{"type": "aws:cdk:logicalId", "data": "Bucket"}]
    folder = written(
        {
            "manifest.json": manifest(
                A=stack("A.json") | {"metadata": {"/A/Uploads/Resource": note}},
                B=stack("B.json") | {"additionalMetadataFile": "B.metadata.json"},
            ),
            "A.json": BUCKET,
            "B.json": BUCKET,
            "B.metadata.json": {"/B/Uploads/Resource": note},
        }
    )

    found = Graph(read(folder))

    assert [r.path for r in found] == ["A/Uploads", "B/Uploads"]


def test_what_was_acknowledged_in_the_app_is_no_finding(written):
    note = [{"type": "aws:cdk:logicalId", "data": "Bucket"}]
    meant = [{"type": "aws:cdk:acknowledged-rules", "data": {"cdk-standby::bucket-versioning": "only thumbnails"}}]
    metadata = {"/A/Uploads/Resource": note, "/A/Uploads": meant}
    folder = written({"manifest.json": manifest(A=stack("A.json") | {"metadata": metadata}), "A.json": BUCKET})

    found = review(folder)

    assert found.findings == ()
    assert [(f.rule, reason) for f, reason in found.acknowledged] == [("bucket-versioning", "only thumbnails")]


def test_what_a_macro_will_make_is_named_as_unknown(written):
    loop = {"Fn::ForEach::Tables": ["Name", ["a", "b"], {"Table${Name}": {"Type": "AWS::DynamoDB::Table"}}]}
    folder = written({"x.json": {"Resources": loop | BUCKET["Resources"]}})

    found = review(folder)

    assert list(found.coverage.unknown) == ["Fn::ForEach"]
    assert {o.resource.logical_id for o in found.outcomes} == {"Bucket"}


UNREADABLE = [
    ({}, "nothing", "{}/nothing: there is no such file or folder"),
    (
        {"a/x.json": '{"Resources": ', "a/y.json": BUCKET},
        "a",
        "{}/a/x.json: not valid JSON: Expecting value in line 1",
    ),
    ({"a/readme.md": "x"}, "a", "{}/a: no CloudFormation template in this folder"),
    ({"a/cdk.out/x.txt": "x"}, "a", "{0}/a: no CloudFormation template in this folder; did you mean {0}/a/cdk.out?"),
    (
        {"a/cdk.out": '{"version":"54"}'},
        "a",
        "{}/a: a half-written cloud assembly, manifest.json is missing; run 'cdk synth' again",
    ),
    (
        {"manifest.json": manifest(S=stack("S.template.json"))},
        "",
        "{}: a half-written cloud assembly, S.template.json is missing; run 'cdk synth' again",
    ),
    (
        {"manifest.json": manifest(S=stack("../x.json"))},
        "",
        "{}/manifest.json: '../x.json' points outside the assembly",
    ),
    ({"manifest.json": {"name": "web app"}}, "", "{}/manifest.json: not the manifest of a cloud assembly"),
    (
        {"x.json": "{"},
        "x.json",
        "{}/x.json: not valid JSON: Expecting property name enclosed in double quotes in line 1",
    ),
    (
        {"x.json": {"hello": 1}},
        "x.json",
        "{}/x.json: not a CloudFormation template, it has no 'Resources' that each have a 'Type'",
    ),
    (
        {"x.json": {"Resources": {"A": {"Kind": "x"}}}},
        "x.json",
        "{}/x.json: not a CloudFormation template, it has no 'Resources' that each have a 'Type'",
    ),
    ({"x.json": "[" * 100_000}, "x.json", "{}/x.json: nested too deep"),
    (
        {"x.yaml": "a: &a [1]\nb: [*a, *a]"},
        "x.yaml",
        "{}/x.yaml: YAML aliases are not taken; CloudFormation templates do without",
    ),
    (
        {"x.yaml": "Resources: !!python/object:os.system {}"},
        "x.yaml",
        "{}/x.yaml: not valid YAML: could not determine a constructor for the tag "
        "'tag:yaml.org,2002:python/object:os.system' in line 1",
    ),
    ({"x.yaml": "a: ]"}, "x.yaml", "{}/x.yaml: not valid YAML: did not find expected node content in line 1"),
]


@pytest.mark.parametrize(("files", "path", "message"), UNREADABLE)
def test_what_cannot_be_read_is_told_in_one_line(files, path, message, written):
    folder = written(files)

    with pytest.raises(UnreadableInput) as stopped:
        read(folder / path)

    assert str(stopped.value) == message.format(folder)


def test_a_file_of_absurd_size_is_refused_unread(tmp_path):
    file = tmp_path / "huge.json"
    with file.open("wb") as out:
        out.truncate(LARGEST_TEMPLATE + 1)

    with pytest.raises(UnreadableInput) as stopped:
        read(file)

    assert str(stopped.value) == f"{file}: larger than 16 MB, which is no template"


def test_a_binary_file_is_refused(tmp_path):
    file = tmp_path / "x.json"
    file.write_bytes(b"\xff\xfe\x00")

    with pytest.raises(UnreadableInput) as stopped:
        read(file)

    assert str(stopped.value) == f"{file}: not a text file in UTF-8"
