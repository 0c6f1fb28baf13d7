"""Route 53: records, health checks that look at what is there, and the answers that follow from both."""

from __future__ import annotations

from ..wire import Operation
from ._route53 import answers, checks, records

OPERATIONS: dict[str, Operation] = {
    "ChangeResourceRecordSets": records.change,
    "ListResourceRecordSets": records.listed,
    "CreateHostedZone": records.create_zone,
    "ListHostedZones": records.list_zones,
    "ListHostedZonesByName": records.list_zones,
    "GetHostedZone": records.get_zone,
    "DeleteHostedZone": records.delete_zone,
    "UpdateHostedZoneFeatures": records.set_features,
    "CreateHealthCheck": checks.create,
    "GetHealthCheck": checks.get,
    "ListHealthChecks": checks.listed,
    "GetHealthCheckCount": checks.count,
    "UpdateHealthCheck": checks.update,
    "DeleteHealthCheck": checks.delete,
    "GetHealthCheckStatus": checks.status,
    "GetHealthCheckLastFailureReason": checks.failure,
    "ListTagsForResource": checks.tags,
    "ChangeTagsForResource": checks.change_tags,
    "TestDNSAnswer": answers.test,
}
