"""The warm standby of app.py, written by hand in plain aws-cdk-lib: `python bench/hand_written OUTDIR`."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from app import build

if __name__ == "__main__":
    build(sys.argv[1]).synth()
