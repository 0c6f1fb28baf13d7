"""A golden image: what is built, where it goes, how long it stays, and how each Region finds its own."""

from __future__ import annotations

import aws_cdk as cdk
import pytest
from aws_cdk import aws_ec2 as ec2

from cdk_standby._checks import InvalidOptions
from cdk_standby.images.golden_image import GoldenImage, ImageComponent, ImageCopy, golden_image
from cdk_standby.keys import DataKey

BUILDER = "https://docs.aws.amazon.com/imagebuilder/latest/"
API = BUILDER + "APIReference/"
PARAMETER = "/cdk-standby/shop/image"


@pytest.mark.capability("CMP-03")
def test_every_recovery_region_gets_the_image_with_its_own_key_and_parameter(one):
    distributions = one("AWS::ImageBuilder::DistributionConfiguration", "Image")["Properties"]["Distributions"]

    found = {d["Region"]: d for d in distributions}

    assert [*found] == ["eu-west-1", "eu-central-1", "us-east-1"]
    named = {"DataType": "aws:ec2:image", "ParameterName": PARAMETER}
    assert [d["SsmParameterConfigurations"] for d in distributions] == [[named]] * 3
    keys = {region: d["AmiDistributionConfiguration"].get("KmsKeyId") for region, d in found.items()}
    assert keys["eu-west-1"] is None  # that of the recipe
    assert keys["eu-central-1"]["Fn::Join"][1][2:] == [":kms:eu-central-1:", {"Ref": "AWS::AccountId"}, ":alias/shop"]
    assert keys["us-east-1"] == "arn:aws:kms:us-east-1:111111111111:key/12345678-1234-1234-1234-123456789012"
    assert found["us-east-1"]["LaunchTemplateConfigurations"] == [
        {"LaunchTemplateId": "lt-0123456789abcdef0", "SetDefaultVersion": True}
    ]


def test_the_image_of_this_region_is_encrypted_by_its_recipe(one):
    recipe = one("AWS::ImageBuilder::ImageRecipe", "Image")

    [disk] = recipe["Properties"]["BlockDeviceMappings"]

    assert disk["DeviceName"] == "/dev/xvda"
    assert disk["Ebs"]["Encrypted"] is True
    assert disk["Ebs"]["KmsKeyId"] == {"Fn::GetAtt": ["Key9BCD29C7", "Arn"]}
    assert recipe["UpdateReplacePolicy"] == "Retain"
    assert recipe["Properties"]["Version"] == "1.4.0"


def test_components_are_documents_and_what_aws_keeps_in_its_newest_version(one):
    recipe = one("AWS::ImageBuilder::ImageRecipe", "Image")["Properties"]
    component = one("AWS::ImageBuilder::Component", "Image")

    managed, own = recipe["Components"]

    assert managed["ComponentArn"]["Fn::Join"][1][-1] == ":aws:component/update-linux/x.x.x"
    assert recipe["ParentImage"]["Fn::Join"][1][-1] == ":aws:image/amazon-linux-2023-arm64/x.x.x"
    assert own["Parameters"] == [{"Name": "Release", "Value": ["7"]}]
    assert component["Properties"]["Name"] == "shop-app"
    assert "dnf install -y nginx" in component["Properties"]["Data"]
    assert component["UpdateReplacePolicy"] == "Retain"


def test_auto_scaling_may_start_instances_from_the_image(one):
    statements = one("AWS::KMS::Key", "Key")["Properties"]["KeyPolicy"]["Statement"]

    mine = [s for s in statements if "AWSServiceRoleForAutoScaling" in str(s.get("Condition"))]

    assert [s["Sid"] for s in mine] == ["AutoScalingUsesIt", "AutoScalingGrantsItToVolumes"]


def test_it_is_built_by_instances_that_ask_for_tokens_and_end_whatever_happens(one):
    place = one("AWS::ImageBuilder::InfrastructureConfiguration", "Image")["Properties"]

    assert place["InstanceMetadataOptions"] == {"HttpPutResponseHopLimit": 1, "HttpTokens": "required"}
    assert place["TerminateInstanceOnFailure"] is True
    assert place["SubnetId"] == "subnet-0aaaaaaaaaaaaaaa0"


def test_it_is_tested_scanned_and_rebuilt_when_something_is_newer(one):
    pipeline = one("AWS::ImageBuilder::ImagePipeline", "Image")["Properties"]

    assert pipeline["ImageTestsConfiguration"] == {"ImageTestsEnabled": True}
    assert pipeline["ImageScanningConfiguration"] == {"ImageScanningEnabled": True}
    assert pipeline["Schedule"] == {
        "PipelineExecutionStartCondition": "EXPRESSION_MATCH_AND_DEPENDENCY_UPDATES_AVAILABLE",
        "ScheduleExpression": "cron(0 3 ? * sun *)",
    }
    assert "ExecutionRole" in pipeline


@pytest.mark.capability("CMP-03")
@pytest.mark.capability("CMP-06")
def test_images_are_deprecated_then_deleted_but_never_the_newest_nor_those_in_use(one):
    policy = one("AWS::ImageBuilder::LifecyclePolicy", "Image")["Properties"]

    assert policy["ResourceSelection"] == {"TagMap": {"cdk-standby:image": "shop"}}
    assert policy["PolicyDetails"] == [
        {
            "Action": {"IncludeResources": {"Amis": True}, "Type": "DEPRECATE"},
            "Filter": {"Type": "AGE", "Unit": "DAYS", "Value": 90},
        },
        {
            "Action": {"IncludeResources": {"Amis": True, "Snapshots": True}, "Type": "DELETE"},
            "ExclusionRules": {"Amis": {"LastLaunched": {"Unit": "DAYS", "Value": 90}}},
            "Filter": {"RetainAtLeast": 3, "Type": "AGE", "Unit": "DAYS", "Value": 365},
        },
    ]


def test_images_can_be_kept_by_count_and_spared_by_tag(one):
    _, delete = one("AWS::ImageBuilder::LifecyclePolicy", "Lab")["Properties"]["PolicyDetails"]

    assert delete["Filter"] == {"Type": "COUNT", "Value": 5}
    assert delete["ExclusionRules"]["Amis"]["TagMap"] == {"keep": "yes"}


def test_other_accounts_get_an_image_and_a_parameter_of_their_own(one):
    [here] = one("AWS::ImageBuilder::DistributionConfiguration", "Lab")["Properties"]["Distributions"]

    assert here["AmiDistributionConfiguration"]["TargetAccountIds"] == [{"Ref": "AWS::AccountId"}, "222222222222"]
    assert [p["AmiAccountId"] for p in here["SsmParameterConfigurations"]] == [
        {"Ref": "AWS::AccountId"},
        "222222222222",
    ]


def test_the_pipeline_may_write_its_parameters_and_nothing_else_of_ours(world, one):
    policy = one("AWS::IAM::ManagedPolicy", "ImageExecutionPolicy")["Properties"]["PolicyDocument"]["Statement"]

    may = {statement["Action"]: statement for statement in policy if isinstance(statement["Action"], str)}

    assert [arn["Fn::Join"][1][-1] for arn in may["ssm:PutParameter"]["Resource"]] == [f":parameter{PARAMETER}"] * 3
    assert may["iam:PassRole"]["Condition"] == {"StringEquals": {"iam:PassedToService": "ec2.amazonaws.com"}}
    by_alias = [s for s in policy if "ForAnyValue:StringEquals" in s.get("Condition", {})]
    assert {s["Condition"]["ForAnyValue:StringEquals"]["kms:ResourceAliases"] for s in by_alias} == {"alias/shop"}


def test_a_build_that_fails_and_a_pipeline_that_gave_up_are_told(one):
    failed, disabled = (one("AWS::Events::Rule", f"Image{name}")["Properties"] for name in ("Failed", "Disabled"))

    assert failed["EventPattern"]["detail-type"] == ["EC2 Image Builder Image State Change"]
    assert failed["EventPattern"]["detail"] == {"state": {"status": ["FAILED", "CANCELLED"]}}
    [mine] = failed["EventPattern"]["resources"]
    assert mine["prefix"].endswith(":imagebuilder:eu-west-1:111111111111:image/shop/")
    assert disabled["EventPattern"]["detail-type"] == ["EC2 Image Builder Image Pipeline Automatically Disabled"]
    assert [len(rule["Targets"]) for rule in (failed, disabled)] == [1, 1]


@pytest.mark.capability("CMP-06")
def test_the_newest_images_are_protected_when_there_is_another(world, one):
    function = one("AWS::Lambda::Function", "ImageGuard")["Properties"]
    rule = one("AWS::Events::Rule", "ImageAvailable")["Properties"]

    assert function["Runtime"] == "python3.14"
    assert function["Environment"]["Variables"] == {
        "IMAGE": "shop",
        "IMAGE_TAG": "cdk-standby:image",
        "REGIONS": "eu-west-1,eu-central-1,us-east-1",
        "PROTECTED": "2",
    }
    assert rule["EventPattern"]["detail"] == {"state": {"status": ["AVAILABLE"]}}
    assert [*world.image.alarms] == ["GuardErrors"]


@pytest.mark.capability("CMP-03")
def test_a_region_reads_its_own_parameter_and_nothing_of_another(world):
    template = world.frankfurt

    images = [
        r["Properties"]["LaunchTemplateData"]["ImageId"]
        for r in template["Resources"].values()
        if r["Type"] == "AWS::EC2::LaunchTemplate"
    ]
    parameters = [p for p in template["Parameters"].values() if "Image::Id" in p["Type"]]

    assert parameters == [{"Type": "AWS::SSM::Parameter::Value<AWS::EC2::Image::Id>", "Default": PARAMETER}]
    assert {"Ref": next(name for name in template["Parameters"] if "shop" in name)} in images
    assert f"resolve:ssm:{PARAMETER}" in images
    assert "eu-west-1" not in str(template)


def test_an_image_is_not_promised_where_it_does_not_go(world):
    with pytest.raises(InvalidOptions) as refused:
        world.image.image_for("ap-south-1")

    assert str(refused.value) == (
        "Images/Image: 'region' is 'ap-south-1'; allowed: eu-west-1, eu-central-1, us-east-1, because the image "
        f"goes to these Regions only ("
        f"{BUILDER}userguide/cr-upd-ami-distribution-settings.html#create-ami-distribution-config)"
    )


def test_no_image_is_called_what_regions_cannot_agree_on():
    with pytest.raises(InvalidOptions, match="golden_image: 'name' is 'My Shop'; allowed: 3 to 64 lower-case"):
        golden_image("My Shop")


WRONG = [
    ({"name": "My Shop"}, "'name' is 'My Shop'; allowed: 3 to 64 lower-case letters, digits and single hyphens, known "
     "at synth, because Image Builder takes names that differ only in case, spaces and underscores for one name "
     f"({API}API_CreateImageRecipe.html)"),
    ({"version": "1.0"}, "'version' is '1.0'; allowed: three numbers, such as '1.4.0', because a version is three "
     "numbers of 0 to 1073741823, and a recipe of one name and version is made once "
     f"({API}API_CreateImageRecipe.html)"),
    ({"components": []}, "'components' is []; allowed: one component or more, such as 'update-linux', because a "
     "component that stands in a template has at most 16000 characters; larger ones lie in S3 "
     f"({API}API_CreateComponent.html)"),
    ({"recovery": ()}, "'recovery' is []; allowed: one ImageCopy in another Region or more, or 'one_region_because', "
     "because a Region that has no image of its own starts nothing when this one is lost "
     "(https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/regions.html)"),
    ({"recovery": [ImageCopy(region="eu-west-1", key="alias/shop")]}, "'recovery' is ['eu-west-1']; allowed: each "
     "other Region once, because a copy is for the day when this Region is lost "
     f"({BUILDER}userguide/cr-upd-ami-distribution-settings.html#create-ami-distribution-config)"),
    ({"keep": 0}, "'keep' is 0; allowed: 1 to 1000, because retention by count keeps 1 to 1000 images "
     f"({API}API_LifecyclePolicyDetailFilter.html)"),
    ({"deprecate_after": cdk.Duration.days(400), "delete_after": cdk.Duration.days(300)}, "'deprecate_after' is 400 "
     "days; allowed: less than 'delete_after', because an age rule counts 1 to 1000 units of time "
     f"({API}API_LifecyclePolicyDetailFilter.html)"),
    ({"protected": 4}, "'protected' is 4; allowed: 1 to as many as retention keeps in any case, because a protected "
     "image cannot be deregistered, and for 24 hours after its protection ends neither "
     "(https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ami-deregistration-protection.html)"),
    ({"instance_types": ("m7g.large", "m7i.large")}, "'instance_types' is ['m7g.large', 'm7i.large']; allowed: types "
     "of one architecture, because what runs is what was tested when all software is in the image, and the image says "
     "what ran (https://docs.aws.amazon.com/wellarchitected/latest/framework/"
     "rel_tracking_change_management_immutable_infrastructure.html)"),
]  # fmt: skip


@pytest.mark.parametrize(("options", "message"), WRONG, ids=[" and ".join(options) for options, _ in WRONG])
@pytest.mark.capability("CMP-03")
@pytest.mark.capability("CMP-06")
def test_what_cannot_work_is_refused(scope, options, message):
    usual = {
        "name": "shop",
        "vpc": scope.vpc,
        "key": scope.key,
        "components": ["update-linux"],
        "recovery": [ImageCopy(region="eu-central-1", key="alias/shop")],
    }
    name = f"Image{len(scope.stack.node.children)}"

    with pytest.raises(InvalidOptions) as refused:
        GoldenImage(scope.stack, name, **usual | options)

    assert str(refused.value) == f"Test/{name}: {message}"


def test_a_key_of_another_region_and_a_document_that_is_none_are_refused(scope):
    with pytest.raises(InvalidOptions) as refused:
        GoldenImage(
            scope.stack,
            "Wrong",
            name="shop",
            vpc=scope.vpc,
            key=scope.key,
            components=[ImageComponent(name="app", document="hello"), "No such"],
            recovery=[ImageCopy(region="eu-central-1", key="arn:aws:kms:us-east-1:111111111111:key/1")],
        )

    assert [problem.option for problem in refused.value.problems] == [
        "components['app'].document",
        "components",
        "recovery['eu-central-1'].key",
    ]


def test_a_network_without_private_subnets_is_refused(scope):
    isolated = ec2.SubnetSelection(subnet_type=ec2.SubnetType.PUBLIC)

    with pytest.raises(InvalidOptions, match="'vpc' is a VPC without subnets of that kind"):
        GoldenImage(
            scope.stack,
            "Nowhere",
            name="shop",
            vpc=scope.vpc,
            key=scope.key,
            components=["update-linux"],
            one_region_because="a lab",
            subnets=isolated,
        )


def test_a_stack_that_does_not_say_where_it_will_be_names_its_region_at_deployment(make_stack, template, resources):
    stack = make_stack(region=None, name="Anywhere")
    vpc = ec2.Vpc.from_vpc_attributes(
        stack,
        "Vpc",
        vpc_id="vpc-0123456789abcdef0",
        availability_zones=["eu-west-1a"],
        private_subnet_ids=["subnet-0aaaaaaaaaaaaaaa0"],
        private_subnet_route_table_ids=["rtb-0aaaaaaaaaaaaaaa0"],
    )
    image = GoldenImage(
        stack,
        "Image",
        name="shop",
        vpc=vpc,
        key=DataKey(stack, "Key").key,
        components=["update-linux"],
        recovery=[ImageCopy(region="eu-central-1", key="alias/shop")],
    )

    [distribution] = resources(template(stack), "AWS::ImageBuilder::DistributionConfiguration").values()

    assert [d["Region"] for d in distribution["Distributions"]] == [{"Ref": "AWS::Region"}, "eu-central-1"]
    assert image.image_for(stack.region) is not None
