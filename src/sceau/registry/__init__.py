"""The national registry: each result recorded once, positive cases opened, software approved."""
