"""How things are sealed and opened. `SPEC.md` beside this file gives every byte. Sealing and opening are different modules."""
