"""AWS KMS: keys and their aliases."""

from __future__ import annotations

from ._model import Confidence, Fact

_DATE = "2026-11-21"

ALIAS_NAME = Fact(
    value=r"(?!(alias/)?aws/)(?!alias/$)(alias/)?[A-Za-z0-9/_-]{1,250}",
    unit="regular expression",
    says="KMS takes no other alias, and keeps 'alias/aws/' for the keys that AWS manages",
    source="https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateAlias.html",
    date=_DATE,
)
ROTATION = Fact(
    value=365,
    unit="days",
    says="automatic rotation makes new key material once a year, and keeps the old for what it encrypted",
    source="https://docs.aws.amazon.com/kms/latest/developerguide/rotate-keys.html",
    date=_DATE,
)
KEY_PRICE = Fact(
    value=1.0,
    unit="USD per month",
    says="a customer managed key costs by the month, and more after its first two rotations",
    source="https://aws.amazon.com/kms/pricing/",
    date=_DATE,
    confidence=Confidence.ASSUMED,
)
