"""Which way of being in two Regions a service has."""

from __future__ import annotations

from constructs import Construct

from cdk_standby_review.facts.multi_region import SERVICES, How, Mode

from .._checks import InvalidOptions, Problem, shown

__all__ = ["How", "Mode", "check_multi_region"]


def check_multi_region(where: Construct | str, service: str, mode: Mode | str) -> How:
    """What a service has for a way of being in two Regions.

    Args:
        where: the construct that asks, or a name; messages begin with it.
        service: as the matrix names it, such as ``"Aurora"``.
        mode: ``"copy"``, ``"replica"``, ``"active-passive"`` or ``"active-active"``.

    Raises:
        InvalidOptions: the service is not known, or has nothing for it; then the message names what to take instead
            (https://docs.aws.amazon.com/whitepapers/latest/aws-multi-region-fundamentals/aws-multi-region-fundamentals.html).
    """
    found = SERVICES.get(service)
    known = mode in list(Mode)
    problems = [
        *([] if found else [_unknown(where, "service", service, list(SERVICES))]),
        *([] if known else [_unknown(where, "mode", mode, list(Mode))]),
    ]
    if found is None or not known:
        raise InvalidOptions(problems)
    how = found.modes.get(Mode(mode))
    if how is None:
        has = f"it has {', '.join(found.modes)}" if found.modes else "it has nothing across Regions"
        problem = Problem(
            where=_path(where),
            option="mode",
            got=f"'{mode}' of {service}",
            allowed=f"instead, {found.instead[Mode(mode)]}",
            why=has,
            source=found.source,
        )
        raise InvalidOptions([problem])
    return how


def _unknown(where: Construct | str, option: str, got: str, known: list[str]) -> Problem:
    return Problem(
        where=_path(where),
        option=option,
        got=shown(str(got)),
        allowed=", ".join(known),
        why="these are in the matrix of services and modes",
    )


def _path(where: Construct | str) -> str:
    return where if isinstance(where, str) else where.node.path
