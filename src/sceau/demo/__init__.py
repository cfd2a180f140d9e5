"""Everything on one machine: embedded PostgreSQL, keyholders, both sites, their workers, invented data."""
