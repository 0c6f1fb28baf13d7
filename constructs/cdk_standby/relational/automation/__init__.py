"""Scripts that Systems Manager runs inside of runbooks, as they stand here: nothing of them runs at synth."""
