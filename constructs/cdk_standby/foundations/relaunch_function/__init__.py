"""The function that launches an EMR cluster in another zone."""
