"""Sceau."""
