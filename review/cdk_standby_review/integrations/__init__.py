"""Where the review is run for you: a GitHub Action, a pre-commit hook. Only the Action's comment uses the network."""
