"""What a distribution is made of, as CloudFront takes it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from aws_cdk import Aws, Duration, IResolvable, Names
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_logs as logs
from aws_cdk import aws_s3 as s3
from constructs import Construct

from cdk_standby_review.facts import cloudfront as facts

from ._cloudfront_values import CacheBehavior, SiteOrigin
from ._log_delivery import let_logs_in

_Policy = cloudfront.CfnCachePolicy
_Headers = cloudfront.CfnResponseHeadersPolicy
_Site = cloudfront.CfnDistribution
CACHING_DISABLED = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
"""The managed policy by which nothing is kept:
https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-cache-policies.html"""
ALL_BUT_HOST = "b689b0a8-53d0-40ab-baf2-68738e2966ac"
"""The managed policy that hands all but the host on: the origin's certificate is for the origin's name.
https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-origin-request-policies.html"""
ERRORS = (500, 502, 503, 504)
_TWO_YEARS = 63_072_000


def name_of(scope: Construct, length: int) -> str:
    """A name that no other distribution of the account has: CloudFront's are global."""
    return Names.unique_resource_name(scope, max_length=length, separator="-")


def cache_policy(scope: Construct, default: Duration, longest: Duration) -> _Policy:
    """Answers are kept by path and query string; cookies and headers neither count nor reach the origin."""
    key = _Policy.ParametersInCacheKeyAndForwardedToOriginProperty(
        cookies_config=_Policy.CookiesConfigProperty(cookie_behavior="none"),
        headers_config=_Policy.HeadersConfigProperty(header_behavior="none"),
        query_strings_config=_Policy.QueryStringsConfigProperty(query_string_behavior="all"),
        enable_accept_encoding_gzip=True,
        enable_accept_encoding_brotli=True,
    )
    config = _Policy.CachePolicyConfigProperty(
        name=name_of(scope, 128),
        min_ttl=0,  # an origin that says no-store is obeyed
        default_ttl=default.to_seconds(),
        max_ttl=longest.to_seconds(),
        parameters_in_cache_key_and_forwarded_to_origin=key,
    )
    return _Policy(scope, "CachePolicy", cache_policy_config=config)


def headers_policy(scope: Construct) -> _Headers:
    """HTTPS for two years, no guessing of types, no foreign frames; the origin may be stricter about the latter."""
    security = _Headers.SecurityHeadersConfigProperty(
        strict_transport_security=_Headers.StrictTransportSecurityProperty(
            access_control_max_age_sec=_TWO_YEARS, include_subdomains=True, override=True
        ),
        content_type_options=_Headers.ContentTypeOptionsProperty(override=True),
        frame_options=_Headers.FrameOptionsProperty(frame_option="SAMEORIGIN", override=False),
        referrer_policy=_Headers.ReferrerPolicyProperty(
            referrer_policy="strict-origin-when-cross-origin", override=False
        ),
    )
    config = _Headers.ResponseHeadersPolicyConfigProperty(name=name_of(scope, 128), security_headers_config=security)
    return _Headers(scope, "HeadersPolicy", response_headers_policy_config=config)


def access_control(scope: Construct) -> cloudfront.CfnOriginAccessControl:
    """By which CloudFront signs its requests to buckets."""
    control = cloudfront.CfnOriginAccessControl
    config = control.OriginAccessControlConfigProperty(
        name=name_of(scope, 64),
        origin_access_control_origin_type="s3",
        signing_behavior="always",
        signing_protocol="sigv4",
    )
    return control(scope, "AccessControl", origin_access_control_config=config)


class Timing(NamedTuple):
    """How long CloudFront waits for an origin."""

    attempts: int
    connecting: Duration
    response: Duration


class Routing:
    """Origins, their groups and the behaviors that lead to them, as a distribution takes them."""

    def __init__(
        self,
        scope: Construct,
        behaviors: Mapping[str, CacheBehavior],
        *,
        timing: Timing,
        codes: Sequence[int],
        policy: _Policy,
    ) -> None:
        """The first behavior is the default one; each has origins, and perhaps a group, of its own."""
        buckets = any(site.bucket for behavior in behaviors.values() for site in behavior.origins.values())
        control = access_control(scope).attr_id if buckets else None
        self.headers = headers_policy(scope)
        self.origins: list[_Site.OriginProperty | IResolvable] = []
        groups: list[_Site.OriginGroupProperty | IResolvable] = []
        self.others: list[_Site.CacheBehaviorProperty | IResolvable] = []
        for number, (pattern, wanted) in enumerate(behaviors.items()):
            name = f"path-{number}" if number else "site"
            origins = {f"{name}-{role}": site for role, site in wanted.origins.items()}
            self.origins += [_origin(id_, site, timing, control) for id_, site in origins.items()]
            groups += [_group(name, list(origins), codes)] if wanted.secondary else []
            leads = _leads(name if wanted.secondary else f"{name}-primary", wanted, policy.ref, self.headers.ref)
            if number:
                self.others.append(_Site.CacheBehaviorProperty(path_pattern=pattern, **leads))
            else:
                self.default = _Site.DefaultCacheBehaviorProperty(**leads)
        self.groups = _Site.OriginGroupsProperty(quantity=len(groups), items=groups)


def _origin(name: str, site: SiteOrigin, timing: Timing, control: str | None) -> _Site.OriginProperty:
    """A bucket that CloudFront signs for, or a name that it asks by HTTPS."""
    bucket = site.bucket
    headers = [
        _Site.OriginCustomHeaderProperty(header_name=header, header_value=value)
        for header, value in site.headers.items()
    ]
    own = _Site.CustomOriginConfigProperty(
        origin_protocol_policy="https-only",
        origin_ssl_protocols=["TLSv1.2"],
        origin_read_timeout=timing.response.to_seconds(),
    )
    return _Site.OriginProperty(
        id=name,
        domain_name=f"{bucket.bucket_name}.s3.{site.region}.{Aws.URL_SUFFIX}" if bucket else str(site.domain),
        origin_path=site.path,
        connection_attempts=timing.attempts,
        connection_timeout=timing.connecting.to_seconds(),
        origin_custom_headers=headers or None,
        s3_origin_config=_Site.S3OriginConfigProperty(origin_access_identity="") if bucket else None,
        origin_access_control_id=control if bucket else None,
        custom_origin_config=None if bucket else own,
    )


def _group(name: str, members: Sequence[str], codes: Sequence[int]) -> _Site.OriginGroupProperty:
    """A primary and a secondary origin, and what makes CloudFront ask the second."""
    items = [_Site.OriginGroupMemberProperty(origin_id=each) for each in members]
    status = _Site.StatusCodesProperty(quantity=len(codes), items=list(codes))
    return _Site.OriginGroupProperty(
        id=name,
        members=_Site.OriginGroupMembersProperty(quantity=len(items), items=items),
        failover_criteria=_Site.OriginGroupFailoverCriteriaProperty(status_codes=status),
    )


def _leads(target: str, wanted: CacheBehavior, policy: str, headers: str) -> dict[str, Any]:
    """The properties that default and other cache behaviors share."""
    # Of OPTIONS, too: facts.FAILOVER_OF_OPTIONS
    kept = {"cache_policy_id": policy, "cached_methods": list(wanted.methods)}
    passed = {"cache_policy_id": CACHING_DISABLED, "origin_request_policy_id": ALL_BUT_HOST}
    return {
        "target_origin_id": target,
        "viewer_protocol_policy": "redirect-to-https",
        "allowed_methods": list(wanted.methods),
        "response_headers_policy_id": headers,
        "compress": True,
        **(passed if wanted.writes else kept),
    }


def errors(ttl: Duration) -> list[_Site.CustomErrorResponseProperty]:
    """How long an error of the origin is believed; what was cached before is served meanwhile."""
    return [
        _Site.CustomErrorResponseProperty(error_code=code, error_caching_min_ttl=ttl.to_seconds()) for code in ERRORS
    ]


def deliver_logs(scope: Construct, distribution_arn: str, bucket: s3.IBucket) -> logs.CfnDelivery:
    """Standard logging, version 2: JSON by the hour, delivered by CloudWatch Logs and kept by the bucket.

    https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/standard-logging.html
    """
    name = name_of(scope, 60)
    source = logs.CfnDeliverySource(
        scope, "LogSource", name=name, log_type="ACCESS_LOGS", resource_arn=distribution_arn
    )
    destination = logs.CfnDeliveryDestination(
        scope, "LogDestination", name=name, destination_resource_arn=bucket.bucket_arn, output_format="json"
    )
    delivery = logs.CfnDelivery(
        scope,
        "LogDelivery",
        delivery_source_name=source.name,
        delivery_destination_arn=destination.attr_arn,
        s3_suffix_path="{DistributionId}/{yyyy}/{MM}/{dd}/{HH}",
    )
    delivery.add_resource_dependency(source)
    by = f"{facts.CONTROL_PLANE.value}:{Aws.ACCOUNT_ID}:delivery-source:*"
    let_logs_in(bucket, by=by, writer=delivery)
    return delivery
