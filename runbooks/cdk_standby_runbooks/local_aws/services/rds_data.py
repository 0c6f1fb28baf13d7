"""The Data API, as far as a drill needs it: `INSERT` appends to a ledger, `SELECT COUNT(*)` counts what arrived.

It stands for the application's own connections, so that no cluster need enable the Data API for a drill. No SQL runs.
"""

from __future__ import annotations

import re
import time
from typing import Any

from ..errors import NotModelled, ServiceError
from ..wire import Call, Operation
from ._kept import Values, refuse_the_rest
from ._rds import data
from ._rds import globals as worldwide
from ._rds.writes import Ledger, ledger

INSERT = re.compile(r"\s*insert\s+into\b", re.IGNORECASE)
READ_ONLY = "ERROR: cannot execute INSERT in a read-only transaction"
NO_SQL = "ExecuteStatement of anything but INSERT and SELECT COUNT(*)"
COUNT = re.compile(r"\s*select\s+count\s*\(\s*\*\s*\)", re.IGNORECASE)


def _execute(call: Call) -> Values:
    arn, sql = call.parameters["resourceArn"], call.parameters["sql"]
    if worldwide.region_of(arn) != call.region:
        raise ServiceError("BadRequestException", f"Database cluster is not found in {call.region}")
    if ":db:" in arn:
        return _on_instance(call, arn, sql)
    name, writer = _writer_of(call, arn)
    mine = ledger(call, name)
    if INSERT.match(sql):
        if writer != arn:
            raise ServiceError("BadRequestException", READ_ONLY)
        return _insert(mine)
    if COUNT.match(sql):
        return _counted(_count(call, mine, arn, writer))
    raise NotModelled("rds-data", NO_SQL)


def _on_instance(call: Call, arn: str, sql: str) -> Values:
    """What an application's own connection would see: AWS's Data API knows Aurora's clusters only."""
    if INSERT.match(sql):
        if data.source_of(call, arn):
            raise ServiceError("BadRequestException", READ_ONLY)
        return _insert(ledger(call, arn))
    if COUNT.match(sql):
        return _counted(len(data.rows(call, arn)))
    raise NotModelled("rds-data", NO_SQL)


def _counted(rows: int) -> Values:
    return {"records": [[{"longValue": rows}]], "numberOfRecordsUpdated": 0}


def _insert(mine: Ledger) -> Values:
    mine.written.append(time.monotonic())
    return {"numberOfRecordsUpdated": 1, "generatedFields": []}


def _count(call: Call, mine: Ledger, arn: str, writer: str) -> int:
    if arn == writer:
        return len(mine.written)
    dark = worldwide.region_of(writer) in call.dark
    return mine.reached(seconds_behind=worldwide.lag(call, arn), writer_is_dark=dark)


def _writer_of(call: Call, arn: str) -> tuple[str, str]:
    """The database that a cluster belongs to, and who writes it."""
    rds = call.client("rds")
    cluster = rds.describe_db_clusters(DBClusterIdentifier=arn.rsplit(":", 1)[-1])["DBClusters"][0]
    name = cluster.get("GlobalClusterIdentifier")
    if not name:
        return arn, arn
    members: list[Any] = rds.describe_global_clusters(GlobalClusterIdentifier=name)["GlobalClusters"][0][
        "GlobalClusterMembers"
    ]
    return str(name), next(str(member["DBClusterArn"]) for member in members if member["IsWriter"])


OPERATIONS: dict[str, Operation] = refuse_the_rest("rds-data", {"ExecuteStatement": _execute})
