"""``python -m cdk_standby_runbooks.demo``: the same as ``cdk-standby demo``."""

from __future__ import annotations

import sys

from ..cli import main

if __name__ == "__main__":
    sys.exit(main(["demo", *sys.argv[1:]]))
