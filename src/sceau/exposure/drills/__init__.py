"""Drills: canary persons are planted, an attack is played, and every byte obtained is searched for them."""
