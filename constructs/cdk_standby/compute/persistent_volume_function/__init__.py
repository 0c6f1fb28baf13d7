"""Attaches a volume to the instance that replaces another."""
