"""The whole product on a laptop: synth, validate, deploy, review, lose a Region, fail over, fail back.

`deployed` deploys an assembly to a local AWS with the real CDK CLI, `story` tells the demo phase by phase, `display`
shows it, `tools` finds the CLI and Node, `processes` ends what was started.
"""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

__all__ = ["command"]


def command(options: Namespace) -> int:
    """``cdk-standby demo``."""
    from .story import tell_story  # noqa: PLC0415  (pulls in the local AWS)

    return tell_story(Path(options.out), strategy=options.strategy, keep=options.keep)
