"""What a thief would find: attacks played for real, and the search through what they obtain."""
