"""In a well-built template the review finds nothing, knows everything, and says that promises are kept."""

from __future__ import annotations

import pytest

import fate_tables
from cdk_standby_review import Fate, Severity, Status
from cdk_standby_review.objectives import Fault

WELL_BUILT = fate_tables.well_built()


@pytest.fixture(scope="module")
def reviews():
    return {each.name: each.reviewed() for each in WELL_BUILT}


@pytest.mark.parametrize("name", [each.name for each in WELL_BUILT])
def test_a_well_built_template_raises_no_alarm(name, reviews):
    found = reviews[name]

    assert [f"{f.rule}: {f.message}" for f in found.worst(Severity.ERROR, Severity.WARNING)] == []
    assert (found.coverage.percent, found.coverage.unknown) == (100.0, {})
    assert {verdict.status for verdict in found.verdicts} == {Status.MET}


@pytest.mark.parametrize("name", [each.name for each in WELL_BUILT])
def test_nobody_has_to_act_when_a_well_built_template_loses_a_host_or_a_zone(name, reviews):
    inside = {Fault.INSTANCE, Fault.ZONE}

    worse = [o for o in reviews[name].outcomes if o.case.fault in inside and o.fate not in {Fate.SURVIVES, Fate.ITSELF}]

    assert [f"{o.resource.name}, {o.case}: {o.judgement.says}" for o in worse] == []
