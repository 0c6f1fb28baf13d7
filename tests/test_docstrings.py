"""Public things say what they do, and every option says what it means and what leaving it out does."""

import dataclasses
import importlib
import inspect
import re
from collections.abc import Iterator
from typing import Any

import pytest
from constructs import Construct

from docstrings import described, options

PACKAGES = ("cdk_standby", "cdk_standby_stacks")


def public_classes() -> Iterator[type[Any]]:
    for package in map(importlib.import_module, PACKAGES):
        for name in package.__all__:
            if inspect.isclass(thing := getattr(package, name)):
                yield thing


CLASSES = list(public_classes())
CONSTRUCTS = [cls for cls in CLASSES if issubclass(cls, Construct)]


@pytest.mark.parametrize("cls", CLASSES, ids=lambda cls: cls.__qualname__)
def test_a_public_class_says_what_it_is_for(cls: type[Any]):
    own = cls.__dict__.get("__doc__") or ""

    first = inspect.cleandoc(own).split("\n")[0]

    assert re.fullmatch(r".{10,118}[.:?]", first), f"{cls.__qualname__}: {first!r}"
    assert not first.startswith(f"{cls.__name__}(")


@pytest.mark.parametrize("cls", CONSTRUCTS, ids=lambda cls: cls.__qualname__)
def test_every_option_of_a_construct_is_described(cls: type[Any]):
    undescribed = [name for name in options(cls) if len(described(cls).get(name, "").strip()) < 10]

    assert undescribed == []


@pytest.mark.parametrize("cls", CONSTRUCTS, ids=lambda cls: cls.__qualname__)
def test_no_option_is_described_that_does_not_exist(cls: type[Any]):
    known = set(inspect.signature(cls.__init__).parameters)

    assert set(described(cls)) - known == set()


@pytest.mark.parametrize("cls", CONSTRUCTS, ids=lambda cls: cls.__qualname__)
def test_an_option_that_may_be_none_says_what_happens_then(cls: type[Any]):
    # Without a reason a safeguard stays, without other thresholds ours do: that needs no words.
    plain = ("_because", "_thresholds")
    optional = [name for name, p in options(cls).items() if p.default is None and not name.endswith(plain)]

    silent = [
        name
        for name in optional
        if not re.search(r"(?i)left out|None:|required, unless|otherwise", described(cls).get(name, ""))
    ]

    assert silent == []


@pytest.mark.parametrize("cls", [c for c in CLASSES if dataclasses.is_dataclass(c)], ids=lambda cls: cls.__qualname__)
def test_every_field_of_a_public_value_is_described(cls: type[Any]):
    source = inspect.getsource(cls)

    undescribed = [
        field.name
        for field in dataclasses.fields(cls)
        if field.init and field.name not in described(cls)
        if not re.search(rf"(?i)\b{field.name}\b", inspect.cleandoc(cls.__doc__ or "").split("\n")[0])
        if not re.search(rf'^    {field.name}: [^\n]*\n(?:        [^\n]*\n)*    (?:\)\n    )?"""', source, re.MULTILINE)
    ]

    assert undescribed == []
