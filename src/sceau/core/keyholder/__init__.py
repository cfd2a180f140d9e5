"""The only holder of long-term keys. `verbs.py` says who may ask what of it; nothing else may be."""
