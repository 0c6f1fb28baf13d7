"""What Secrets Manager allows of secrets and of their replicas."""

from __future__ import annotations

from ._model import Fact, Range

_GUIDE = "https://docs.aws.amazon.com/secretsmanager/latest/userguide/"
_API = "https://docs.aws.amazon.com/secretsmanager/latest/apireference/"
_DATE = "2026-11-21"

NAMES = Fact(
    value=r"(?!.*-[A-Za-z0-9]{6}$)[A-Za-z0-9/_+=.@-]{1,256}",
    unit="pattern",
    says="a name has up to 256 letters, digits and '/_+=.@-'; one that ends with a hyphen and six characters is taken "
    "for an ARN",
    source=_API + "API_CreateSecret.html",
    date=_DATE,
)
REPLICAS = Fact(
    value="read-only",
    unit="copy",
    says="a replica has the value of its primary, and cannot be changed or rotated until it is promoted",
    source=_GUIDE + "standalone-secret.html",
    date=_DATE,
)
PROMOTION = Fact(
    value="StopReplicationToReplica",
    unit="action",
    says="a replica is promoted in its own Region, keeps its ARN, and hears no more of its old primary",
    source=_API + "API_StopReplicationToReplica.html",
    date=_DATE,
)
LENGTH = Fact(
    value=Range(8, 4096),
    unit="characters",
    says="a password that Secrets Manager generates has up to 4,096 characters, and fewer than 8 protect nothing",
    source=_API + "API_GetRandomPassword.html",
    date=_DATE,
)
ROTATION = Fact(
    value=Range(1, 1000),
    unit="days",
    says="a secret rotates every 1 to 1,000 days",
    source=_API + "API_RotationRulesType.html",
    date=_DATE,
)
WRITTEN_ANEW = Fact(
    value="GenerateSecretString",
    unit="property",
    says="when what is generated changes, CloudFormation writes a new value over the old one",
    source="https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-secretsmanager-secret.html",
    date=_DATE,
)
