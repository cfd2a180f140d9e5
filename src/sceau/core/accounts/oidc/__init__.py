"""OpenID Connect: a provider says who is there, and opens nothing. What it tells is checked and forgotten; ADR 0016."""
