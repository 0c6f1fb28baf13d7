"""A workload says what runs; what it says wrong comes back all at once."""

import pytest

from cdk_standby import InvalidOptions
from cdk_standby_stacks import AuroraPostgres, Capacity, Kind, Service, Workload


def workload(**changes):
    options = {
        "name": "shop",
        "domain": "shop.example.com",
        "service": Service(capacity=Capacity(minimum=3, maximum=24)),
        "database": AuroraPostgres(version="17.4"),
    }
    return Workload(**{**options, **changes})


def test_data_comes_before_what_uses_it():
    assert [tier.name for tier in workload().tiers] == ["database", "service"]


def test_a_workload_without_a_database_has_none():
    stateless = workload(database=None)

    assert [tier.name for tier in stateless.tiers] == ["service"]
    assert stateless.of_kind(Kind.RELATIONAL) == ()


def test_two_workloads_of_the_same_parts_are_equal():
    assert workload() == workload()


def test_every_problem_is_named_at_once():
    with pytest.raises(InvalidOptions) as failure:
        workload(
            name="Shop!",
            domain="shop",
            service=Service(capacity=Capacity(minimum=5, maximum=3), health_path="healthz"),
        )

    assert str(failure.value).splitlines() == [
        "Workload('Shop!'): 'name' is 'Shop!'; allowed: 1 to 20 lower-case letters, digits and hyphens, starting with "
        "a letter, because it is part of identifiers that RDS, Backup and Auto Scaling restrict",
        "Workload('Shop!'): 'domain' is 'shop'; allowed: a lower-case DNS name such as shop.example.com, without a "
        "trailing dot, because each Region gets a name below it",
        "Workload('Shop!').service: 'capacity.maximum' is 3; allowed: 5 (the minimum) or more, because autoscaling "
        "grows from the minimum to the maximum",
        "Workload('Shop!').service: 'health_path' is 'healthz'; allowed: a path that begins with '/', because load "
        "balancer and Route 53 ask for it by HTTP",
    ]


def test_a_service_that_needs_nothing_is_refused():
    with pytest.raises(InvalidOptions) as failure:
        workload(service=Service(capacity=Capacity(minimum=0, maximum=4)))

    assert str(failure.value) == (
        "Workload('shop').service: 'capacity.minimum' is 0; allowed: 1 or more, because it is the number of instances "
        "that carries the normal load; a strategy decides where none run"
    )
