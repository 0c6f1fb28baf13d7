"""CloudFront in front of two Regions: what is rendered, and what is refused."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_certificatemanager as acm
from aws_cdk import aws_s3 as s3
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cdk_standby._checks import InvalidOptions
from cdk_standby.access_logs import AccessLogs
from cdk_standby.alarm_topic import AlarmTopic
from cdk_standby.edge.cloudfront import ALL_METHODS, CacheBehavior, CachedSite, SiteOrigin
from cdk_standby_review.facts import Range

GUIDE = "https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/"
FAILOVER = GUIDE + "high_availability_origin_failover.html"
ARN = "arn:aws:acm:us-east-1:111111111111:certificate/12345678-1234-1234-1234-123456789012"
WEB_ACL = "arn:aws:wafv2:us-east-1:111111111111:global/webacl/shop/12345678-1234-1234-1234-123456789012"
IRELAND = SiteOrigin(region="eu-west-1", domain="eu-west-1.shop.example.com")
FRANKFURT = SiteOrigin(region="eu-central-1", domain="eu-central-1.shop.example.com")
WRITES = CacheBehavior(primary=SiteOrigin(domain="api.shop.example.com"), methods=ALL_METHODS)
BOTH: dict[str, Any] = {"primary": IRELAND, "secondary": FRANKFURT}
LAB: dict[str, Any] = {
    **BOTH,
    "default_certificate_because": "a lab",
    "no_logs_because": "a lab",
    "alarms_off_because": {"OriginLatency": "a lab"},
}
OPENED = {"suppress_health_check": [HealthCheck.function_scoped_fixture, HealthCheck.too_slow], "deadline": None}


def bucket(scope: cdk.Stack, name: str) -> s3.IBucket:
    return s3.Bucket.from_bucket_name(scope, name, name)


@pytest.fixture(scope="module")
def world(make_stack: Callable[..., cdk.Stack], template: Callable[..., Any]) -> SimpleNamespace:
    """A site as it is meant, and one of a lab."""
    stack = make_stack(region="us-east-1")
    uploads = CacheBehavior(
        primary=SiteOrigin(region="eu-west-1", bucket=bucket(stack, "uploads-eu-west-1")),
        secondary=SiteOrigin(region="eu-central-1", bucket=bucket(stack, "uploads-eu-central-1")),
    )
    usual = CachedSite(
        stack,
        "Usual",
        **BOTH,
        domain_names=["shop.example.com"],
        certificate=acm.Certificate.from_certificate_arn(stack, "Certificate", ARN),
        paths={"/api/*": WRITES, "/uploads/*": uploads},
        web_acl_arn=WEB_ACL,
        logs=AccessLogs(stack, "Logs").bucket,
        alarms=AlarmTopic(stack, "Alarms"),
    )
    lab = CachedSite(stack, "Lab", **LAB, connection_attempts=1, response_timeout=cdk.Duration.seconds(3))
    return SimpleNamespace(stack=stack, usual=usual, lab=lab, template=template(stack))


@pytest.fixture(scope="module")
def config(world: SimpleNamespace, resources: Callable[..., dict[str, Any]]) -> dict[str, Any]:
    """Of the distribution as it is meant."""
    found = resources(world.template, "AWS::CloudFront::Distribution")
    return next(each["DistributionConfig"] for name, each in found.items() if name.startswith("Usual"))


@pytest.fixture
def refused(make_stack: Callable[..., cdk.Stack]) -> Callable[..., list[str]]:
    """What is said about a call."""

    def ask(*, region: str = "us-east-1", **options: Any) -> list[str]:
        with pytest.raises(InvalidOptions) as caught:
            CachedSite(make_stack(region=region), "Site", **{**LAB, **options})
        return str(caught.value).split("\n")

    return ask


@pytest.mark.capability("EDGE-09")
def test_reads_go_to_two_origins_of_two_regions(config):
    [group, uploads] = config["OriginGroups"]["Items"]
    origins = {origin["Id"]: origin["DomainName"] for origin in config["Origins"]}

    assert config["DefaultCacheBehavior"]["TargetOriginId"] == group["Id"] == "site"
    assert group["Members"] == {"Items": [{"OriginId": "site-primary"}, {"OriginId": "site-secondary"}], "Quantity": 2}
    assert group["FailoverCriteria"]["StatusCodes"] == {"Items": [500, 502, 503, 504], "Quantity": 4}
    assert (origins["site-primary"], origins["site-secondary"]) == (IRELAND.domain, FRANKFURT.domain)
    assert uploads["Id"] == "path-2"


@pytest.mark.capability("EDGE-09")
def test_behaviors_that_fail_over_read_only_and_writes_have_one_origin(config):
    [api, uploads] = config["CacheBehaviors"]

    assert config["DefaultCacheBehavior"]["AllowedMethods"] == ["GET", "HEAD", "OPTIONS"]
    assert uploads["AllowedMethods"] == uploads["CachedMethods"] == ["GET", "HEAD", "OPTIONS"]
    assert set(api["AllowedMethods"]) == set(ALL_METHODS)
    assert api["TargetOriginId"] == "path-1-primary"


@pytest.mark.capability("EDGE-08")
@pytest.mark.capability("SYS-15")
def test_reads_are_kept_and_writes_are_not(world, config, resources):
    policies = resources(world.template, "AWS::CloudFront::CachePolicy")
    kept = policies[config["DefaultCacheBehavior"]["CachePolicyId"]["Ref"]]["CachePolicyConfig"]

    assert (kept["MinTTL"], kept["DefaultTTL"], kept["MaxTTL"]) == (0, 300, 86400)
    assert kept["ParametersInCacheKeyAndForwardedToOrigin"]["CookiesConfig"] == {"CookieBehavior": "none"}
    assert config["CacheBehaviors"][0]["CachePolicyId"] == "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
    assert config["CacheBehaviors"][0]["OriginRequestPolicyId"] == "b689b0a8-53d0-40ab-baf2-68738e2966ac"


@pytest.mark.capability("EDGE-08")
def test_an_error_is_believed_for_a_short_time_only(config):
    told = {each["ErrorCode"]: each["ErrorCachingMinTTL"] for each in config["CustomErrorResponses"]}

    assert told == {500: 10, 502: 10, 503: 10, 504: 10}


@pytest.mark.capability("EDGE-09")
def test_how_long_a_read_waits_for_a_lost_primary_is_computed(world, config):
    origin = config["Origins"][0]

    assert (origin["ConnectionAttempts"], origin["ConnectionTimeout"]) == (2, 2)
    assert origin["CustomOriginConfig"]["OriginReadTimeout"] == 10
    assert world.usual.detection == Range(0, 2 * (2 + 10))
    assert world.lab.detection == Range(0, 2 + 3)


@pytest.mark.capability("EDGE-10")
def test_uploads_are_read_from_two_buckets_by_origin_access_control(world, config, resources):
    [control] = resources(world.template, "AWS::CloudFront::OriginAccessControl")
    [first, second] = [origin for origin in config["Origins"] if "OriginAccessControlId" in origin]
    uploads = config["CacheBehaviors"][1]

    assert first["OriginAccessControlId"] == second["OriginAccessControlId"] == {"Fn::GetAtt": [control, "Id"]}
    assert first["S3OriginConfig"] == {"OriginAccessIdentity": ""}
    assert first["DomainName"]["Fn::Join"][1][0] == "uploads-eu-west-1.s3.eu-west-1."
    assert (uploads["PathPattern"], uploads["TargetOriginId"]) == ("/uploads/*", "path-2")


@pytest.mark.capability("EDGE-12")
def test_viewers_speak_todays_tls_under_their_own_name(config):
    assert config["Aliases"] == ["shop.example.com"]
    assert config["ViewerCertificate"] == {
        "AcmCertificateArn": ARN,
        "MinimumProtocolVersion": "TLSv1.2_2021",
        "SslSupportMethod": "sni-only",
    }
    assert (config["HttpVersion"], config["IPV6Enabled"]) == ("http2and3", True)
    assert config["DefaultCacheBehavior"]["ViewerProtocolPolicy"] == "redirect-to-https"
    assert config["Origins"][0]["CustomOriginConfig"]["OriginProtocolPolicy"] == "https-only"


def test_answers_carry_security_headers(world, config, resources):
    policies = resources(world.template, "AWS::CloudFront::ResponseHeadersPolicy")
    headers = policies[config["DefaultCacheBehavior"]["ResponseHeadersPolicyId"]["Ref"]]
    security = headers["ResponseHeadersPolicyConfig"]["SecurityHeadersConfig"]

    assert security["StrictTransportSecurity"] == {
        "AccessControlMaxAgeSec": 63072000,
        "IncludeSubdomains": True,
        "Override": True,
    }
    assert security["FrameOptions"] == {"FrameOption": "SAMEORIGIN", "Override": False}
    assert config["WebACLId"] == WEB_ACL


@pytest.mark.capability("EDGE-08")
def test_requests_are_logged_into_the_bucket(world, resources):
    [delivery] = resources(world.template, "AWS::Logs::Delivery").values()
    [policy] = resources(world.template, "AWS::S3::BucketPolicy").values()
    writes = [s for s in policy["PolicyDocument"]["Statement"] if "delivery.logs" in str(s["Principal"])]

    assert delivery["S3SuffixPath"] == "{DistributionId}/{yyyy}/{MM}/{dd}/{HH}"
    assert [s["Action"] for s in writes] == ["s3:GetBucketAcl", "s3:PutObject"]
    assert "delivery-source" in str(writes[1]["Condition"]["ArnLike"])


def test_alarms_ring_where_the_metrics_are(world, resources):
    alarms = resources(world.template, "AWS::CloudWatch::Alarm")
    usual = {a["MetricName"]: a for name, a in alarms.items() if name.startswith("Usual")}

    assert {name: a["Threshold"] for name, a in usual.items()} == {"5xxErrorRate": 1, "OriginLatency": 3000}
    assert {d["Name"] for d in usual["5xxErrorRate"]["Dimensions"]} == {"DistributionId", "Region"}
    assert all(a["AlarmActions"] for a in usual.values())


def test_additional_metrics_are_paid_for_only_where_they_are_watched(world, resources):
    [subscription] = resources(world.template, "AWS::CloudFront::MonitoringSubscription")

    assert subscription.startswith("Usual")


def test_other_calls_take_it_as_a_distribution(world):
    seen = world.usual.as_distribution()

    assert world.usual.as_distribution().node.path == seen.node.path == "Test/Usual/Seen"
    assert world.stack.resolve(seen.distribution_id) == {"Ref": "UsualDistribution2FE041AC"}


@pytest.mark.capability("EDGE-09")
def test_writes_are_refused_where_two_origins_are(refused):
    assert refused(methods=ALL_METHODS) == [
        "Test/Site: 'methods' is ['GET', 'HEAD', 'OPTIONS', 'PUT', 'PATCH', 'POST', 'DELETE']; allowed: GET, HEAD and "
        "OPTIONS; send writes to a path with one origin, a Region's own name or a Route 53 failover name, as "
        "paths={'/api/*': CacheBehavior(primary=..., methods=...)}, because CloudFront asks the second origin of a "
        f"group for GET, HEAD and OPTIONS only: writes fail with the first one ({FAILOVER})"
    ]


@pytest.mark.capability("EDGE-09")
@pytest.mark.parametrize(
    ("secondary", "message"),
    [
        (
            SiteOrigin(region="eu-west-1", domain="other.example.com"),
            "'secondary.region' is 'eu-west-1'; allowed: another Region than the primary's eu-west-1",
        ),
        (
            SiteOrigin(domain="other.example.com"),
            "'secondary.region' is not given; allowed: the Region of the origin: each of the two stands in its own",
        ),
        (
            SiteOrigin(region="eu-central-1", domain="eu-west-1.shop.example.com"),
            "'secondary.domain' is 'eu-west-1.shop.example.com'; allowed: another name than the primary's "
            "eu-west-1.shop.example.com",
        ),
    ],
)
def test_origins_that_are_lost_together_are_refused(refused, secondary, message):
    why = "because origins of one Region are lost together"

    assert refused(secondary=secondary) == [f"Test/Site: {message}, {why} ({FAILOVER})"]


@pytest.mark.capability("EDGE-09")
@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            {"failover_codes": [200, 503, 504]},
            "'failover_codes' is [200, 503, 504]; allowed: one or more of 400, 403, 404, 416, 429, 500, 502, 503, 504, "
            f"because an origin group fails over on these status codes ({FAILOVER}#concept_origin_groups.creating)",
        ),
        (
            {"failover_codes": [500, 503]},
            "'failover_codes' is [500, 503]; allowed: 503 and 504 among them, because an origin that cannot be reached "
            "counts as 503, and one that does not answer in time as 504: without both, a lost Region does not fail "
            f"over ({FAILOVER}#concept_origin_groups.creating)",
        ),
        (
            {"connection_attempts": 4},
            "'connection_attempts' is 4; allowed: 1 to 3, because CloudFront tries an origin one to three times before "
            f"it fails over ({FAILOVER}#controlling-attempts-and-timeouts)",
        ),
        (
            {"connection_timeout": cdk.Duration.seconds(11)},
            "'connection_timeout' is 11 seconds; allowed: 1 to 10 whole seconds, known at synth, because CloudFront "
            f"waits one to ten seconds for a connection to an origin ({FAILOVER}#controlling-attempts-and-timeouts)",
        ),
        (
            {"default_ttl": cdk.Duration.seconds(0)},
            "'default_ttl' is 0 seconds; allowed: 1 to 31536000 whole seconds, known at synth, because what is kept "
            f"for no time is not there when the origins are gone ({GUIDE}Expiration.html)",
        ),
        (
            {"max_ttl": cdk.Duration.seconds(60)},
            "'max_ttl' is 1 minute; allowed: as long as 'default_ttl', or longer, because what is kept for no time is "
            f"not there when the origins are gone ({GUIDE}Expiration.html)",
        ),
        (
            {"default_certificate_because": None},
            "'certificate' is not given; allowed: a certificate of us-east-1, or 'default_certificate_because' with "
            "the reason, because viewers speak TLS 1.2 or 1.3; without a certificate of one's own CloudFront allows "
            f"TLS 1.0 too ({GUIDE}secure-connections-supported-viewer-protocols-ciphers.html)",
        ),
        (
            {"no_logs_because": None},
            "'logs' is not given; allowed: a bucket such as AccessLogs(...).bucket, or 'no_logs_because' with the "
            "reason, because without logs nobody can tell afterwards which origin failed for whom "
            f"({GUIDE}standard-logging.html)",
        ),
        (
            {"web_acl_arn": WEB_ACL.replace("global", "regional")},
            f"'web_acl_arn' is '{WEB_ACL.replace('global', 'regional')}'; allowed: the ARN of a web ACL with the scope "
            "CLOUDFRONT, of us-east-1, because CloudFront is changed through us-east-1, and its metrics, web ACLs and "
            "log deliveries exist only there "
            "(https://docs.aws.amazon.com/waf/latest/developerguide/how-aws-waf-works-resources.html)",
        ),
        (
            {"region": "eu-west-1"},
            "'region' is 'eu-west-1'; allowed: a stack of us-east-1, because CloudFront is changed through us-east-1, "
            "and its metrics, web ACLs and log deliveries exist only there "
            f"({GUIDE}programming-cloudwatch-metrics.html)",
        ),
    ],
)
def test_what_cannot_work_is_refused_in_one_sentence(refused, options, message):
    assert refused(**options) == [f"Test/Site: {message}"]


@pytest.mark.capability("EDGE-12")
def test_a_certificate_of_another_region_is_refused(refused, make_stack):
    there = make_stack()
    named = acm.Certificate.from_certificate_arn(there, "Named", ARN.replace("us-east-1", "eu-west-1"))
    made = acm.Certificate(there, "Made", domain_name="a.example.com")
    mine = {"default_certificate_because": None, "domain_names": ["a.example.com"]}

    told = [refused(**mine, certificate=certificate) for certificate in (named, made)]

    why = (
        "allowed: the ARN of a certificate of us-east-1, because CloudFront takes certificates of us-east-1 only "
        f"({GUIDE}cnames-and-https-requirements.html#https-requirements-aws-region)"
    )
    assert told == [
        [f"Test/Site: 'certificate' is '{ARN.replace('us-east-1', 'eu-west-1')}'; {why}"],
        [f"Test/Site: 'certificate' is 'Test/Made'; {why}"],
    ]


@pytest.mark.capability("EDGE-10")
def test_buckets_are_read_and_not_written(refused, make_stack):
    stack = make_stack()
    wrong = CacheBehavior(primary=SiteOrigin(region="eu-west-1", bucket=bucket(stack, "written")), methods=ALL_METHODS)
    nowhere = CacheBehavior(primary=SiteOrigin(bucket=bucket(stack, "nowhere")))
    nameless = CacheBehavior(primary=SiteOrigin(region="eu-west-1", bucket=s3.Bucket(stack, "Nameless")))

    told = refused(paths={"/a/*": wrong, "/b/*": nowhere, "/c/*": nameless})

    assert [line.split("'; allowed")[0].split("; allowed")[0] for line in told] == [
        "Test/Site: 'paths['/a/*'].methods' is ['GET', 'HEAD', 'OPTIONS', 'PUT', 'PATCH', 'POST', 'DELETE']",
        "Test/Site: 'paths['/b/*'].primary.region' is not given",
        "Test/Site: 'paths['/c/*'].primary.bucket' is 'Test/Nameless",
    ]


def test_all_problems_are_told_at_once(refused):
    told = refused(
        primary=SiteOrigin(region="eu-wset-1"), connection_attempts=0, paths={"": WRITES}, default_root_object="/"
    )

    assert [line.split("'")[1] for line in told] == [
        "connection_attempts",
        "default_root_object",
        "primary.domain",
        "primary.region",
        "paths",
    ]


reasons = st.sampled_from([None, "a lab", ""])
spans = st.sampled_from([None, cdk.Duration.millis(1500), cdk.Duration.seconds(5), cdk.Duration.days(9999)])
origins = st.sampled_from([IRELAND, FRANKFURT, SiteOrigin(), SiteOrigin(region=cdk.Aws.REGION, domain=cdk.Aws.REGION)])
options_of_any_kind: dict[str, st.SearchStrategy[Any]] = {
    "primary": origins,
    "secondary": origins,
    "domain_names": st.sampled_from([(), ("a.example.com",), ("",), ("*.example.com", cdk.Aws.STACK_NAME)]),
    "default_certificate_because": reasons,
    "no_logs_because": reasons,
    "methods": st.sampled_from([("GET", "HEAD"), ("GET",), (), ALL_METHODS, ("GIT",)]),
    "paths": st.sampled_from([{}, {"/api/*": WRITES}, {"*": WRITES}, {"a b": WRITES}, {cdk.Aws.REGION: WRITES}]),
    "failover_codes": st.sampled_from([(), (500,), (404, 418), (cdk.Token.as_number({"Ref": "Code"}),)]),
    "connection_attempts": st.integers(-1, 5) | st.just(cdk.Token.as_number({"Ref": "Attempts"})),
    "connection_timeout": spans,
    "response_timeout": spans,
    "default_ttl": spans,
    "max_ttl": spans | st.just(cdk.Duration.seconds(cdk.Token.as_number({"Ref": "Ttl"}))),
    "error_ttl": spans,
    "default_root_object": st.sampled_from([None, "", "index.html", "/index.html"]),
    "web_acl_arn": st.sampled_from([None, "", WEB_ACL, cdk.Aws.STACK_ID]),
    "alarm_thresholds": st.sampled_from([None, {"ServerErrors": 5.0}, {"Nonsense": 1.0}]),
    "alarms_off_because": st.sampled_from([None, {"OriginLatency": "a lab"}, {"OriginLatency": ""}]),
}
some = st.sets(st.sampled_from(sorted(options_of_any_kind)), min_size=1, max_size=3).flatmap(
    lambda names: st.fixed_dictionaries({name: options_of_any_kind[name] for name in sorted(names)})
)


@settings(max_examples=10, **OPENED)
@given(options=some)
def test_any_options_are_built_or_refused_in_our_words(options, make_stack, template, resources):
    stack = make_stack(region="us-east-1")

    try:
        CachedSite(stack, "Site", **{**LAB, **options})
    except InvalidOptions:
        return
    [distribution] = resources(template(stack), "AWS::CloudFront::Distribution").values()
    assert distribution["DistributionConfig"]["OriginGroups"]["Items"][0]["Members"]["Quantity"] == 2
