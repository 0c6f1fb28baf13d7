"""Reads CloudFormation templates, anybody's, and says what a fault would do to them. Never imports the CDK."""
