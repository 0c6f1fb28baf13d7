"""Alarms on metrics and on other alarms: putting one again overwrites it."""

from __future__ import annotations

from ._functions import Functions
from ._model import Context, Handler, Made
from ._send import Values, send


def _alarm(operation: str) -> Functions:
    def put(context: Context, name: str, properties: Values) -> Made:
        send(context.client("cloudwatch"), operation, {**properties, "AlarmName": name}, context.dropped)
        return Made(name, {"Arn": f"arn:aws:cloudwatch:{context.region}:{context.account}:alarm:{name}"})

    def create(context: Context, properties: Values) -> Made:
        return put(context, properties.get("AlarmName") or context.name(255, lower=False), properties)

    def update(context: Context, made: Made, before: Values, after: Values) -> Made:
        return put(context, made.physical_id, after)

    def delete(context: Context, made: Made, _: Values) -> None:
        context.client("cloudwatch").delete_alarms(AlarmNames=[made.physical_id])

    return Functions(create, update, delete)


HANDLERS: dict[str, Handler] = {
    "AWS::CloudWatch::Alarm": _alarm("PutMetricAlarm"),
    "AWS::CloudWatch::CompositeAlarm": _alarm("PutCompositeAlarm"),
}
