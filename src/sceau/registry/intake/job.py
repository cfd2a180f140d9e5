"""The name of the intake's job: whoever stores an envelope wakes it by this name and need not know its code."""

INTAKE = "registry.intake"
