"""`python -m cdk_standby_runbooks.local_aws`: an AWS on this machine's loopback, until told to stop.

Prints one line of JSON with the endpoint when ready. Ends at SIGTERM, at Ctrl-C, or with `--follow` when standard input
closes: whoever started it need not be able to clean up.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import sys
import threading
from typing import NoReturn

MISSING = "the local AWS needs the extra 'local': pip install 'cdk-standby[local]' (missing: {})"


def main() -> int:
    """Serve until stopped."""
    options = _options()
    try:
        from .server import build  # noqa: PLC0415  everything heavy waits until the extra is known to be there
    except ModuleNotFoundError as missing:
        print(MISSING.format(missing.name), file=sys.stderr)
        return 2
    try:
        server, front = build(options.account, options.port)
    except OSError as error:
        print(f"the local AWS cannot listen on 127.0.0.1:{options.port}: {error.strerror}", file=sys.stderr)
        return 2
    signal.signal(signal.SIGTERM, _end)
    # Ctrl-C reaches the whole process group: whoever is followed may still have to clean up here.
    signal.signal(signal.SIGINT, signal.SIG_IGN if options.follow else _end)
    if options.follow:
        threading.Thread(target=_end_with_standard_input, daemon=True).start()
    print(json.dumps({"endpoint": front.endpoint, "account": options.account, "pid": os.getpid()}), flush=True)
    server.serve_forever()
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m cdk_standby_runbooks.local_aws", description="an AWS on loopback")
    parser.add_argument("--port", type=int, default=0, help="0: any free one")
    parser.add_argument("--account", default="111111111111", help="twelve digits")
    parser.add_argument("--follow", action="store_true", help="end when standard input closes")
    return parser.parse_args()


def _end(*_: object) -> NoReturn:
    # Nothing is worth saving: all state is in memory, and worker threads must not hold the exit back.
    os._exit(0)


def _end_with_standard_input() -> None:
    while sys.stdin.buffer.read(4096):
        pass
    _end()


if __name__ == "__main__":
    sys.exit(main())
