"""Strategies are tables; this is what they say."""

import pytest

from cdk_standby_stacks import STRATEGIES, Kind, Posture, Traffic


@pytest.mark.parametrize("strategy", STRATEGIES.values(), ids=lambda s: s.name)
def test_every_strategy_places_every_kind_of_tier_at_both_sites(strategy):
    assert set(strategy.active) == set(strategy.standby) == set(Kind)


@pytest.mark.parametrize("strategy", STRATEGIES.values(), ids=lambda s: s.name)
def test_the_active_site_is_always_complete(strategy):
    assert {strategy.posture(kind, active=True) for kind in Kind} == {Posture.FULL}


@pytest.mark.parametrize(
    ("name", "data", "compute", "traffic"),
    [
        ("multi-az", Posture.ABSENT, Posture.ABSENT, Traffic.SINGLE),
        ("backup-and-restore", Posture.BACKUPS, Posture.ABSENT, Traffic.SINGLE),
        ("pilot-light", Posture.LIVE_REPLICA, Posture.IDLE, Traffic.FAILOVER),
        ("warm-standby", Posture.LIVE_REPLICA, Posture.SCALED_DOWN, Traffic.FAILOVER),
        ("multi-site", Posture.LIVE_REPLICA, Posture.FULL, Traffic.LATENCY),
    ],
)
def test_the_standby_of_each_strategy_is_what_the_whitepaper_says(name, data, compute, traffic):
    strategy = STRATEGIES[name]

    assert strategy.posture(Kind.RELATIONAL, active=False) is data
    assert strategy.posture(Kind.SERVICE, active=False) is compute
    assert strategy.traffic is traffic
