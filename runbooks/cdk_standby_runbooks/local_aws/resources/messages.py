"""Topics, subscriptions, queues and event rules."""

from __future__ import annotations

import json
from typing import Any

from ._functions import Functions, again
from ._model import Context, Handler, Made
from ._send import Values, send, without, yes
from ._tags import pairs

TOPIC_ATTRIBUTES = {"KmsMasterKeyId", "DisplayName", "SignatureVersion", "TracingConfig", "ArchivePolicy"}
QUEUE_PROPERTIES = ("QueueName", "Tags")


def text(value: Any) -> str:
    """Attributes are text, whatever they mean."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return json.dumps(value) if isinstance(value, dict | list) else str(value)


def _topic(context: Context, properties: Values) -> Made:
    sns = context.client("sns")
    fifo = yes(properties.get("FifoTopic", False))
    name = properties.get("TopicName") or context.name(240, lower=False) + (".fifo" if fifo else "")
    attributes = {"FifoTopic": "true"} if fifo else {}
    arn = sns.create_topic(Name=name, Attributes=attributes, Tags=properties.get("Tags", []))["TopicArn"]
    _topic_attributes(context, arn, {}, properties)
    for subscription in properties.get("Subscription", []):
        sns.subscribe(TopicArn=arn, **subscription)
    for unknown in sorted(set(properties) - TOPIC_ATTRIBUTES - {"TopicName", "Tags", "Subscription", "FifoTopic"}):
        context.dropped(unknown)
    return Made(arn, {"TopicArn": arn, "TopicName": name})


def _topic_attributes(context: Context, arn: str, before: Values, after: Values) -> None:
    for name in sorted(TOPIC_ATTRIBUTES):
        if before.get(name) != after.get(name):
            value = text(after.get(name, ""))
            context.client("sns").set_topic_attributes(TopicArn=arn, AttributeName=name, AttributeValue=value)


def _update_topic(context: Context, made: Made, before: Values, after: Values) -> Made:
    _topic_attributes(context, made.physical_id, before, after)
    if after.get("Tags"):
        context.client("sns").tag_resource(ResourceArn=made.physical_id, Tags=after["Tags"])
    return made


def _delete_topic(context: Context, made: Made, _: Values) -> None:
    context.client("sns").delete_topic(TopicArn=made.physical_id)


def _topic_policy(context: Context, properties: Values) -> Made:
    document = json.dumps(properties["PolicyDocument"])
    for topic in properties["Topics"]:
        context.client("sns").set_topic_attributes(TopicArn=topic, AttributeName="Policy", AttributeValue=document)
    return Made(context.name(), {"Id": context.name()})


SUBSCRIPTION = ("FilterPolicy", "RawMessageDelivery", "RedrivePolicy", "DeliveryPolicy", "FilterPolicyScope")


def _subscription(context: Context, properties: Values) -> Made:
    attributes = {name: text(properties[name]) for name in SUBSCRIPTION if name in properties}
    parameters = {
        **without(properties, *SUBSCRIPTION, "Region"),
        "Attributes": attributes,
        "ReturnSubscriptionArn": True,
    }
    sns = context.client("sns", properties.get("Region") or context.region)
    arn = send(sns, "Subscribe", parameters, context.dropped)["SubscriptionArn"]
    return Made(arn, {"Arn": arn})


def _resubscribe(context: Context, made: Made, before: Values, after: Values) -> Made:
    for name in SUBSCRIPTION:
        if before.get(name) != after.get(name):
            parameters = {"AttributeName": name, "AttributeValue": text(after.get(name, ""))}
            context.client("sns").set_subscription_attributes(SubscriptionArn=made.physical_id, **parameters)
    return made


def _unsubscribe(context: Context, made: Made, _: Values) -> None:
    context.client("sns").unsubscribe(SubscriptionArn=made.physical_id)


def _queue(context: Context, properties: Values) -> Made:
    sqs = context.client("sqs")
    fifo = ".fifo" if yes(properties.get("FifoQueue", False)) else ""
    name = properties.get("QueueName") or context.name(75, lower=False) + fifo
    attributes = {key: text(value) for key, value in properties.items() if key not in QUEUE_PROPERTIES}
    url = sqs.create_queue(QueueName=name, Attributes=attributes, tags=pairs(properties.get("Tags", [])))["QueueUrl"]
    arn = f"arn:aws:sqs:{context.region}:{context.account}:{name}"
    return Made(url, {"Arn": arn, "QueueName": name, "QueueUrl": url})


def _update_queue(context: Context, made: Made, before: Values, after: Values) -> Made:
    attributes = {key: text(value) for key, value in after.items() if key not in QUEUE_PROPERTIES}
    context.client("sqs").set_queue_attributes(QueueUrl=made.physical_id, Attributes=attributes)
    return made


def _delete_queue(context: Context, made: Made, _: Values) -> None:
    context.client("sqs").delete_queue(QueueUrl=made.physical_id)


def _queue_policy(context: Context, properties: Values) -> Made:
    document = json.dumps(properties["PolicyDocument"])
    for queue in properties["Queues"]:
        context.client("sqs").set_queue_attributes(QueueUrl=queue, Attributes={"Policy": document})
    return Made(context.name(), {"Id": context.name()})


def _rule(context: Context, properties: Values) -> Made:
    parameters = {"Name": context.name(64, lower=False), **without(properties, "Targets")}
    events = context.client("events")
    arn = send(events, "PutRule", parameters, context.dropped)["RuleArn"]
    if properties.get("Targets"):
        bus = {"EventBusName": properties["EventBusName"]} if "EventBusName" in properties else {}
        sent = {"Rule": parameters["Name"], "Targets": properties["Targets"], **bus}
        send(events, "PutTargets", sent, context.dropped)
    return Made(parameters["Name"], {"Arn": arn})


def _update_rule(context: Context, made: Made, before: Values, after: Values) -> Made:
    kept = {target["Id"] for target in after.get("Targets", [])}
    gone = [target["Id"] for target in before.get("Targets", []) if target["Id"] not in kept]
    if gone:
        context.client("events").remove_targets(Rule=made.physical_id, Ids=gone)
    return _rule(context, {**after, "Name": made.physical_id})


def _delete_rule(context: Context, made: Made, properties: Values) -> None:
    events = context.client("events")
    if targets := [target["Id"] for target in properties.get("Targets", [])]:
        events.remove_targets(Rule=made.physical_id, Ids=targets)
    events.delete_rule(Name=made.physical_id)


HANDLERS: dict[str, Handler] = {
    "AWS::SNS::Topic": Functions(_topic, _update_topic, _delete_topic),
    "AWS::SNS::TopicPolicy": Functions(_topic_policy, again(_topic_policy)),
    "AWS::SNS::Subscription": Functions(_subscription, _resubscribe, _unsubscribe),
    "AWS::SQS::Queue": Functions(_queue, _update_queue, _delete_queue),
    "AWS::SQS::QueuePolicy": Functions(_queue_policy, again(_queue_policy)),
    "AWS::Events::Rule": Functions(_rule, _update_rule, _delete_rule),
}
