"""CloudFormation, ours alone: what `cdk bootstrap`, `deploy`, `diff`, `list` and `destroy` need, and strict about the rest."""
