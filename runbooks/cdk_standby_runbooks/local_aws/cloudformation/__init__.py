"""CloudFormation, ours alone: what `cdk bootstrap`, `deploy`, `diff` and `destroy` need, and strict about the rest."""
