"""The review for programs. `format` counts up when a field changes its meaning; fields are only ever added."""

from __future__ import annotations

import json
from typing import Any

from .._review import Review
from ..changes import Change
from ..estimate import Estimate, Step
from ..facts import Range
from ..findings import Finding
from ..graph import Resource
from ..outcomes import Outcome
from ..paths import Way
from ..plain import is_list
from ..templates import Template
from ..verdict import Verdict
from ._cost_json import cost_document

FORMAT = 1


def as_json(review: Review) -> str:
    """The review as JSON, the same bytes for the same input. Times are in seconds."""
    return json.dumps(document(review), indent=2, ensure_ascii=False) + "\n"


def document(review: Review) -> dict[str, Any]:
    """The review as plain values."""
    coverage, new = review.coverage, set(map(id, review.new))
    return {
        "format": FORMAT,
        "verdict": str(review.status or "not promised"),
        "objectives": [_verdict(v) for v in review.verdicts],
        "findings": [{**_finding(f), "new": id(f) in new} for f in review.findings],
        "acknowledged": [{**_finding(f), "reason": reason} for f, reason in review.acknowledged],
        "estimates": [_estimate(e) for e in review.estimates],
        "outcomes": [_outcome(o) for o in review.outcomes],
        "paths": [_way(way) for way in review.ways],
        "changes": [_change(c) for c in review.changes or ()],
        "compared": review.changes is not None,
        "cost": cost_document(review.cost, _resource),
        "coverage": {
            "percent": coverage.percent,
            "resources": coverage.total,
            "judged": coverage.judged,
            "glue": coverage.glue,
            "unknown": [
                {"type": name, "resources": [_resource(r) for r in resources]}
                for name, resources in coverage.unknown.items()
            ],
        },
        "quotas": [
            {"workload": n.workload, "region": n.region, "quota": n.quota.value, "needed": n.amount}
            for n in review.needs
        ],
        "templates": [_template(each) for each in review.templates],
    }


def _template(template: Template) -> dict[str, Any]:
    return {
        "name": template.name,
        "file": template.file,
        "region": template.region,
        "region_from": template.region_from,
        "transforms": [*template.transforms],
    }


def _resource(resource: Resource) -> dict[str, Any]:
    return {
        "template": resource.template.file,
        "logical_id": resource.logical_id,
        "type": resource.type,
        "path": resource.path,
        "region": resource.region,
    }


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "rule": finding.rule,
        "severity": str(finding.severity),
        "message": finding.message,
        "fix": finding.fix,
        "source": finding.source,
        "resource": _resource(finding.resource) if finding.resource else None,
    }


def _change(change: Change) -> dict[str, Any]:
    return {
        "kind": str(change.kind),
        "severity": str(change.severity),
        "message": change.message,
        "fix": change.fix,
        "source": change.source,
        "resource": _resource(change.resource) if change.resource else None,
        "gone": change.gone,
        "property": change.property,
        "before": change.before,
        "after": change.after,
        "fault": change.fault,
        "acknowledged": change.meant,
    }


def _outcome(outcome: Outcome) -> dict[str, Any]:
    judgement = outcome.judgement
    return {
        "fault": str(outcome.case.fault),
        "where": outcome.case.where,
        "resource": _resource(outcome.resource),
        "outcome": str(outcome.fate),
        "says": judgement.says,
        "rto": _range(judgement.rto),
        "rpo": _range(judgement.rpo),
        "confidence": str(outcome.confidence),
        "source": outcome.source,
        "evidence": {name: _plain(value) for name, value in sorted(judgement.evidence.items())},
        "vital": judgement.vital,
    }


def _estimate(estimate: Estimate) -> dict[str, Any]:
    return {
        "workload": estimate.deployment.workload,
        "fault": str(estimate.case.fault),
        "where": estimate.case.where,
        "outcome": str(estimate.fate),
        "rto": _range(estimate.rto),
        "rpo": _range(estimate.rpo),
        "confidence": str(estimate.confidence),
        "path": [_step(step) for step in estimate.path],
        "because": [_resource(o.resource) for o in estimate.because],
    }


def _way(way: Way) -> dict[str, Any]:
    path = way.path
    return {
        "workload": path.deployment.workload,
        "entry": path.entry,
        "region": path.region,
        "parts": [_resource(part) for part in path.parts],
        "gaps": [*path.gaps],
        "outcomes": [
            {
                "fault": str(each.case.fault),
                "where": each.case.where,
                "outcome": str(each.fate),
                "rto": _range(each.rto),
                "rpo": _range(each.rpo),
                "confidence": str(each.estimate.confidence),
                "because": [_resource(o.resource) for o in each.estimate.because],
            }
            for each in way.fates
        ],
    }


def _step(step: Step) -> dict[str, Any]:
    return {
        "step": step.what,
        "resource": _resource(step.resource) if step.resource else None,
        "takes": _range(step.takes),
        "confidence": str(step.confidence),
        "source": step.facts[0].source if step.facts else "",
    }


def _verdict(verdict: Verdict) -> dict[str, Any]:
    return {
        "workload": verdict.estimate.deployment.workload,
        "fault": str(verdict.fault),
        "where": verdict.estimate.case.where,
        "status": str(verdict.status),
        "rto": {"promised": verdict.promise.rto.total_seconds(), "estimated": _range(verdict.estimate.rto)},
        "rpo": {"promised": verdict.promise.rpo.total_seconds(), "estimated": _range(verdict.estimate.rpo)},
    }


def _range(figure: Range | None) -> dict[str, float] | None:
    return None if figure is None else {"low": figure.low, "high": figure.high}


def _plain(value: Any) -> Any:
    if isinstance(value, bool | int | float) or value is None:
        return value
    if isinstance(value, tuple):
        value = [*value]
    if is_list(value):
        return [str(item) for item in value]
    return str(value)
