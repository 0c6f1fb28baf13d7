"""Runbooks: fail over, fail back and rehearse, from a plan that was made at synth.

Nothing here needs the CDK or Node: who is on call needs Python, credentials and the plan. Start with `plan` (the data),
`steps` (check, act, prove), `runner` (in order, with a journal) and `cli` (the command ``cdk-standby``).
"""
