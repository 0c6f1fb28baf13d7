"""What DNS does between a database and its clients."""

from __future__ import annotations

from ._model import Confidence, Fact, Range

_ROUTE53 = "https://docs.aws.amazon.com/Route53/latest/"
_RDS = "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/"
_DATE = "2026-11-21"

ENDPOINT_TTL = Fact(
    value=5,
    unit="seconds",
    says="the endpoints of RDS are cached for five seconds, so that a failover is seen soon",
    source=_RDS + "CHAP_BestPractices.html",
    date=_DATE,
    confidence=Confidence.ASSUMED,  # the page asks clients for less than 30 seconds; five is what endpoints answer
)
TTL = Fact(
    value=Range(1, 60),
    unit="seconds",
    says="a client that keeps an old address does not see a failover, so that a name is cached for a minute at most",
    source=_RDS + "CHAP_BestPractices.html",
    date=_DATE,
)
APEX = Fact(
    value=False,
    unit="",
    says="a CNAME record cannot have the name of its zone itself",
    source=_ROUTE53 + "DeveloperGuide/ResourceRecordTypes.html#CNAMEFormat",
    date=_DATE,
)
NAME = Fact(
    value=r"(?=.{1,255}$)(?!-)[A-Za-z0-9_-]{1,63}(?<!-)(\.(?!-)[A-Za-z0-9_-]{1,63}(?<!-))*\.?",
    unit="pattern",
    says="a name has labels of up to 63 letters, digits and hyphens with dots between them, 255 characters in all",
    source=_ROUTE53 + "DeveloperGuide/DomainNameFormat.html",
    date=_DATE,
)
PRIVATE = Fact(
    value=True,
    unit="",
    says="a private zone answers inside its VPCs only, so that each Region can answer the same name its own way",
    source=_ROUTE53 + "DeveloperGuide/hosted-zones-private.html",
    date=_DATE,
)
WEIGHTED = Fact(
    value=1,
    unit="weight each",
    says="weighted records of one name have different identifiers and share the answers between them",
    source=_ROUTE53 + "DeveloperGuide/routing-policy-weighted.html",
    date=_DATE,
)
READERS = Fact(
    value="clusters",
    unit="databases",
    says="a cluster has an endpoint for its readers; replicas of an instance have one each",
    source=_RDS + "USER_ReadRepl.html",
    date=_DATE,
)
CERTIFICATES = Fact(
    value=False,
    unit="",
    says="certificates of RDS name the endpoints of RDS and no other name: a client that compares names refuses yours",
    source=_RDS + "UsingWithRDS.SSL.html",
    date=_DATE,
)
IAM_TOKENS = Fact(
    value=False,
    unit="",
    says="a token of IAM is signed for an endpoint of RDS, and for no name of yours",
    source=_RDS + "UsingWithRDS.IAMDBAuth.html",
    date=_DATE,
    confidence=Confidence.ASSUMED,  # the one page that says so, read before and not again
)
JVM = Fact(
    value="-Dsun.net.inetaddr.ttl",
    unit="option",
    says="a JVM keeps addresses for 30 seconds, or for ever under a security manager, unless told otherwise",
    source="https://docs.aws.amazon.com/sdk-for-java/latest/developer-guide/jvm-ttl-dns.html",
    date=_DATE,
)
