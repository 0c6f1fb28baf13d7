"""CloudWatch alarms: evaluated the moment a metric of theirs is put. The emulator keeps the metrics."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from ..errors import ServiceError
from ..wire import Call, Operation
from . import _lag
from ._alarms import alarms_in, evaluate, point_of, rule_holds
from ._kept import Values

KINDS = {"MetricAlarms": "MetricAlarm", "CompositeAlarms": "CompositeAlarm"}
ACTIONS = {"ALARM": "AlarmActions", "OK": "OKActions", "INSUFFICIENT_DATA": "InsufficientDataActions"}


def _alarms(call: Call) -> dict[str, Values]:
    regions: dict[str, dict[str, Values]] = call.state.setdefault("alarms", {})
    return regions.setdefault(call.region, {})


def _arn(call: Call, name: str) -> str:
    return f"arn:aws:cloudwatch:{call.region}:{call.account}:alarm:{name}"


def _put(call: Call, kind: str) -> Values:
    given = {name: value for name, value in call.parameters.items() if name != "Tags"}
    name, now = given["AlarmName"], datetime.now(UTC)
    old = _alarms(call).get(name, {})
    fresh = {
        "StateValue": "INSUFFICIENT_DATA",
        "StateReason": "Unchecked: Initial alarm creation",
        "StateUpdatedTimestamp": now,
    }
    state = {key: old[key] for key in (*fresh, "StateReasonData") if key in old} or fresh
    more = {"AlarmArn": _arn(call, name), "AlarmConfigurationUpdatedTimestamp": now, "kind": kind}
    defaults: Values = {"ActionsEnabled": True, "OKActions": [], "AlarmActions": [], "InsufficientDataActions": []}
    _alarms(call)[name] = {**defaults, **given, **more, **state}
    if call.parameters.get("Tags"):
        _tags(call)[_arn(call, name)] = {tag["Key"]: tag["Value"] for tag in call.parameters["Tags"]}
    return {}


def _put_metric_alarm(call: Call) -> Values:
    told = _put(call, "MetricAlarm")
    _evaluate(call, call.parameters["AlarmName"])
    return told


def _put_composite(call: Call) -> Values:
    try:
        named = alarms_in(call.parameters["AlarmRule"])
    except ValueError as error:
        raise ServiceError("ValidationError", str(error)) from error
    for name in named:
        if name not in _alarms(call):
            raise ServiceError("ValidationError", f"AlarmRule: alarm {name} does not exist")
    told = _put(call, "CompositeAlarm")
    _recompose(call)
    return told


def _describe(call: Call) -> Values:
    wanted = call.parameters
    kinds = wanted.get("AlarmTypes") or (["MetricAlarm"] if not wanted.get("AlarmNames") else list(KINDS.values()))
    found = [alarm for alarm in _alarms(call).values() if alarm["kind"] in kinds and _fits(alarm, wanted)]
    return {
        many: [_shown(alarm) for alarm in sorted(found, key=lambda a: a["AlarmName"]) if alarm["kind"] == kind]
        for many, kind in KINDS.items()
    }


def _fits(alarm: Values, wanted: Values) -> bool:
    return (
        alarm["AlarmName"] in (wanted.get("AlarmNames") or [alarm["AlarmName"]])
        and alarm["AlarmName"].startswith(wanted.get("AlarmNamePrefix", ""))
        and alarm["StateValue"] == wanted.get("StateValue", alarm["StateValue"])
    )


def _shown(alarm: Values) -> Values:
    return {name: value for name, value in alarm.items() if name[0].isupper()}


def _for_metric(call: Call) -> Values:
    wanted = call.parameters
    found = [_shown(alarm) for alarm in _alarms(call).values() if _watches(alarm, wanted["Namespace"], wanted)]
    return {"MetricAlarms": found}


def _watches(alarm: Values, namespace: str, datum: Values) -> bool:
    return (
        alarm["kind"] == "MetricAlarm"
        and (alarm.get("Namespace"), alarm.get("MetricName")) == (namespace, datum["MetricName"])
        and _dimensions(alarm) == _dimensions(datum)
    )


def _dimensions(of: Values) -> frozenset[tuple[str, str]]:
    return frozenset((pair["Name"], pair["Value"]) for pair in of.get("Dimensions", []))


def _delete(call: Call) -> Values:
    for name in call.parameters["AlarmNames"]:
        if name not in _alarms(call):
            raise ServiceError("ResourceNotFound", f"alarm {name} does not exist", 404)
    for name in call.parameters["AlarmNames"]:
        _alarms(call).pop(name)
    return {}


def _put_data(call: Call) -> Values:
    namespace = call.parameters["Namespace"]
    _lag.allow(namespace, call.parameters)
    call.moto()
    data: list[Values] = call.parameters.get("MetricData", [])
    _lag.remember(call, namespace, data)
    for datum in data:
        key = (call.region, namespace, datum["MetricName"], _dimensions(datum))
        _points(call).setdefault(key, []).append(point_of(datum))
    for alarm in list(_alarms(call).values()):
        if any(_watches(alarm, namespace, datum) for datum in data):
            _evaluate(call, alarm["AlarmName"])
    _recompose(call)
    return {}


def _points(call: Call) -> dict[Any, list[dict[str, float]]]:
    found: dict[Any, list[dict[str, float]]] = call.state.setdefault("points", {})
    return found


def _evaluate(call: Call, name: str) -> None:
    alarm = _alarms(call)[name]
    key = (call.region, alarm.get("Namespace"), alarm.get("MetricName"), _dimensions(alarm))
    points = _points(call).get(key, [])
    state = evaluate(alarm, points)
    if not points and state != "OK":
        # Nothing publishes here but callers: silence that counts as a breach would ring every such alarm.
        return
    if state is not None:
        alarm["StateReasonData"] = json.dumps({"state": state})  # also when a hand has set that state before
        seen = points[-1].get(alarm["Statistic"], "?") if points else "no datapoints"
        _turn(call, alarm, state, f"Threshold Crossed: {seen} against {alarm.get('Threshold')}")


def _recompose(call: Call) -> None:
    """Composite alarms follow, and those that look at them."""
    for _ in range(len(_alarms(call)) + 1):
        turned = [_follow(call, alarm) for alarm in _composites(call)]
        if not any(turned):
            return


def _composites(call: Call) -> Iterator[Values]:
    yield from [alarm for alarm in _alarms(call).values() if alarm["kind"] == "CompositeAlarm"]


def _follow(call: Call, alarm: Values) -> bool:
    holds = rule_holds(
        alarm["AlarmRule"], lambda name: _alarms(call).get(name, {}).get("StateValue", "INSUFFICIENT_DATA")
    )
    return _turn(call, alarm, "ALARM" if holds else "OK", f"{alarm['AlarmRule']} is {str(holds).upper()}")


def _turn(call: Call, alarm: Values, state: str, says: str) -> bool:
    """Change an alarm's state, and do what it does then; whether it changed."""
    if alarm["StateValue"] == state:
        return False
    now = datetime.now(UTC)
    item = f"Alarm updated from {alarm['StateValue']} to {state}"
    alarm |= {"StateValue": state, "StateReason": says, "StateUpdatedTimestamp": now, "StateTransitionedTimestamp": now}
    history: list[Values] = call.state.setdefault("history", [])
    about = {"AlarmName": alarm["AlarmName"], "AlarmType": alarm["kind"], "Timestamp": now, "region": call.region}
    history.append({**about, "HistoryItemType": "StateUpdate", "HistorySummary": item})
    actions: list[str] = alarm.get(ACTIONS[state], []) if alarm["ActionsEnabled"] else []
    for action in actions:
        _act(call, alarm, action, history, about)
    return True


def _act(call: Call, alarm: Values, action: str, history: list[Values], about: Values) -> None:
    """Topics are told; other actions (scaling) are the model's of their service and stay undone here, in writing."""
    outcome = f"Not modelled here: action {action}"
    if ":sns:" in action:
        outcome = f"Successfully executed action {action}"
        try:
            subject = f"{alarm['StateValue']}: {alarm['AlarmName']} in {call.region}"[:100]
            call.client("sns").publish(TopicArn=action, Subject=subject, Message=alarm["StateReason"])
        except (ClientError, BotoCoreError) as error:
            outcome = f"Failed to execute action {action}: {error}"
    history.append({**about, "HistoryItemType": "Action", "HistorySummary": outcome})


def _set_state(call: Call) -> Values:
    name = call.parameters["AlarmName"]
    if name not in _alarms(call):
        raise ServiceError("ResourceNotFound", f"alarm {name} does not exist", 404)
    _turn(call, _alarms(call)[name], call.parameters["StateValue"], call.parameters["StateReason"])
    _recompose(call)
    return {}


def _history(call: Call) -> Values:
    everything = [item for item in call.state.get("history", []) if item["region"] == call.region]
    wanted = call.parameters
    for parameter in ("AlarmName", "HistoryItemType"):
        if parameter in wanted:
            everything = [item for item in everything if item[parameter] == wanted[parameter]]
    return {"AlarmHistoryItems": [{k: v for k, v in item.items() if k != "region"} for item in reversed(everything)]}


def _actions(on: bool) -> Operation:
    def switch(call: Call) -> Values:
        for name in call.parameters["AlarmNames"]:
            with contextlib.suppress(KeyError):
                _alarms(call)[name]["ActionsEnabled"] = on
        return {}

    return switch


def _tags(call: Call) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = call.state.setdefault("tags", {})
    return found


def _tag(call: Call) -> Values:
    mine = _tags(call).setdefault(call.parameters["ResourceARN"], {})
    mine.update({tag["Key"]: tag["Value"] for tag in call.parameters["Tags"]})
    return {}


def _untag(call: Call) -> Values:
    for key in call.parameters["TagKeys"]:
        _tags(call).get(call.parameters["ResourceARN"], {}).pop(key, None)
    return {}


def _list_tags(call: Call) -> Values:
    mine = _tags(call).get(call.parameters["ResourceARN"], {})
    return {"Tags": [{"Key": key, "Value": value} for key, value in mine.items()]}


OPERATIONS: dict[str, Operation] = {
    "PutMetricAlarm": _put_metric_alarm,
    "PutCompositeAlarm": _put_composite,
    "DescribeAlarms": _describe,
    "DescribeAlarmsForMetric": _for_metric,
    "DescribeAlarmHistory": _history,
    "DeleteAlarms": _delete,
    "SetAlarmState": _set_state,
    "EnableAlarmActions": _actions(on=True),
    "DisableAlarmActions": _actions(on=False),
    "PutMetricData": _put_data,
    "ListMetrics": _lag.after_publishing,
    "GetMetricData": _lag.after_publishing,
    "GetMetricStatistics": _lag.after_publishing,
    "TagResource": _tag,
    "UntagResource": _untag,
    "ListTagsForResource": _list_tags,
}
