"""Objectives as a CDK user writes them: with `aws_cdk.Duration`."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import timedelta

from aws_cdk import Duration

import cdk_standby_review.objectives as plain


@dataclass(frozen=True, slots=True, kw_only=True)
class Recovery:
    """The longest outage and the longest span of lost writes that are accepted after one fault.

    Args:
        rto: recovery time objective, more than zero.
        rpo: recovery point objective; zero means that no acknowledged write may be lost.
    """

    rto: Duration
    rpo: Duration

    def plain(self) -> plain.Recovery:
        """The same without the CDK, as the review and the runbooks read it."""
        return plain.Recovery(rto=_timedelta(self.rto), rpo=_timedelta(self.rpo))


@dataclass(frozen=True, slots=True, kw_only=True)
class Objectives:
    """A promise per fault. Synth fails when the templates cannot keep it.

    Args:
        instance: loss of one instance or node. Left out: not promised, not judged. So for the others.
        zone: loss of one Availability Zone.
        region: loss of a Region.
        deletion: data deleted or corrupted, by mistake or on purpose.
        account: an administrator of the account, or who poses as one, deletes the data and every backup that can be
            deleted. Only what nobody in the account can delete brings it back: a vault locked in compliance mode, a
            logically air-gapped one, a copy in another account.
    """

    instance: Recovery | None = None
    zone: Recovery | None = None
    region: Recovery | None = None
    deletion: Recovery | None = None
    account: Recovery | None = None

    def plain(self) -> plain.Objectives:
        """The same without the CDK."""
        promised = {field.name: getattr(self, field.name) for field in fields(self)}
        return plain.Objectives(**{fault: promise.plain() for fault, promise in promised.items() if promise})


def _timedelta(duration: Duration) -> timedelta:
    return timedelta(milliseconds=float(duration.to_milliseconds()))
