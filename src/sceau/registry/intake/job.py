"""The names of the intake's jobs: whoever wakes one does so by its name and need not know its code."""

INTAKE = "registry.intake"
REPLAY = "registry.replay"
