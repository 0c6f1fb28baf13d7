"""Which Region a call depends on: the one it was signed for, or the home of a global service's control plane."""

from __future__ import annotations

from collections.abc import Container

from .errors import ServiceError

# STS answers from any Region; the control planes of the others are homed in us-east-1 and go dark with it.
# https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/global-services.html
EVERYWHERE = frozenset({"sts"})
HOMED_IN_US_EAST_1 = frozenset({"account", "cloudfront", "iam", "organizations", "route53"})


def refuse_dark(service: str, region: str, dark: Container[str]) -> None:
    """Raise what an SDK makes of an endpoint that is away.

    Args:
        service: botocore's name.
        region: what the call was signed for.
        dark: the Regions that are away.

    Raises:
        ServiceError: with status 503.
    """
    home = "us-east-1" if service in HOMED_IN_US_EAST_1 else region
    if home in dark and service not in EVERYWHERE:
        raise ServiceError("ServiceUnavailable", f"{home} is dark", 503)
