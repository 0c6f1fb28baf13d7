"""Route 53: what records that share a name may say."""

from __future__ import annotations

from ._model import Fact, Range

_API = "https://docs.aws.amazon.com/Route53/latest/APIReference/"
_GUIDE = "https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/"
_DATE = "2026-11-21"

CLOUDFRONT_ZONE = Fact(
    value="Z2FDTNDATAQYW2",
    unit="hosted zone",
    says="Route 53 cannot evaluate the health of a CloudFront distribution",
    source=_API + "API_AliasTarget.html",
    date=_DATE,
)
ONE_POLICY = Fact(
    value=1,
    unit="routing policy",
    says="records of one name and type all have the same routing policy",
    source=_API + "API_ResourceRecordSet.html",
    date=_DATE,
)
SET_IDENTIFIER = Fact(
    value=Range(1, 128),
    unit="characters",
    says="records of one name and type differ in an identifier of 1 to 128 characters",
    source=_API + "API_ResourceRecordSet.html",
    date=_DATE,
)
WEIGHTS = Fact(
    value=Range(0, 255),
    unit="weight",
    says="a weight is a whole number from 0 to 255",
    source=_API + "API_ResourceRecordSet.html",
    date=_DATE,
)
NO_WEIGHT = Fact(
    value="equal shares",
    unit="traffic",
    says="when every weight is 0, each record gets the same share",
    source=_API + "API_ResourceRecordSet.html",
    date=_DATE,
)
WEIGHTED_RECORDS = Fact(
    value=Range(1, 100),
    unit="records",
    says="a name has at most 100 weighted records of a type",
    source=_API + "API_ResourceRecordSet.html",
    date=_DATE,
)
SAME_TTL = Fact(
    value=1,
    unit="time to live",
    says="records of one name and type are kept equally long",
    source=_API + "API_ResourceRecordSet.html",
    date=_DATE,
)
ANSWERS = Fact(
    value=Range(1, 8),
    unit="records",
    says="an answer holds at most eight multivalue records, and leaves out the others",
    source=_API + "API_ResourceRecordSet.html",
    date=_DATE,
)
MULTIVALUE_ALIAS = Fact(
    value="no alias",
    unit="record",
    says="a multivalue record cannot be an alias",
    source=_API + "API_ResourceRecordSet.html",
    date=_DATE,
)
DEFAULT_PLACE = Fact(
    value="*",
    unit="location",
    says="a question from a place that no record covers, or that is not known, gets no answer without a default record",
    source=_API + "API_ResourceRecordSet.html",
    date=_DATE,
)
CONTINENTS = Fact(
    value=("AF", "AN", "AS", "EU", "NA", "OC", "SA"),
    unit="continents",
    says="Route 53 knows these continents",
    source=_API + "API_GeoLocation.html",
    date=_DATE,
)
SUBDIVISIONS = Fact(
    value=("UA", "US"),
    unit="countries",
    says="only Ukraine and the United States are divided further",
    source=_GUIDE + "resource-record-sets-values-geo.html",
    date=_DATE,
)
BIAS = Fact(
    value=Range(-99, 99),
    unit="bias",
    says="a bias is a whole number from -99 to 99",
    source=_API + "API_GeoProximityLocation.html",
    date=_DATE,
)
LATITUDES = Fact(
    value=Range(-90, 90),
    unit="degrees",
    says="a latitude lies between the poles",
    source=_API + "API_Coordinates.html",
    date=_DATE,
)
LONGITUDES = Fact(
    value=Range(-180, 180),
    unit="degrees",
    says="a longitude lies within half a turn",
    source=_API + "API_Coordinates.html",
    date=_DATE,
)
CIDR_BITS = Fact(
    value={4: Range(1, 24), 6: Range(1, 48)},
    unit="bits",
    says="a location holds IPv4 blocks of /1 to /24 and IPv6 blocks of /1 to /48",
    source=_GUIDE + "resource-record-sets-creating-cidr-collection.html",
    date=_DATE,
)
CIDR_NAME = Fact(
    value=r"[0-9A-Za-z_-]{1,16}",
    unit="pattern",
    says="a location is named by 1 to 16 letters, digits, - and _",
    source=_API + "API_CidrRoutingConfig.html",
    date=_DATE,
)
COLLECTION_NAME = Fact(
    value=r"[0-9A-Za-z_-]{1,64}",
    unit="pattern",
    says="a collection of locations is named by 1 to 64 letters, digits, - and _",
    source=_API + "API_CreateCidrCollection.html",
    date=_DATE,
)
