"""Tables: DynamoDB in one Region and in several, its cache, and replication that global tables cannot do."""
