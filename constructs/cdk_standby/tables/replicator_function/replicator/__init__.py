"""Carries changes of one DynamoDB table to another: stream, queue, conditional write."""
