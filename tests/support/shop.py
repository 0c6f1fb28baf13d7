"""The workload of the README, for tests to change a part of."""

from __future__ import annotations

import json
import re
from typing import Any

from aws_cdk import Duration

from cdk_standby_stacks import AuroraPostgres, Capacity, Objectives, Recovery, Service, Workload


def shop(**changes: Any) -> Workload:
    options: dict[str, Any] = {
        "name": "shop",
        "domain": "shop.example.com",
        "service": Service(capacity=Capacity(minimum=3, maximum=24)),
        "database": AuroraPostgres(version="17.4", instance="r7g.large", readers=2),
    }
    return Workload(**{**options, **changes})


OPTIONS: dict[str, Any] = {
    "account": "111111111111",
    "primary": "eu-west-1",
    "recovery": "eu-central-1",
    "scale": 0.25,
    "hosted_zone_id": "Z0123456789EXAMPLE",
    "objectives": Objectives(
        zone=Recovery(rto=Duration.minutes(5), rpo=Duration.seconds(0)),
        region=Recovery(rto=Duration.minutes(30), rpo=Duration.minutes(1)),
    ),
}


def regions_read(template: dict[str, Any]) -> set[str]:
    """The Regions whose stack outputs a template reads when it is deployed."""
    return set(re.findall(r'"Fn::GetStackOutput": \{[^}]*"Region": "([^"]+)"', json.dumps(template)))
