"""Servers: groups, images, spares, and the addresses that follow them."""
