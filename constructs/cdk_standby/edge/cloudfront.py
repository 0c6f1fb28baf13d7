"""CloudFront in front of two Regions: reads go on from the cache and from the second Region."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

from aws_cdk import Aws, Duration, Stack
from aws_cdk import aws_certificatemanager as acm
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_s3 as s3
from constructs import Construct

from cdk_standby_review.facts import Range
from cdk_standby_review.facts import cloudfront as facts

from .._alarms import add_alarms
from .._checks import check
from .._reasons import all_weakened
from .._tokens import is_token
from ..alarm_topic import AlarmTopic
from ..relational._parts import accept
from . import _cloudfront_parts as parts
from ._cloudfront_alarms import LATENCY, site_alarms
from ._cloudfront_rules import RULES, behavior_problems, certificate_region
from ._cloudfront_values import ALL_METHODS, READS, CacheBehavior, SiteOrigin

__all__ = ["ALL_METHODS", "READS", "CacheBehavior", "CachedSite", "SiteOrigin"]

_ANYWHERE = "the site is for viewers of every country; a web ACL can say otherwise"
_NO_WAF = "a web ACL is the workload's choice, 'web_acl_arn' attaches one: its rules depend on what the site answers"
_LOGGED = "access logs are delivered by standard logging version 2, which this rule does not know"
_Site = cloudfront.CfnDistribution


class CachedSite(Construct):
    """A CloudFront distribution with an origin group: reads survive the loss of a Region, and partly that of both.

    Region loss: a read that the cache cannot answer asks the primary, and after `detection` the secondary; nobody has
    to do anything, and nothing is changed. Every such read pays that wait again while the primary hangs, so move
    traffic behind the primary's name as well. Both Regions lost: what is cached is served until it expires, and longer
    where the origin's Cache-Control said `stale-if-error`. Writes never fail over here: give them a path with one
    origin, best a Route 53 failover name. Loss of us-east-1: the distribution answers as before, and cannot be changed.

    Everything under the default behavior is public: cookies and headers reach no origin and separate no answers. Pages
    of a person belong under a path that allows writes, which is not cached.
    """

    distribution: cloudfront.CfnDistribution
    cache_policy: cloudfront.CfnCachePolicy
    headers_policy: cloudfront.CfnResponseHeadersPolicy
    """HTTPS only for two years, subdomains too; whose subdomains speak HTTP changes it here."""
    behaviors: dict[str, CacheBehavior]
    """By path pattern, in the order in which they count; the default one is ``*``."""
    detection: Range
    """Seconds that a read waits for a primary that is gone before the secondary is asked."""
    alarms: dict[str, cloudwatch.Alarm]

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        primary: SiteOrigin,
        secondary: SiteOrigin,
        domain_names: Sequence[str] = (),
        certificate: acm.ICertificate | None = None,
        default_certificate_because: str | None = None,
        methods: Sequence[str] = READS,
        paths: Mapping[str, CacheBehavior] | None = None,
        failover_codes: Sequence[int] = parts.ERRORS,
        connection_attempts: int = 2,
        connection_timeout: Duration | None = None,
        response_timeout: Duration | None = None,
        default_ttl: Duration | None = None,
        max_ttl: Duration | None = None,
        error_ttl: Duration | None = None,
        default_root_object: str | None = None,
        web_acl_arn: str | None = None,
        logs: s3.IBucket | None = None,
        no_logs_because: str | None = None,
        alarms: AlarmTopic | None = None,
        alarm_thresholds: Mapping[str, float] | None = None,
        alarms_off_because: Mapping[str, str] | None = None,
    ) -> None:
        """Make the distribution.

        Args:
            scope: the parent, in a stack of us-east-1: CloudFront is changed, and its metrics are, only there.
            id: unique among the parent's children; another id is another distribution with another name.
            primary: the origin that is asked first.
            secondary: the origin of another Region that is asked for reads when the first one fails.
            domain_names: the names that viewers call, which the certificate is for; left out: the name that CloudFront
                makes up, only with `default_certificate_because`.
            certificate: of us-east-1. Required, unless `default_certificate_because` is given.
            default_certificate_because: why CloudFront's own certificate will do, which allows TLS 1.0 too.
            methods: of the default behavior: GET and HEAD, with or without OPTIONS; left out: all three.
            paths: other behaviors by path pattern, the first match counts, such as ``{"/api/*": CacheBehavior(...)}``;
                left out: none.
            failover_codes: status codes of the primary that make CloudFront ask the secondary; left out: 500, 502, 503
                and 504. The latter two are needed: CloudFront counts a lost origin as one of them. With 403 or 404 an
                object that is missing is looked for in both.
            connection_attempts: how often an origin is tried, 1 to 3; left out: 2.
            connection_timeout: of one try, 1 to 10 whole seconds; left out: 2 seconds.
            response_timeout: how long an origin that is no bucket may think, 1 to 120 whole seconds; left out: 10.
            default_ttl: how long an answer is kept whose origin does not say, in whole seconds, more than 0; left out:
                5 minutes.
            max_ttl: how long any answer is kept at most, stale ones included; left out: a day.
            error_ttl: for how long an error of the origin is believed; left out: 10 seconds.
            default_root_object: what ``/`` means, such as index.html; left out: the origin answers that.
            web_acl_arn: a WAF web ACL with the scope CLOUDFRONT; left out: none.
            logs: the bucket of access logs, such as ``AccessLogs(...).bucket``. Required, unless `no_logs_because` is
                given.
            no_logs_because: why nothing is logged.
            alarms: who is told, by a topic of us-east-1; left out: alarms exist, but notify nobody.
            alarm_thresholds: other thresholds by name: ServerErrors (%), OriginLatency (milliseconds).
            alarms_off_because: alarms to leave out, by name, with reasons; without OriginLatency the additional metrics
                of CloudFront are not paid for.

        Raises:
            InvalidOptions: with every option that cannot work, and the AWS page that says so
                (https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/high_availability_origin_failover.html).
        """
        super().__init__(scope, id)
        connection_timeout = connection_timeout or Duration.seconds(2)
        response_timeout = response_timeout or Duration.seconds(10)
        default_ttl, max_ttl = default_ttl or Duration.minutes(5), max_ttl or Duration.days(1)
        error_ttl, paths = error_ttl or Duration.seconds(10), dict(paths or {})
        default = CacheBehavior(primary=primary, secondary=secondary, methods=methods)
        options = {**locals(), "region": Stack.of(self).region}
        check(self, RULES, _readable(options), also=behavior_problems(self.node.path, default, paths))
        all_weakened(self, options)

        self.behaviors = {"*": default, **paths}
        attempts = int(facts.ATTEMPTS.value.high) if is_token(connection_attempts) else connection_attempts
        waits = [connection_timeout.to_seconds(), _response(primary, response_timeout)]
        self.detection = facts.detection(attempts, *waits)
        self.cache_policy = parts.cache_policy(self, default_ttl, max_ttl)
        timing = parts.Timing(connection_attempts, connection_timeout, response_timeout)
        routing = parts.Routing(self, self.behaviors, timing=timing, codes=failover_codes, policy=self.cache_policy)
        self.headers_policy = routing.headers
        self.distribution = _Site(
            self,
            "Distribution",
            distribution_config=_Site.DistributionConfigProperty(
                enabled=True,
                comment=self.node.path[:128],
                http_version="http2and3",
                ipv6_enabled=True,
                aliases=list(domain_names) or None,
                viewer_certificate=_viewer_certificate(certificate),
                default_root_object=default_root_object,
                web_acl_id=web_acl_arn,
                custom_error_responses=parts.errors(error_ttl),
                origins=routing.origins,
                origin_groups=routing.groups,
                default_cache_behavior=routing.default,
                cache_behaviors=routing.others,
            ),
        )
        self._accept(web_acl_arn)
        if logs is not None:
            parts.deliver_logs(self, self.distribution_arn, logs)
        if LATENCY not in (alarms_off_because or {}):
            self._measure_origins()
        self.alarms = add_alarms(
            self,
            site_alarms(self.metric),
            topic=alarms,
            thresholds=alarm_thresholds,
            off_because=alarms_off_because,
        )

    @property
    def distribution_id(self) -> str:
        """Such as E2QWRUHAPOMQZL."""
        return self.distribution.ref

    @property
    def distribution_arn(self) -> str:
        """For permissions, and for `UploadsOrigin` once it is known."""
        return f"arn:{Aws.PARTITION}:cloudfront::{Aws.ACCOUNT_ID}:distribution/{self.distribution_id}"

    @property
    def domain_name(self) -> str:
        """What CloudFront calls it, for a record that leads here."""
        return self.distribution.attr_domain_name

    def as_distribution(self) -> cloudfront.IDistribution:
        """For other CDK calls, such as `route53_targets.CloudFrontTarget`."""
        found = self.node.try_find_child("Seen")
        if found is not None:
            return cast("cloudfront.IDistribution", found)
        return cloudfront.Distribution.from_distribution_attributes(
            self, "Seen", distribution_id=self.distribution_id, domain_name=self.domain_name
        )

    def metric(self, name: str, *, statistic: str = "Sum", period: Duration | None = None) -> cloudwatch.Metric:
        """A metric of the distribution, such as ``Requests``; by the minute, in us-east-1."""
        return cloudwatch.Metric(
            namespace="AWS/CloudFront",
            metric_name=name,
            dimensions_map={"DistributionId": self.distribution_id, "Region": "Global"},
            statistic=statistic,
            period=period or Duration.minutes(1),
        )

    def _measure_origins(self) -> None:
        subscription = cloudfront.CfnMonitoringSubscription
        config = subscription.RealtimeMetricsSubscriptionConfigProperty(realtime_metrics_subscription_status="Enabled")
        wanted = subscription.MonitoringSubscriptionProperty(realtime_metrics_subscription_config=config)
        subscription(self, "Metrics", distribution_id=self.distribution_id, monitoring_subscription=wanted)

    def _accept(self, web_acl_arn: str | None) -> None:
        accept(self.distribution, _ANYWHERE, "AwsSolutions::AwsSolutions-CFR1")
        accept(self.distribution, _LOGGED, "AwsSolutions::AwsSolutions-CFR3")
        if web_acl_arn is None:
            accept(self.distribution, _NO_WAF, "AwsSolutions::AwsSolutions-CFR2")


def _viewer_certificate(certificate: acm.ICertificate | None) -> _Site.ViewerCertificateProperty:
    if certificate is None:
        return _Site.ViewerCertificateProperty(cloud_front_default_certificate=True)
    return _Site.ViewerCertificateProperty(
        acm_certificate_arn=certificate.certificate_arn,
        minimum_protocol_version=facts.TLS.value,
        ssl_support_method="sni-only",
    )


def _response(origin: SiteOrigin, timeout: Duration) -> float:
    return facts.BUCKET_RESPONSE_TIMEOUT.value if origin.bucket else timeout.to_seconds()


def _readable(options: dict[str, Any]) -> dict[str, Any]:
    """For rules and messages: a certificate by its ARN, or its path where that is not known, and lists as lists."""
    certificate: acm.ICertificate | None = options["certificate"]
    arn = certificate.certificate_arn if certificate else None
    return {
        **options,
        "certificate": certificate.node.path if certificate and is_token(arn) else arn,
        "certificate_region": certificate_region(certificate),
        "domain_names": list(options["domain_names"]),
        "failover_codes": list(options["failover_codes"]),
    }
