"""Queues, and who empties them."""
