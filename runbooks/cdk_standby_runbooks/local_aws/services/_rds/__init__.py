"""Parts of the model of RDS."""
