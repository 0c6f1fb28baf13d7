"""Buckets, secrets and images: what is kept as objects, and stands ready in another Region."""
