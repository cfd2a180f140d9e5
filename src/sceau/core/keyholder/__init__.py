"""The only holder of long-term keys. `verbs.py` says what may be asked of it; nothing else may be."""
