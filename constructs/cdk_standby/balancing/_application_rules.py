"""What the options of an Application Load Balancer and of its targets must be."""

from __future__ import annotations

from cdk_standby_review.facts import elb as facts

from .._checks import Options, Rule, one_of, within
from ._health_rules import CHECKS, NEEDED, PATH, THRESHOLDS, whole_seconds
from ._pool import KINDS

_ALGORITHM = "'algorithm' round_robin, or left out"


def _named_zone_is_needed(o: Options) -> bool:
    addresses = o["addresses"]
    return addresses is not None and bool(addresses.outside) and (addresses.outside_zone == "all") != o["cross_zone"]


TARGETS = [
    one_of("kind", KINDS, why="targets are registered by instance or by address; for a function take FunctionTargets"),
    one_of("protocol", ("HTTP", "HTTPS"), why="an Application Load Balancer asks by these"),
    Rule(
        option="addresses.outside_zone",
        reads=["addresses", "cross_zone"],
        broken=_named_zone_is_needed,
        allowed=lambda o: "'all'" if o["cross_zone"] else "a zone of the VPC, such as 'eu-west-1a'",
        why=facts.CROSS_ZONE_OFF.says,
        source=facts.CROSS_ZONE_OFF.source,
    ),
    one_of("algorithm", facts.ALGORITHMS.value, why=facts.ALGORITHMS.says, source=facts.ALGORITHMS.source),
    Rule(
        option="slow_start",
        reads=["algorithm"],
        broken=lambda o: o["slow_start"] is not None and o["algorithm"] not in (None, facts.SLOW_START_ALGORITHM.value),
        allowed=_ALGORITHM,
        why=facts.SLOW_START_ALGORITHM.says,
        source=facts.SLOW_START.source,
    ),
    Rule(
        option="stickiness",
        reads=["cross_zone"],
        broken=lambda o: o["stickiness"] is not None and not o["cross_zone"],
        allowed="nothing where 'cross_zone' is off",
        why=facts.CROSS_ZONE_OFF.says,
        source=facts.CROSS_ZONE_OFF.source,
    ),
    NEEDED,
    within("port", facts.PORT),
    within("health_port", facts.PORT),
    *PATH,
    *CHECKS,
    *THRESHOLDS,
    whole_seconds("deregistration_delay", facts.DEREGISTRATION_DELAY),
    whole_seconds("slow_start", facts.SLOW_START),
    whole_seconds("stickiness", facts.STICKINESS),
]

FUNCTION = [
    Rule(
        option="health_path",
        broken=lambda o: o["health_path"] is None and o["health_interval"] is not None,
        allowed="a path beside 'health_interval'",
        why=facts.FUNCTION_HEALTH_INTERVAL.says,
        source=facts.FUNCTION_HEALTH_INTERVAL.source,
    ),
    *PATH,
    *CHECKS,
]

BALANCER = [
    Rule(
        option="env",
        broken=lambda o: o["env"] is None,
        allowed="a stack with an explicit account and Region, Stack(..., env=Environment(account=..., region=...))",
        why="otherwise nobody knows who delivers the load balancer's logs",
        source=facts.LOG_ACCOUNTS.source,
    ),
    Rule(
        option="certificate",
        reads=["http_only_because"],
        broken=lambda o: (o["certificate"] is None) == (o["http_only_because"] is None),
        allowed="either a certificate of this Region, or 'http_only_because' with the reason",
        why="what is sent to a service is nobody else's business",
        source="https://docs.aws.amazon.com/elasticloadbalancing/latest/application/create-https-listener.html",
    ),
    Rule(
        option="more_certificates",
        reads=["certificate"],
        broken=lambda o: bool(o["more_certificates"]) and o["certificate"] is None,
        allowed="nothing without 'certificate'",
        why="they stand beside the first one, for other names",
        source="https://docs.aws.amazon.com/elasticloadbalancing/latest/application/https-listener-certificates.html",
    ),
    Rule(
        option="sign_in",
        reads=["certificate"],
        broken=lambda o: o["sign_in"] is not None and o["certificate"] is None,
        allowed="a certificate beside it",
        why="users are authenticated over HTTPS only",
        source="https://docs.aws.amazon.com/elasticloadbalancing/latest/application/listener-authenticate-users.html",
    ),
    Rule(
        option="waf_fail_open_because",
        reads=["web_acl_arn"],
        broken=lambda o: o["waf_fail_open_because"] is not None and o["web_acl_arn"] is None,
        allowed="'web_acl_arn' beside it",
        why="without a web ACL nothing is asked that could fail",
    ),
    one_of("desync_mode", facts.DESYNC_MODES.value, why=facts.DESYNC_MODES.says, source=facts.DESYNC_MODES.source),
    whole_seconds("keep_alive", facts.CLIENT_KEEP_ALIVE),
    whole_seconds("idle_timeout", facts.IDLE_TIMEOUT),
]
