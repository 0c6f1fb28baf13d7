"""Caches: ElastiCache and MemoryDB."""
