"""How users reach a Region: names, health checks, routing controls, and the edge in front of them."""
