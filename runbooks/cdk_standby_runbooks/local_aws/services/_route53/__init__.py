"""Parts of the model of Route 53."""
