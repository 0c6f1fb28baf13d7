"""ACM (Certificate Manager): where certificates count, how long their names are, when they are renewed."""

from __future__ import annotations

from ._model import Confidence, Fact, Range

_GUIDE = "https://docs.aws.amazon.com/acm/latest/userguide/"
_DATE = "2026-11-21"

FIRST_NAME = Fact(
    value=Range(1, 64),
    unit="characters",
    says="the first name of a certificate has at most 64 characters, the others may be longer",
    source="https://docs.aws.amazon.com/acm/latest/APIReference/API_RequestCertificate.html",
    date=_DATE,
)
NAMES = Fact(
    value=Range(1, 10),
    unit="names",
    says="a certificate holds ten names, unless a quota was raised",
    source=_GUIDE + "acm-limits.html",
    date=_DATE,
)
PER_REGION = Fact(
    value="its Region",
    unit="Region",
    says="a load balancer uses certificates of its own Region only",
    source=_GUIDE + "acm-regions.html",
    date=_DATE,
)
VALIDATED = Fact(
    value="a CNAME record in the hosted zone",
    unit="record",
    says="ACM validates and renews a name by a record in its zone",
    source=_GUIDE + "dns-validation.html",
    date=_DATE,
)
RENEWED = Fact(
    value=30,
    unit="days before the end",
    says="a certificate that is validated by DNS is renewed well before 30 days are left, unless its record is gone",
    source="assumed: AWS begins 45 or 60 days before (" + _GUIDE + "managed-renewal.html)",
    date=_DATE,
    confidence=Confidence.ASSUMED,
)
