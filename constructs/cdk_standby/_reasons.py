"""Weakening a safeguard costs a written reason: it stands in the code, as a tag in AWS, and in the template."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from aws_cdk import Stack, Tags
from constructs import Construct

from ._checks import InvalidOptions, Problem, shown

TAG = "cdk-standby:weakened:"
METADATA = "cdk-standby:weakened"
"""The key of the template's `Metadata` that holds {construct path: {option: reason}}, uncut."""

# What every service takes in a tag; anything else becomes a space.
# https://docs.aws.amazon.com/tag-editor/latest/userguide/best-practices-and-strats.html
_NOT_FOR_TAGS = re.compile(r"[^A-Za-z0-9 _.:/=+@-]+")
_LONGEST_TAG = 256


def weakened(scope: Construct, option: str, because: str | None) -> bool:
    """Write down that `option` gave a safeguard away, and why; False (and nothing written) when it did not.

    The reason becomes a tag on every taggable resource of the construct (in the characters and the length that
    tags allow) and, uncut, metadata of the template, where the review finds it.

    Args:
        scope: what became weaker.
        option: the option as typed, without `_because`.
        because: the reason; None means the safeguard stays.

    Raises:
        InvalidOptions: the reason is empty.
    """
    if because is None:
        return False
    require_reason(scope, f"{option}_because", because)
    Tags.of(scope).add(TAG + option, tag_value(because))
    _note_in_template(scope, option, because)
    return True


def all_weakened(scope: Construct, options: Mapping[str, Any]) -> None:
    """Write down every reason among the options of a call; those of alarms are written down with the alarms.

    Raises:
        InvalidOptions: a reason is empty.
    """
    for option, because in options.items():
        if option.endswith("_because") and option != "alarms_off_because":
            weakened(scope, option.removesuffix("_because"), because)


def require_reason(scope: Construct, option: str, because: str) -> None:
    """Raise InvalidOptions when a reason says nothing."""
    if not because.strip():
        why = "who reads the review must learn what made it acceptable"
        problem = Problem(
            where=scope.node.path, option=option, got=shown(because), allowed="a reason in words", why=why
        )
        raise InvalidOptions([problem])


def tag_value(text: str) -> str:
    """A text in the characters and the length that tags allow."""
    return " ".join(_NOT_FOR_TAGS.sub(" ", text).split())[:_LONGEST_TAG].strip()


def _note_in_template(scope: Construct, option: str, because: str) -> None:
    options = Stack.of(scope).template_options
    metadata: dict[str, Any] = dict(options.metadata or {})
    reasons: dict[str, dict[str, str]] = {path: dict(said) for path, said in metadata.get(METADATA, {}).items()}
    reasons.setdefault(scope.node.path, {})[option] = because
    options.metadata = {**metadata, METADATA: reasons}
