"""An AWS that runs on the laptop, for deployments and failover drills without an account.

One child process on 127.0.0.1: a front that can take a Region away, our own CloudFormation engine, our own models of
services that fail over, and the emulator moto behind them for everything else. What nobody models is refused by name.
"""

from .process import LocalAws

__all__ = ["LocalAws"]
