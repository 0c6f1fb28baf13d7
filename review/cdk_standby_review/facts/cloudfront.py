"""CloudFront: what fails over, what is cached, where its control plane and its metrics are."""

from __future__ import annotations

from ._model import Confidence, Fact, Range

_GUIDE = "https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/"
_DATE = "2026-11-21"
_FAILOVER = _GUIDE + "high_availability_origin_failover.html"
_TIMEOUTS = _FAILOVER + "#controlling-attempts-and-timeouts"
_QUOTAS = _GUIDE + "cloudfront-limits.html"
_STATIC_STABILITY = "https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/"

CONTROL_PLANE = Fact(
    value="us-east-1",
    unit="Region",
    says="CloudFront is changed through us-east-1, and its metrics, web ACLs and log deliveries exist only there",
    source=_GUIDE + "programming-cloudwatch-metrics.html",
    date=_DATE,
)
CERTIFICATES = Fact(
    value="us-east-1",
    unit="Region",
    says="CloudFront takes certificates of us-east-1 only",
    source=_GUIDE + "cnames-and-https-requirements.html#https-requirements-aws-region",
    date=_DATE,
)
DATA_PLANE = Fact(
    value="global",
    unit="service",
    says="CloudFront answers from its edge locations, whatever Region is lost",
    source=_STATIC_STABILITY + "global-services.html",
    date=_DATE,
)
GROUP = Fact(
    value=2,
    unit="origins",
    says="an origin group has a primary and a secondary origin, and no third",
    source=_FAILOVER,
    date=_DATE,
)
FAILOVER_METHODS = Fact(
    value=("GET", "HEAD", "OPTIONS"),
    unit="methods",
    says="CloudFront asks the second origin of a group for GET, HEAD and OPTIONS only: writes fail with the first one",
    source=_FAILOVER,
    date=_DATE,
)
METHODS = Fact(
    value=(
        ("GET", "HEAD"),
        ("GET", "HEAD", "OPTIONS"),
        ("DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"),
    ),
    unit="sets of methods",
    says="a behavior forwards one of three sets of methods",
    source="https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_AllowedMethods.html",
    date=_DATE,
)
FAILOVER_CODES = Fact(
    value=(400, 403, 404, 416, 429, 500, 502, 503, 504),
    unit="status codes",
    says="an origin group fails over on these status codes",
    source=_FAILOVER + "#concept_origin_groups.creating",
    date=_DATE,
)
LOSS_CODES = Fact(
    value=(503, 504),
    unit="status codes",
    says="an origin that cannot be reached counts as 503, and one that does not answer in time as 504: without both, a "
    "lost Region does not fail over",
    source=_FAILOVER + "#concept_origin_groups.creating",
    date=_DATE,
)
FAILOVER_OF_OPTIONS = Fact(
    value="cached",
    unit="method",
    says="OPTIONS fails over only where its answers are cached",
    source=_FAILOVER,
    date=_DATE,
)
ATTEMPTS = Fact(
    value=Range(1, 3),
    unit="attempts",
    says="CloudFront tries an origin one to three times before it fails over",
    source=_TIMEOUTS,
    date=_DATE,
)
CONNECTION_TIMEOUT = Fact(
    value=Range(1, 10),
    unit="seconds",
    says="CloudFront waits one to ten seconds for a connection to an origin",
    source=_TIMEOUTS,
    date=_DATE,
)
RESPONSE_TIMEOUT = Fact(
    value=Range(1, 120),
    unit="seconds",
    says="CloudFront waits 1 to 120 seconds for the response of a custom origin",
    source="https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_CustomOriginConfig.html",
    date=_DATE,
)
BUCKET_RESPONSE_TIMEOUT = Fact(
    value=30,
    unit="seconds",
    says="CloudFront waits 30 seconds for the response of a bucket, and nobody can change that",
    source=_GUIDE + "RequestAndResponseBehaviorS3Origin.html",
    date=_DATE,
    confidence=Confidence.ASSUMED,
)
EVERY_REQUEST = Fact(
    value="the primary first",
    unit="origin",
    says="every request that the cache cannot answer is sent to the primary first, even while others fail over",
    source=_FAILOVER,
    date=_DATE,
)
TTL = Fact(
    value=Range(1, 31_536_000),
    unit="seconds",
    says="what is kept for no time is not there when the origins are gone",
    source=_GUIDE + "Expiration.html",
    date=_DATE,
)
ERROR_TTL = Fact(
    value=Range(0, 31_536_000),
    unit="seconds",
    says="an error is answered from the cache for this long, 10 seconds unless told otherwise, before the origin is "
    "asked again",
    source=_GUIDE + "custom-error-pages-expiration.html",
    date=_DATE,
)
STALE = Fact(
    value="stale-if-error",
    unit="directive",
    says="an object that expired is served while its origin fails for as long as the origin's stale-if-error said, at "
    "most for the maximum TTL; stale-if-error=0 forbids it",
    source=_GUIDE + "Expiration.html#stale-content",
    date=_DATE,
)
PATHS = Fact(
    value=r"/?[A-Za-z0-9_\-.*$/~\"'@:+&?]{1,254}",
    unit="pattern",
    says="a path pattern has at most 255 characters: letters, digits, _ - . * $ / ~ \" ' @ : + & and ?",
    source=_GUIDE + "DownloadDistValuesCacheBehavior.html#DownloadDistValuesPathPattern",
    date=_DATE,
)
BEHAVIORS = Fact(
    value=Range(0, 75),
    unit="cache behaviors",
    says="a distribution has at most 75 cache behaviors besides the default one, until AWS allows more",
    source=_QUOTAS,
    date=_DATE,
    confidence=Confidence.ASSUMED,
)
ALIASES = Fact(
    value=Range(0, 100),
    unit="names",
    says="a distribution has at most 100 alternate domain names, until AWS allows more",
    source=_QUOTAS,
    date=_DATE,
    confidence=Confidence.ASSUMED,
)
TLS = Fact(
    value="TLSv1.2_2021",
    unit="security policy",
    says="viewers speak TLS 1.2 or 1.3; without a certificate of one's own CloudFront allows TLS 1.0 too",
    source=_GUIDE + "secure-connections-supported-viewer-protocols-ciphers.html",
    date=_DATE,
)
ACCESS = Fact(
    value="origin access control",
    unit="access",
    says="AWS recommends origin access control over origin access identities: it signs with SigV4, in every Region, "
    "and reads objects encrypted with KMS",
    source=_GUIDE + "private-content-restricting-access-to-s3.html",
    date=_DATE,
)


def detection(attempts: float, connection_timeout: float, response_timeout: float) -> Range:
    """Seconds that a request waits for a primary origin that is gone, before the secondary is asked.

    At best the primary answers with a code that fails over, at once; at worst each attempt waits for both timeouts.

    Args:
        attempts: how often CloudFront tries the primary, 1 to 3.
        connection_timeout: seconds that it waits for a connection.
        response_timeout: seconds that it waits for the response.
    """
    return Range(0, attempts * (connection_timeout + response_timeout))
