"""Shares of a capacity, in exact arithmetic."""

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from cdk_standby_stacks.capacity import scaled

needed = st.integers(min_value=1, max_value=10_000)
percent = st.integers(min_value=1, max_value=100)


def test_binary_fractions_do_not_add_an_instance():
    assert scaled(30, 0.1) == 3


@given(needed, percent)
def test_a_share_is_enough_for_its_part_of_the_load_and_never_an_instance_too_many(needed, percent):
    share = scaled(needed, percent / 100)

    exact = needed * Fraction(percent, 100)
    assert max(exact, 1) <= share < exact + 1 or share == 1


@given(needed)
def test_the_whole_is_the_whole(needed):
    assert scaled(needed, 1.0) == needed
