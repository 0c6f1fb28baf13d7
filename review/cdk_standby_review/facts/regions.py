"""The Regions of AWS, and the letters of their Availability Zones.

Zone names belong to an account: in the oldest Regions, accounts made before November 2025 may not see every
letter. So the letters are `assumed`; a wrong one fails the deployment by name, and whoever knows better names
the zones.
"""

from __future__ import annotations

from difflib import get_close_matches
from types import MappingProxyType

from ._model import Confidence, Fact

_PAGE = "https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-availability-zones.html"
_DATE = "2026-11-21"

# Where the letters are not simply a, b, c. us-west-1 shows two zones per account, and which two differs.
_OTHER_LETTERS = {
    "ap-northeast-1": "acd",
    "ap-northeast-2": "abcd",
    "ca-central-1": "abd",
    "us-east-1": "abcdef",
    "us-west-1": "",
    "us-west-2": "abcd",
}


def _codes(text: str) -> tuple[str, ...]:
    return tuple(text.split())


REGIONS = Fact(
    value=_codes(
        """
        af-south-1 ap-east-1 ap-east-2 ap-northeast-1 ap-northeast-2 ap-northeast-3 ap-south-1 ap-south-2
        ap-southeast-1 ap-southeast-2 ap-southeast-3 ap-southeast-4 ap-southeast-5 ap-southeast-6 ap-southeast-7
        ca-central-1 ca-west-1 eu-central-1 eu-central-2 eu-north-1 eu-south-1 eu-south-2 eu-west-1 eu-west-2 eu-west-3
        il-central-1 me-central-1 me-south-1 mx-central-1 sa-east-1 us-east-1 us-east-2 us-west-1 us-west-2
        cn-north-1 cn-northwest-1 us-gov-east-1 us-gov-west-1 eusc-de-east-1
        """
    ),
    unit="Region codes",
    says="these are the Regions of AWS, China, GovCloud and the European Sovereign Cloud included",
    source="https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-regions.html",
    date=_DATE,
)

OPT_IN = Fact(
    value=_codes(
        """
        af-south-1 ap-east-1 ap-east-2 ap-south-2 ap-southeast-3 ap-southeast-4 ap-southeast-5 ap-southeast-6
        ap-southeast-7 ca-west-1 eu-central-2 eu-south-1 eu-south-2 il-central-1 me-central-1 me-south-1 mx-central-1
        """
    ),
    unit="Region codes",
    says="an account uses these Regions only after it has enabled them",
    source="https://docs.aws.amazon.com/accounts/latest/reference/manage-acct-regions.html",
    date=_DATE,
)

ZONE_LETTERS = MappingProxyType(
    {
        region: Fact(
            value=tuple(_OTHER_LETTERS.get(region, "abc")),
            unit="letters",
            says=f"accounts commonly see these zones of {region}",
            source=_PAGE,
            date=_DATE,
            confidence=Confidence.ASSUMED,
        )
        for region in REGIONS.value
    }
)
"""By Region; empty where every account sees other letters."""


def closest(name: str) -> tuple[str, ...]:
    """The Regions that somebody who typed `name` may have meant, the likeliest first; at most three."""
    return tuple(get_close_matches(name.strip().lower().replace("_", "-"), REGIONS.value, n=3, cutoff=0.75))


def zone_names(region: str) -> tuple[str, ...]:
    """The zones of a Region as accounts commonly see them; empty when nobody can know."""
    known = ZONE_LETTERS.get(region)
    return tuple(region + letter for letter in known.value) if known else ()
