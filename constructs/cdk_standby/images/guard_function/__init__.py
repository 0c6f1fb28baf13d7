"""Keeps the newest images from being deregistered, and lets go of the older ones."""
