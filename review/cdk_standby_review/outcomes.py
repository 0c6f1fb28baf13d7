"""What a fault does to a resource: its fate, how long it is gone, what is lost, and how that is known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from .facts import Confidence, Fact, Range
from .graph import Resource
from .objectives import Fault

NONE = Range(0, 0)
"""No time at all."""


class Fate(StrEnum):
    """What becomes of what a resource stands for, best first.

    A resource that survives goes on serving; its RTO is how long a part of the requests may fail.
    """

    SURVIVES = "survives"
    ITSELF = "recovers by itself"
    RUNBOOK = "recovers by runbook"
    LOST = "lost"
    UNKNOWN = "unknown"
    """The templates do not say enough; nothing is guessed."""

    @property
    def badness(self) -> int:
        """For comparing: the higher, the worse."""
        return list(Fate).index(self)


class Stage(StrEnum):
    """When a step of a recovery happens: stages follow one another, the steps of one stage run side by side."""

    PREPARE = "prepare"
    """What has to stand before data can be restored, where nothing stands yet."""
    RECOVER = "recover"
    START = "start"
    """What is deployed once the data is back."""
    TRAFFIC = "traffic"


@dataclass(frozen=True, slots=True, order=True)
class Case:
    """One fault at one place."""

    fault: Fault
    region: str = ""
    zone: str = ""
    account: str = ""

    @property
    def where(self) -> str:
        """The place that is struck."""
        return self.zone or self.region or self.account

    def __str__(self) -> str:
        match self.fault:
            case Fault.INSTANCE:
                return "loss of any one instance"
            case Fault.ZONE:
                where = self.zone or f"one zone of {self.region or 'the Region'}"
                return f"loss of {where}" if " of " in where else f"loss of zone {where}"
            case Fault.REGION:
                return f"loss of {self.region or 'the Region'}"
            case Fault.DELETION:
                return "deletion or corruption of data"
            case Fault.ACCOUNT:
                whose = f"account {self.account}" if self.account else "the account"
                return f"loss of the deletion safeguards of {whose}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What a fault does to one resource. RTO and RPO are in seconds; None where there is none."""

    fate: Fate
    says: str
    facts: tuple[Fact[Range], ...]
    rto: Range | None = NONE
    rpo: Range | None = NONE
    evidence: Mapping[str, Any] = field(default_factory=dict[str, Any])
    stage: Stage = Stage.RECOVER
    vital: bool = True
    """Whether the workload stands still without it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """A judgement about one resource under one fault."""

    case: Case
    resource: Resource
    judgement: Judgement

    @property
    def fate(self) -> Fate:
        """What becomes of it."""
        return self.judgement.fate

    @property
    def confidence(self) -> Confidence:
        """The weakest of what the judgement rests on."""
        return Confidence.weakest(*(fact.confidence for fact in self.judgement.facts))

    @property
    def source(self) -> str:
        """The page behind the fact that decided."""
        return self.judgement.facts[0].source if self.judgement.facts else ""


def survives(says: str, fact: Fact[Range], **evidence: Any) -> Judgement:
    """It goes on; at worst a part of the requests fails for a moment."""
    return Judgement(fate=Fate.SURVIVES, says=says, facts=(fact,), evidence=evidence)


def by_itself(says: str, takes: Fact[Range], loses: Range | None = None, **evidence: Any) -> Judgement:
    """AWS brings it back, without anybody doing anything."""
    rpo = loses or Range(0, 0)
    return Judgement(fate=Fate.ITSELF, says=says, facts=(takes,), rto=takes.value, rpo=rpo, evidence=evidence)


def by_runbook(says: str, takes: Fact[Range], loses: Fact[Range] | None = None, **evidence: Any) -> Judgement:
    """Somebody has to act, and has what it needs."""
    rpo = loses.value if loses else Range(0, 0)
    facts = (takes, loses) if loses else (takes,)
    return Judgement(fate=Fate.RUNBOOK, says=says, facts=facts, rto=takes.value, rpo=rpo, evidence=evidence)


def lost(says: str, fact: Fact[Range], **evidence: Any) -> Judgement:
    """Nothing in the templates brings it back."""
    return Judgement(fate=Fate.LOST, says=says, facts=(fact,), rto=None, rpo=None, evidence=evidence)


def unknown(says: str, **evidence: Any) -> Judgement:
    """The templates do not say enough."""
    return Judgement(fate=Fate.UNKNOWN, says=says, facts=(), rto=None, rpo=None, evidence=evidence)
