"""One app with all that this family makes, synthesized once and read by every module."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
import resilient


@pytest.fixture(scope="session")
def made(make_stack, template):
    """The templates `plans`, `faults`, `struck`, `policies` and `functions`, and their `app`."""
    plans = make_stack(name="Plans", region="eu-central-1")
    app = plans.node.root
    stacks = {name: make_stack(name=name.capitalize(), app=app) for name in ("struck", "faults", "policies")}
    functions = make_stack(name="Functions", region="eu-central-1", app=app)
    resilient.plans(plans)
    resilient.faults(stacks["faults"], resilient.struck(stacks["struck"]))
    resilient.policies(stacks["policies"])
    resilient.functions(functions)
    every = {**stacks, "plans": plans, "functions": functions}
    return SimpleNamespace(app=app, **{name: template(stack) for name, stack in every.items()})
