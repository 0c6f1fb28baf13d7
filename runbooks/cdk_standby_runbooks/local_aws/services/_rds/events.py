"""What RDS tells: kept for `DescribeEvents`, sent to event subscriptions, and matched by EventBridge's rules.

https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_Events.Messages.html
"""

from __future__ import annotations

import contextlib
import json
from datetime import UTC, datetime
from typing import Any

from botocore.exceptions import ClientError

from ...wire import Call
from . import bridge

Values = dict[str, Any]

KINDS = {"db": "db-instance", "cluster": "db-cluster", "db-proxy": "db-proxy"}
DETAIL_TYPES = {
    "db-instance": "RDS DB Instance Event",
    "db-cluster": "RDS DB Cluster Event",
    "db-proxy": "RDS DB Proxy Event",
}
SAID = {"db-instance": "DB_INSTANCE", "db-cluster": "CLUSTER", "db-proxy": "DB_PROXY"}
SUBJECT = "RDS Notification Message"
PAGE = "http://docs.amazonwebservices.com/AmazonRDS/latest/UserGuide/USER_Events.html#"


def note(call: Call, arn: str, message: str, *, id: str, category: str) -> None:
    """Something happened to what an ARN names."""
    event = {
        "SourceIdentifier": arn.rsplit(":", 1)[-1],
        "SourceType": KINDS[arn.split(":")[5]],
        "Message": message,
        "EventCategories": [category],
        "Date": datetime.now(UTC),
        "SourceArn": arn,
    }
    call.state.setdefault("events", []).append(event)
    region = arn.split(":")[3]
    if region not in call.dark:
        _to_subscriptions(call, region, event, id)
        _to_rules(call, region, event, id)


def describe(call: Call) -> Values:
    """DescribeEvents: ours, of this Region, after the emulator's."""
    answer = call.moto()
    wanted = call.parameters.get("SourceIdentifier")
    ours = [event for event in call.state.get("events", []) if event["SourceArn"].split(":")[3] == call.region]
    answer["Events"] = [*answer.get("Events", []), *(e for e in ours if wanted in (None, e["SourceIdentifier"]))]
    return answer


def subscribe(call: Call) -> Values:
    """CreateEventSubscription: it is on unless told otherwise."""
    return call.moto({"Enabled": True, **call.parameters})


def _to_subscriptions(call: Call, region: str, event: Values, id: str) -> None:
    told = call.moto({}, operation="DescribeEventSubscriptions", region=region)["EventSubscriptionsList"]
    message = {
        "Event Source": event["SourceType"],
        "Event Time": _time(event),
        "Source ID": event["SourceIdentifier"],
        "Source ARN": event["SourceArn"],
        "Event ID": PAGE + id,
        "Event Message": event["Message"],
    }
    for subscription in told:
        if _subscribed(subscription, event):
            _publish(call, region, subscription["SnsTopicArn"], json.dumps(message))


def _subscribed(subscription: Values, event: Values) -> bool:
    kind = subscription.get("SourceType")
    sources: list[str] = subscription.get("SourceIdsList") or []
    categories: list[str] = subscription.get("EventCategoriesList") or event["EventCategories"]
    return (
        subscription.get("Enabled", True)
        and kind in (None, "", event["SourceType"])
        and (not sources or event["SourceIdentifier"] in sources)
        and bool(set(categories) & set(event["EventCategories"]))
    )


def _to_rules(call: Call, region: str, event: Values, id: str) -> None:
    at = _time(event)
    detail = {
        "EventCategories": event["EventCategories"],
        "SourceType": SAID[event["SourceType"]],
        "SourceArn": event["SourceArn"],
        "Date": at,
        "Message": event["Message"],
        "SourceIdentifier": event["SourceIdentifier"],
        "EventID": id,
    }
    said = {
        "version": "0",
        "id": f"{id}-{len(call.state['events'])}",
        "detail-type": DETAIL_TYPES[event["SourceType"]],
        "source": "aws.rds",
        "account": call.account,
        "time": at,
        "region": region,
        "resources": [event["SourceArn"]],
        "detail": detail,
    }
    for topic, message in bridge.deliveries(call, region, said):
        _publish(call, region, topic, message)


def _publish(call: Call, region: str, topic: str, message: str) -> None:
    with contextlib.suppress(ClientError):  # nobody hears of what a deleted topic did not get
        call.client("sns", region).publish(TopicArn=topic, Subject=SUBJECT, Message=message)


def _time(event: Values) -> str:
    return str(event["Date"].strftime("%Y-%m-%dT%H:%M:%SZ"))
