"""Arithmetic of zones."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cdk_standby.capacity import group_size, left_after_zone_loss, smallest_share

NEEDED = st.integers(0, 10_000)
ZONES = st.integers(2, 6)


@pytest.mark.capability("DR-13")
@given(NEEDED, ZONES)
def test_what_is_needed_is_left_when_the_fullest_zone_is_lost(needed, zones):
    running = group_size(needed, zones)

    assert left_after_zone_loss(running, zones) >= needed


@given(st.integers(1, 10_000), ZONES)
def test_one_instance_less_would_not_do(needed, zones):
    running = group_size(needed, zones)

    assert left_after_zone_loss(running - 1, zones) < needed


@given(NEEDED, ZONES)
def test_more_zones_never_need_more_instances(needed, zones):
    assert group_size(needed, zones + 1) <= group_size(needed, zones)


@given(NEEDED, ZONES)
def test_zones_differ_by_one_instance_at_most(running, zones):
    fullest = running - left_after_zone_loss(running, zones)

    assert 0 <= fullest - smallest_share(running, zones) <= 1


@pytest.mark.capability("CMP-11", "DR-13")
@pytest.mark.parametrize(
    ("needed", "zones", "running"), [(0, 3, 0), (1, 3, 2), (2, 3, 3), (3, 3, 5), (4, 3, 6), (3, 2, 6), (10, 4, 14)]
)
def test_the_group_is_sized_for_the_zones_that_are_left(needed, zones, running):
    assert group_size(needed, zones) == running


def test_one_zone_leaves_nothing():
    with pytest.raises(ValueError) as error:  # noqa: PT011
        group_size(3, 1)

    assert str(error.value) == "'zones' is 1; allowed: 2 or more, because nothing is left when the only zone is lost"


def test_nobody_needs_less_than_nothing():
    with pytest.raises(ValueError) as error:  # noqa: PT011
        group_size(-1, 3)

    assert str(error.value) == "'needed' is -1; allowed: 0 or more"
