"""Objectives are not comments: whoever deploys a workload has its templates held against them."""

from __future__ import annotations

from weakref import WeakSet

import aws_cdk as cdk
from constructs import Construct, IConstruct

from cdk_standby import ReviewGate

_GATED: WeakSet[IConstruct] = WeakSet()


def hold_to_objectives(scope: Construct) -> None:
    """Add the review to the app's validations, once for all deployments in it: it sees the whole assembly."""
    root = scope.node.root
    if root not in _GATED:
        cdk.Validations.of(root).add_plugins(ReviewGate())
        _GATED.add(root)
