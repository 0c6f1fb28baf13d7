"""Services that fail over, modelled by us: each answers its `OPERATIONS`, the emulator the rest.

A transition takes no time here. What a model keeps is what it was given; what it refuses, AWS refuses too.
"""
