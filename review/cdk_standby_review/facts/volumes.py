"""Volumes and what is kept of them: EBS, its snapshots, Data Lifecycle Manager, Recycle Bin."""

from __future__ import annotations

from ._model import Fact, Range

_DLM_API = "https://docs.aws.amazon.com/dlm/latest/APIReference/"
_EBS = "https://docs.aws.amazon.com/ebs/latest/userguide/"
_EC2_API = "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/"
_CFN = "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/"
_RBIN_API = "https://docs.aws.amazon.com/recyclebin/latest/APIReference/"
_DATE = "2026-11-21"

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
METRICS = Fact(
    value="DLMPolicyId",
    unit="dimension",
    says="Data Lifecycle Manager counts what a policy made, failed to make and failed to copy, in AWS/EBS",
    source=_EBS + "monitor-dlm-cw-metrics.html",
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
    source=_EC2_API + "API_CreateVolume.html",
    date=_DATE,
)
IOPS = Fact(
    value={"gp3": Range(3_000, 80_000), "io2": Range(100, 256_000)},
    unit="IOPS",
    says="a gp3 volume does 3000 to 80000 operations a second, an io2 volume 100 to 256000",
    source=_EC2_API + "API_CreateVolume.html",
    date=_DATE,
)
THROUGHPUT = Fact(
    value=Range(125, 2_000),
    unit="MiB a second",
    says="a gp3 volume moves 125 to 2000 MiB a second",
    source=_EC2_API + "API_CreateVolume.html",
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
XEN = Fact(
    value=r"c[134]|d2|f1|g[23]s?|h1|i[23]|m[1-4]|p[23]|r[34]|t[12]|x1e?",
    unit="pattern",
    says="volumes are found by their id on instances of the Nitro system only",
    source=_EBS + "nvme-ebs-volumes.html",
    date=_DATE,
)
