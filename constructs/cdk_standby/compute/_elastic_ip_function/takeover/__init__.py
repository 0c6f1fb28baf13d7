"""Keeps addresses on a healthy one of two servers."""
