"""Machine images: EC2 Image Builder, and which kind of image suits whom."""

from __future__ import annotations

from ._model import Confidence, Fact, Range

_BUILDER = "https://docs.aws.amazon.com/imagebuilder/latest/"
_BUILDER_API = _BUILDER + "APIReference/"
_BUILDER_GUIDE = _BUILDER + "userguide/"
_EC2 = "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/"
_SCALING = "https://docs.aws.amazon.com/autoscaling/ec2/userguide/"
_CFN = "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/"
_WELL = "https://docs.aws.amazon.com/wellarchitected/latest/"
_DATE = "2026-11-21"

# Image Builder

NAMES = Fact(
    value=r"[a-z0-9](?:-?[a-z0-9]){2,63}",
    unit="pattern",
    says="Image Builder takes names that differ only in case, spaces and underscores for one name",
    source=_BUILDER_API + "API_CreateImageRecipe.html",
    date=_DATE,
)
VERSIONS = Fact(
    value=Range(0, 2**30 - 1),
    unit="number",
    says="a version is three numbers of 0 to 1073741823, and a recipe of one name and version is made once",
    source=_BUILDER_API + "API_CreateImageRecipe.html",
    date=_DATE,
)
INLINE_DOCUMENT = Fact(
    value=Range(1, 16_000),
    unit="characters",
    says="a component that stands in a template has at most 16000 characters; larger ones lie in S3",
    source=_BUILDER_API + "API_CreateComponent.html",
    date=_DATE,
)
RECIPE_DISK = Fact(
    value=Range(8, 16_000),
    unit="GiB",
    says="a recipe gives a volume at most 16000 GiB, and Amazon Linux needs 8",
    source=_BUILDER_API + "API_EbsInstanceBlockDeviceSpecification.html",
    date=_DATE,
)
EXECUTION = Fact(
    value="EC2ImageBuilderExecutionPolicy",
    unit="policy",
    says="who writes the parameter is the execution role of the pipeline; the service's own role must not",
    source=_BUILDER_GUIDE + "cr-upd-ami-distribution-settings.html#ami-distribution-prereqs-ssm-param",
    date=_DATE,
)
SOURCE_KEY = Fact(
    value="recipe",
    unit="place",
    says="the key of a distribution encrypts copies in other Regions and accounts; the image of the build's own Region "
    "takes the key of the recipe",
    source=_BUILDER_GUIDE + "cr-upd-ami-distribution-settings.html#create-ami-distribution-config",
    date=_DATE,
)
ACCOUNTS = Fact(
    value=Range(1, 1536),
    unit="accounts",
    says="a distribution copies an image to at most 1536 accounts, each by its twelve digits",
    source=_BUILDER_API + "API_AmiDistributionConfiguration.html",
    date=_DATE,
)
CROSS_ACCOUNT_ROLE = Fact(
    value="EC2ImageBuilderDistributionCrossAccountRole",
    unit="role",
    says="each target account has a role of this name, with the policy Ec2ImageBuilderCrossAccountDistributionAccess",
    source=_BUILDER_GUIDE + "cross-account-dist.html",
    date=_DATE,
)
RETAINED = Fact(
    value=Range(1, 1000),
    unit="images",
    says="retention by count keeps 1 to 1000 images",
    source=_BUILDER_API + "API_LifecyclePolicyDetailFilter.html",
    date=_DATE,
)
RETAINED_AT_LEAST = Fact(
    value=Range(1, 10),
    unit="images",
    says="however old they are, at most the ten newest images can be kept from an age rule",
    source=_BUILDER_API + "API_LifecyclePolicyDetailFilter.html",
    date=_DATE,
)
AGES = Fact(
    value=Range(1, 1000),
    unit="days",
    says="an age rule counts 1 to 1000 units of time",
    source=_BUILDER_API + "API_LifecyclePolicyDetailFilter.html",
    date=_DATE,
)
LAST_LAUNCHED = Fact(
    value=Range(1, 365),
    unit="days",
    says="images that were launched within the last 1 to 365 units of time can be left alone",
    source=_BUILDER_API + "API_LifecyclePolicyDetailExclusionRulesAmisLastLaunched.html",
    date=_DATE,
)
SCHEDULES = Fact(
    value=r"(?:cron|rate)\(\S.*\S\)",
    unit="pattern",
    says="a schedule is cron(...) or rate(...)",
    source=_BUILDER_GUIDE + "cron-expressions.html",
    date=_DATE,
)
EVENTS = Fact(
    value=("EC2 Image Builder Image State Change", "EC2 Image Builder Image Pipeline Automatically Disabled"),
    unit="events",
    says="Image Builder tells EventBridge of every change of an image's state, and of pipelines that it disables",
    source=_BUILDER_GUIDE + "integ-eventbridge.html",
    date=_DATE,
)
PROTECTION = Fact(
    value=24,
    unit="hours",
    says="a protected image cannot be deregistered, and for 24 hours after its protection ends neither",
    source=_EC2 + "ami-deregistration-protection.html",
    date=_DATE,
)

# Which kind of image

SLOW_BOOT = Fact(
    value=180,
    unit="seconds",
    says="a warm pool is for software that takes exceptionally long to boot",
    source=_SCALING + "ec2-auto-scaling-warm-pools.html (three minutes as the border are assumed)",
    date=_DATE,
    confidence=Confidence.ASSUMED,
)
OFTEN = Fact(
    value=5,
    unit="changes a week",
    says="software that changes more than once a working day is fetched at launch sooner than an image is built",
    source="assumed: a build with its tests and copies takes half an hour to an hour ("
    + _WELL
    + "framework/rel_tracking_change_management_immutable_infrastructure.html)",
    date=_DATE,
    confidence=Confidence.ASSUMED,
)
IMMUTABLE = Fact(
    value="image",
    unit="artifact",
    says="what runs is what was tested when all software is in the image, and the image says what ran",
    source=_WELL + "framework/rel_tracking_change_management_immutable_infrastructure.html",
    date=_DATE,
)
SIGNALS = Fact(
    value=Range(1, 43_200),
    unit="seconds",
    says="CloudFormation waits at most twelve hours for signals",
    source=_CFN + "aws-attribute-creationpolicy.html",
    date=_DATE,
)
