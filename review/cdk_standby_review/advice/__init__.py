"""Which strategy fits an objective: told from facts alone, before there is any code."""
