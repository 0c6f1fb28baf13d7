"""What happens at launch: waited for, in order, and data last; and which kind of image suits whom."""

from __future__ import annotations

from types import SimpleNamespace

import aws_cdk as cdk
import pytest

from cdk_standby._checks import InvalidOptions
from cdk_standby.images.ami_strategy import AmiStrategy, choose_ami_strategy
from cdk_standby.images.bootstrap import Bootstrap
from cdk_standby.images.golden_image import golden_image
from cdk_standby.service import Service

CFN = "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/"
minutes = cdk.Duration.minutes


@pytest.mark.capability("CMP-02")
def test_a_deployment_waits_for_a_signal_of_each_instance(one):
    group = one("AWS::AutoScaling::AutoScalingGroup", "Group", "frankfurt")

    assert group["CreationPolicy"] == {"ResourceSignal": {"Count": 4, "Timeout": "PT15M"}}


@pytest.mark.capability("CMP-02")
@pytest.mark.capability("CMP-04")
def test_software_comes_before_data_and_both_before_the_signal(one):
    init = one("AWS::AutoScaling::AutoScalingGroup", "Group", "frankfurt")["Metadata"]["AWS::CloudFormation::Init"]
    template = one("AWS::EC2::LaunchTemplate", "GroupTemplate", "frankfurt")["Properties"]["LaunchTemplateData"]

    script = "".join(map(str, template["UserData"]["Fn::Base64"]["Fn::Join"][1]))

    assert init["configSets"] == {"default": ["config"], "Data": ["Data"]}
    assert [c["command"] for c in init["Data"]["commands"].values()] == [
        "aws s3 cp s3://shop-data/catalogue.db /var/lib/shop/"
    ]
    assert "-c default,Data" in script
    assert script.index("aws-cfn-bootstrap") < script.index("cfn-init -v") < script.index("cfn-signal")


@pytest.mark.capability("CMP-04")
def test_a_mixed_image_is_a_golden_one_with_data_at_launch(world, one):
    template = one("AWS::EC2::LaunchTemplate", "GroupTemplate", "frankfurt")["Properties"]["LaunchTemplateData"]

    parameter = world.frankfurt["Parameters"][template["ImageId"]["Ref"]]

    assert parameter["Default"] == "/cdk-standby/shop/image"
    assert one("AWS::ImageBuilder::ImagePipeline", "Image")
    assert world.bootstrap.waits_for == 4


@pytest.fixture
def launches(scope: SimpleNamespace) -> SimpleNamespace:
    return scope.launching()


@pytest.mark.capability("CMP-02")
def test_a_service_knows_how_many_instances_have_to_signal(scope):
    service = Service(
        scope.stack,
        "Service",
        vpc=scope.vpc,
        minimum=2,
        maximum=6,
        internet_facing=False,
        http_only_because="a test",
        image=golden_image("shop"),
    )

    bootstrap = Bootstrap(scope.stack, "OfService", of=service, data=["true"])

    assert bootstrap.waits_for == service.running == 4


@pytest.mark.capability("CMP-02")
def test_a_pilot_light_waits_for_nobody(scope, launches):
    bootstrap = Bootstrap(scope.stack, "Pilot", of=launches, data=["true"], instances=0)

    assert bootstrap.waits_for == 0
    assert launches.group.node.default_child.cfn_options.creation_policy is None


def test_not_to_wait_costs_a_reason(scope, launches):
    bootstrap = Bootstrap(scope.stack, "Blind", of=launches, data=["true"], unsignalled_because="a lab")

    assert bootstrap.waits_for == 0
    assert scope.stack.template_options.metadata["cdk-standby:weakened"]["Test/Blind"] == {"unsignalled": "a lab"}


@pytest.mark.capability("CMP-02")
def test_steps_that_are_none_and_times_that_are_too_long_are_refused(scope, launches):
    with pytest.raises(InvalidOptions) as refused:
        Bootstrap(scope.stack, "Nothing", of=launches, timeout=cdk.Duration.hours(13))

    assert str(refused.value).splitlines() == [
        "Test/Nothing: 'init' is not given; allowed: steps, or commands as 'data', because there is nothing to do at "
        f"launch ({CFN}aws-resource-init.html)",
        "Test/Nothing: 'timeout' is 13 hours; allowed: 1 second to 12 hours, because CloudFormation waits at most "
        f"twelve hours for signals ({CFN}aws-attribute-creationpolicy.html)",
    ]


def test_a_group_has_one_set_of_steps(scope, launches):
    Bootstrap(scope.stack, "First", of=launches, data=["true"])

    with pytest.raises(InvalidOptions, match="because a group has one set of steps"):
        Bootstrap(scope.stack, "Second", of=launches, data=["true"])


CHOICES = [
    ({"changes_per_week": 1, "boot_time": minutes(10)}, AmiStrategy.STATIC, False),
    ({"changes_per_week": 20, "boot_time": minutes(1)}, AmiStrategy.DYNAMIC, False),
    ({"changes_per_week": 20, "boot_time": minutes(10)}, AmiStrategy.DYNAMIC, True),
    ({"changes_per_week": 20, "boot_time": minutes(10), "audited": True}, AmiStrategy.STATIC, False),
    ({"changes_per_week": 1, "boot_time": minutes(1), "data_changes_per_week": 7}, AmiStrategy.MIXED, False),
]  # fmt: skip


@pytest.mark.capability("CMP-05")
@pytest.mark.parametrize(("given", "strategy", "warm_pool"), CHOICES)
def test_an_image_is_chosen_by_changes_speed_and_audit(given, strategy, warm_pool):
    choice = choose_ami_strategy(**given)

    assert (choice.strategy, choice.warm_pool) == (strategy, warm_pool)
    assert choice.because
    assert all(fact.source for fact in choice.facts)


@pytest.mark.capability("CMP-05")
def test_a_slow_dynamic_launch_is_told_why_it_needs_a_warm_pool():
    choice = choose_ami_strategy(changes_per_week=20, boot_time=minutes(10))

    assert choice.because == (
        "software changes 20 times a week: software that changes more than once a working day is fetched at launch "
        "sooner than an image is built",
        "a launch takes 10 minutes: a warm pool is for software that takes exceptionally long to boot",
    )


def test_numbers_below_zero_are_refused():
    with pytest.raises(InvalidOptions) as refused:
        choose_ami_strategy(changes_per_week=-1, boot_time=minutes(1))

    assert str(refused.value) == (
        "choose_ami_strategy: 'changes_per_week' is -1; allowed: 0 or more, because it counts changes in a week"
    )
