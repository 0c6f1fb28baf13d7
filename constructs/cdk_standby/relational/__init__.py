"""Relational databases: RDS instances and clusters, Aurora, DSQL, their replicas and proxies."""
