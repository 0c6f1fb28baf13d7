"""Machine images, volumes and their snapshots: EC2 Image Builder, Data Lifecycle Manager, EBS, Recycle Bin."""

from __future__ import annotations

from ._model import Confidence, Fact, Range

_BUILDER = "https://docs.aws.amazon.com/imagebuilder/latest/"
_BUILDER_API = _BUILDER + "APIReference/"
_BUILDER_GUIDE = _BUILDER + "userguide/"
_DLM_API = "https://docs.aws.amazon.com/dlm/latest/APIReference/"
_EBS = "https://docs.aws.amazon.com/ebs/latest/userguide/"
_EC2 = "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/"
_EC2_API = "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/"
_SCALING = "https://docs.aws.amazon.com/autoscaling/ec2/userguide/"
_CFN = "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/"
_RBIN_API = "https://docs.aws.amazon.com/recyclebin/latest/APIReference/"
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
SCANNING = Fact(
    value="Amazon Inspector",
    unit="service",
    says="the scan of the test instance needs Amazon Inspector for EC2, activated in the account and Region",
    source=_BUILDER_API + "API_ImageScanningConfiguration.html",
    date=_DATE,
)
AUTO_DISABLED = Fact(
    value=5,
    unit="builds",
    says="after five failed builds of a schedule in a row Image Builder disables the pipeline",
    source=_BUILDER_API + "API_AutoDisablePolicy.html",
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

# Data Lifecycle Manager

INTERVALS = Fact(
    value=(1, 2, 3, 4, 6, 8, 12, 24),
    unit="hours",
    says="a policy runs every 1, 2, 3, 4, 6, 8, 12 or 24 hours, or by a cron expression",
    source=_DLM_API + "API_CreateRule.html",
    date=_DATE,
)
TIMES = Fact(
    value=r"(?:[01]\d|2[0-3]):[0-5]\d",
    unit="pattern",
    says="the operation starts within an hour of a time of day in UTC",
    source=_DLM_API + "API_CreateRule.html",
    date=_DATE,
)
KEPT = Fact(
    value=Range(1, 1000),
    unit="snapshots",
    says="a schedule keeps 1 to 1000 snapshots of a volume, or images of an instance",
    source=_DLM_API + "API_RetainRule.html",
    date=_DATE,
)
KEPT_FOR = Fact(
    value=Range(1, 36_500),
    unit="days",
    says="what a schedule makes is kept for one day to 100 years",
    source=_DLM_API + "API_RetainRule.html",
    date=_DATE,
)
POLICY_SCHEDULES = Fact(
    value=Range(1, 4),
    unit="schedules",
    says="a policy has one to four schedules",
    source=_DLM_API + "API_PolicyDetails.html",
    date=_DATE,
)
COPIES = Fact(
    value=Range(0, 3),
    unit="Regions",
    says="a schedule copies to at most three Regions",
    source=_DLM_API + "API_Schedule.html",
    date=_DATE,
)
COPY_KEYS = Fact(
    value=r"arn:aws[a-z-]*:kms:(?P<region>[a-z0-9-]+):\d{12}:key/.+",
    unit="pattern",
    says="Data Lifecycle Manager takes the ARN of a key of that Region, and no alias",
    source=_DLM_API + "API_CrossRegionCopyRule.html",
    date=_DATE,
)
RESTORE_ZONES = Fact(
    value=Range(1, 10),
    unit="zones",
    says="fast snapshot restore is turned on in at most ten zones of a schedule",
    source=_DLM_API + "API_FastRestoreRule.html",
    date=_DATE,
)
DESCRIPTIONS = Fact(
    value=r"[0-9A-Za-z _-]{1,120}",
    unit="pattern",
    says="the name of a schedule has letters, digits, spaces, hyphens and underscores",
    source=_DLM_API + "API_Schedule.html",
    date=_DATE,
)
TARGET_TAGS = Fact(
    value=Range(1, 50),
    unit="tags",
    says="a policy takes what carries one of its tags, so that it needs one",
    source=_DLM_API + "API_PolicyDetails.html",
    date=_DATE,
)
REBOOTS = Fact(
    value=False,
    unit="reboot",
    says="an image of an instance that is not rebooted for it is crash-consistent: what was in memory is not in it",
    source=_EC2_API + "API_CreateImage.html",
    date=_DATE,
)
METRICS = Fact(
    value="DLMPolicyId",
    unit="dimension",
    says="Data Lifecycle Manager counts what a policy made, failed to make and failed to copy, in AWS/EBS",
    source=_EBS + "monitor-dlm-cw-metrics.html",
    date=_DATE,
)
SNAPSHOT_LOCK = Fact(
    value=None,
    unit="resource type",
    says="CloudFormation has no type that locks a snapshot; who needs compliance mode locks by the API",
    source=_EBS + "ebs-snapshot-lock.html",
    date=_DATE,
)

# Recycle Bin

BIN_SNAPSHOTS = Fact(
    value=Range(1, 365),
    unit="days",
    says="deleted snapshots and images stay in the bin for 1 to 365 days",
    source=_RBIN_API + "API_CreateRule.html",
    date=_DATE,
)
BIN_VOLUMES = Fact(
    value=Range(1, 7),
    unit="days",
    says="deleted volumes stay in the bin for 1 to 7 days",
    source=_RBIN_API + "API_CreateRule.html",
    date=_DATE,
)
BIN_UNLOCK = Fact(
    value=Range(7, 30),
    unit="days",
    says="a locked rule opens 7 to 30 days after somebody unlocks it",
    source=_RBIN_API + "API_UnlockDelay.html",
    date=_DATE,
)
BIN_LOCKED = Fact(
    value="Region",
    unit="level",
    says="only a rule for the whole Region, without tags, can be locked",
    source=_EBS + "recycle-bin-lock.html",
    date=_DATE,
)

# Volumes

SAME_ZONE = Fact(
    value=1,
    unit="zone",
    says="a volume is attached to instances of its own zone only",
    source=_EC2_API + "API_AttachVolume.html",
    date=_DATE,
)
SIZES = Fact(
    value={"gp3": Range(1, 65_536), "io2": Range(4, 65_536)},
    unit="GiB",
    says="a gp3 volume has 1 GiB to 64 TiB, an io2 volume 4 GiB to 64 TiB",
    source=_EBS + "ebs-volume-types.html",
    date=_DATE,
)
IOPS = Fact(
    value={"gp3": Range(3_000, 80_000), "io2": Range(100, 256_000)},
    unit="IOPS",
    says="a gp3 volume does 3000 to 80000 operations a second, an io2 volume 100 to 256000",
    source=_EBS + "ebs-volume-types.html",
    date=_DATE,
)
THROUGHPUT = Fact(
    value=Range(125, 2_000),
    unit="MiB a second",
    says="a gp3 volume moves 125 to 2000 MiB a second",
    source=_EBS + "ebs-volume-types.html",
    date=_DATE,
)
UNCHANGEABLE = Fact(
    value=("AvailabilityZone", "SnapshotId", "KmsKeyId", "Encrypted"),
    unit="properties",
    says="CloudFormation refuses to change the zone, the snapshot and the key of a volume that exists",
    source=_CFN + "aws-resource-ec2-volume.html",
    date=_DATE,
)
SNAPSHOT_IDS = Fact(
    value=r"snap-[0-9a-f]{8,17}",
    unit="pattern",
    says="a snapshot is named by its id",
    source=_EC2_API + "API_CreateVolume.html",
    date=_DATE,
)
ATTACHED = Fact(
    value=Range(120, 600),
    unit="seconds",
    says="the group sees the loss, the old instance lets go of the volume, and the next one boots with it",
    source="assumed: status checks, termination and boot; measure it by terminating the instance",
    date=_DATE,
    confidence=Confidence.ASSUMED,
)
