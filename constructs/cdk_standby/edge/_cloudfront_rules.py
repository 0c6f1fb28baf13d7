"""What the options of a distribution must be."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from aws_cdk import Duration, Stack
from aws_cdk import aws_certificatemanager as acm
from aws_cdk import aws_s3 as s3

from cdk_standby_review.facts import Fact
from cdk_standby_review.facts import cloudfront as facts

from .._checks import Options, Problem, Rule, shown, within
from .._regions import unknown_region
from .._tokens import is_token
from .._traffic_rules import DOMAIN_NAMES, is_domain
from ._cloudfront_values import CacheBehavior, SiteOrigin

_BUCKETS = (
    "https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-restricting-access-to-s3.html"
)
_WEB_ACL = re.compile(r"arn:[a-z-]+:wafv2:us-east-1:\d{12}:global/webacl/.+")
_CERTIFICATE = re.compile(r"arn:[a-z-]+:acm:us-east-1:\d{12}:certificate/.+")


def _rule(option: str, broken: Callable[[Options], bool], allowed: str, fact: Fact[Any], *reads: str) -> Rule:
    return Rule(option=option, broken=broken, allowed=allowed, why=fact.says, source=fact.source, reads=reads)


def seconds(duration: Duration) -> float | None:
    """Whole seconds; None when they are fractions, or known only at deployment."""
    span = None if duration.is_unresolved() else duration.to_seconds(integral=False)
    return span if span is None or span == int(span) else None


def _lasting(option: str, fact: Fact[Any]) -> Rule:
    def bad(options: Options) -> bool:
        span = seconds(options[option])
        return span is None or span not in fact.value

    allowed = f"{fact.value.low:.0f} to {fact.value.high:.0f} whole seconds, known at synth"
    return _rule(option, bad, allowed, fact)


def _unlike(options: Options) -> bool:
    low, high = seconds(options["default_ttl"]), seconds(options["max_ttl"])
    return low is not None and high is not None and high < low


def certificate_region(certificate: acm.ICertificate | None) -> str | None:
    """Where a certificate is, as far as its ARN or its stack tells."""
    if certificate is None:
        return None
    arn = certificate.certificate_arn
    return Stack.of(certificate).region if is_token(arn) else ":".join(arn.split(":")[3:4])


def _bad_certificate(options: Options) -> bool:
    region, named = options["certificate_region"], options["certificate"]
    if named is None or is_token(region):
        return False
    return region != facts.CERTIFICATES.value or (named.startswith("arn:") and not _CERTIFICATE.fullmatch(named))


RULES = (
    Rule(
        option="region",
        broken=lambda o: o["region"] != facts.CONTROL_PLANE.value,
        allowed=f"a stack of {facts.CONTROL_PLANE.value}",
        why=facts.CONTROL_PLANE.says,
        source=facts.CONTROL_PLANE.source,
    ),
    Rule(
        option="certificate",
        broken=lambda o: (o["certificate"] is None) == (o["default_certificate_because"] is None),
        allowed=f"a certificate of {facts.CERTIFICATES.value}, or 'default_certificate_because' with the reason",
        why=facts.TLS.says,
        source=facts.TLS.source,
    ),
    Rule(
        option="certificate",
        broken=_bad_certificate,
        allowed=f"the ARN of a certificate of {facts.CERTIFICATES.value}",
        why=facts.CERTIFICATES.says,
        source=facts.CERTIFICATES.source,
    ),
    Rule(
        option="domain_names",
        broken=lambda o: bool(o["domain_names"]) != (o["certificate"] is not None),
        allowed="the names that the certificate is for, and none without a certificate",
        why="a name of one's own and its certificate go together",
        source=facts.CERTIFICATES.source,
    ),
    Rule(
        option="domain_names",
        broken=lambda o: any(not is_domain(name.removeprefix("*.")) for name in o["domain_names"]),
        allowed="names such as shop.example.com, in lower case",
        why="CloudFront answers to names",
        source=DOMAIN_NAMES,
    ),
    _rule(
        "domain_names",
        lambda o: len(o["domain_names"]) not in facts.ALIASES.value,
        f"{facts.ALIASES.value} names",
        facts.ALIASES,
    ),
    _rule("paths", lambda o: len(o["paths"]) not in facts.BEHAVIORS.value, f"{facts.BEHAVIORS.value}", facts.BEHAVIORS),
    _rule(
        "failover_codes",
        lambda o: not set(o["failover_codes"]) or not set(o["failover_codes"]) <= set(facts.FAILOVER_CODES.value),
        f"one or more of {', '.join(map(str, facts.FAILOVER_CODES.value))}",
        facts.FAILOVER_CODES,
    ),
    _rule(
        "failover_codes",
        lambda o: not set(facts.LOSS_CODES.value) <= set(o["failover_codes"]),
        "503 and 504 among them",
        facts.LOSS_CODES,
    ),
    within("connection_attempts", facts.ATTEMPTS),
    _lasting("connection_timeout", facts.CONNECTION_TIMEOUT),
    _lasting("response_timeout", facts.RESPONSE_TIMEOUT),
    _lasting("default_ttl", facts.TTL),
    _lasting("max_ttl", facts.TTL),
    _rule("max_ttl", _unlike, "as long as 'default_ttl', or longer", facts.TTL),
    _lasting("error_ttl", facts.ERROR_TTL),
    Rule(
        option="web_acl_arn",
        broken=lambda o: o["web_acl_arn"] is not None and not _WEB_ACL.fullmatch(o["web_acl_arn"]),
        allowed="the ARN of a web ACL with the scope CLOUDFRONT, of us-east-1",
        why=facts.CONTROL_PLANE.says,
        source="https://docs.aws.amazon.com/waf/latest/developerguide/how-aws-waf-works-resources.html",
    ),
    Rule(
        option="logs",
        broken=lambda o: (o["logs"] is None) == (o["no_logs_because"] is None),
        allowed="a bucket such as AccessLogs(...).bucket, or 'no_logs_because' with the reason",
        why="without logs nobody can tell afterwards which origin failed for whom",
        source="https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/standard-logging.html",
    ),
    Rule(
        option="default_root_object",
        broken=lambda o: o["default_root_object"] is not None and o["default_root_object"][:1] in ("", "/"),
        allowed="a name such as index.html, without a slash before it",
        why="CloudFront looks for it below the origin's path",
        source="https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/DefaultRootObject.html",
    ),
)


def behavior_problems(where: str, default: CacheBehavior, paths: Mapping[str, CacheBehavior]) -> Iterator[Problem]:
    """What cannot work in any of the behaviors; of those of a path under `paths['/api/*']`."""
    yield from _of_behavior(where, "", default)
    for pattern, behavior in paths.items():
        if not is_token(pattern) and (pattern == "*" or not re.fullmatch(facts.PATHS.value, pattern)):
            allowed = "patterns such as '/api/*', and not '*', which is the default behavior"
            yield _problem(where, "paths", shown(pattern), allowed, facts.PATHS)
        yield from _of_behavior(where, f"paths['{pattern}'].", behavior)


def _of_behavior(where: str, name: str, behavior: CacheBehavior) -> Iterator[Problem]:
    methods, primary, secondary = behavior.methods, behavior.primary, behavior.secondary
    if behavior.writes and secondary is not None:
        allowed = (
            "GET, HEAD and OPTIONS; send writes to a path with one origin, a Region's own name or a Route 53 failover "
            "name, as paths={'/api/*': CacheBehavior(primary=..., methods=...)}"
        )
        yield _problem(where, f"{name}methods", shown(list(methods)), allowed, facts.FAILOVER_METHODS)
    elif tuple(sorted(methods)) not in facts.METHODS.value:
        allowed = "; or ".join(", ".join(each) for each in facts.METHODS.value)
        yield _problem(where, f"{name}methods", shown(list(methods)), allowed, facts.METHODS)
    if behavior.writes and primary.bucket is not None:
        why = "CloudFront reads buckets; clients write to them through URLs that the service has signed"
        yield _said(where, f"{name}methods", shown(list(methods)), "GET, HEAD and OPTIONS", (why, _BUCKETS))
    for option, origin in behavior.origins.items():
        yield from _of_origin(where, f"{name}{option}", origin)
    if secondary is not None:
        yield from _of_pair(where, name, primary, secondary)


def _of_pair(where: str, name: str, primary: SiteOrigin, secondary: SiteOrigin) -> Iterator[Problem]:
    why = "origins of one Region are lost together"
    for option, origin in (("primary", primary), ("secondary", secondary)):
        if origin.region is None:
            allowed = "the Region of the origin: each of the two stands in its own"
            yield _said(where, f"{name}{option}.region", shown(None), allowed, (why, facts.GROUP.source))
    regions = (primary.region, secondary.region)
    if None not in regions and not any(map(is_token, regions)) and regions[0] == regions[1]:
        allowed = f"another Region than the primary's {regions[0]}"
        yield _said(where, f"{name}secondary.region", shown(regions[1]), allowed, (why, facts.GROUP.source))
    if primary.domain is not None and primary.domain == secondary.domain and not is_token(primary.domain):
        allowed = f"another name than the primary's {primary.domain}"
        yield _said(where, f"{name}secondary.domain", shown(secondary.domain), allowed, (why, facts.GROUP.source))


def _of_origin(where: str, name: str, origin: SiteOrigin) -> Iterator[Problem]:
    if (origin.domain is None) == (origin.bucket is None):
        got = "not given" if origin.domain is None else f"{shown(origin.domain)} and a bucket"
        yield _problem(where, f"{name}.domain", got, "a name, or a bucket, and not both", facts.GROUP)
    if origin.domain is not None and not is_token(origin.domain) and not is_domain(origin.domain):
        allowed, why = "a name such as eu-west-1.shop.example.com, in lower case", "CloudFront asks origins by name"
        yield _said(where, f"{name}.domain", shown(origin.domain), allowed, (why, DOMAIN_NAMES))
    if origin.region is not None and (abroad := unknown_region(where, f"{name}.region", origin.region)):
        yield abroad
    if origin.bucket is not None:
        yield from _of_bucket(where, name, origin, origin.bucket)
    if origin.path is not None and not is_token(origin.path) and not re.fullmatch(r"/.*[^/]", origin.path):
        source = "https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/DownloadDistValuesOrigin.html"
        allowed, why = (
            "a path such as /static, that begins with a slash and ends with none",
            "CloudFront puts it in front",
        )
        yield _said(where, f"{name}.path", shown(origin.path), allowed, (why, source))


def _of_bucket(where: str, name: str, origin: SiteOrigin, bucket: s3.IBucket) -> Iterator[Problem]:
    if origin.region is None:
        why = "CloudFront asks for a bucket at its Region's own name"
        yield _said(where, f"{name}.region", shown(None), "the Region of the bucket", (why, _BUCKETS))
    child = bucket.node.default_child
    abroad = Stack.of(bucket).region != facts.CONTROL_PLANE.value
    if isinstance(child, s3.CfnBucket) and abroad and Stack.of(bucket).resolve(child.bucket_name) is None:
        why = "Regions agree on names at synth: no stack reads another Region in order to deploy"
        yield _said(where, f"{name}.bucket", shown(bucket.node.path), "a bucket with a 'bucket_name'", (why, _BUCKETS))


def _problem(where: str, option: str, got: str, allowed: str, fact: Fact[Any]) -> Problem:
    return _said(where, option, got, allowed, (fact.says, fact.source))


def _said(where: str, option: str, got: str, allowed: str, reason: tuple[str, str]) -> Problem:
    return Problem(where=where, option=option, got=got, allowed=allowed, why=reason[0], source=reason[1])
