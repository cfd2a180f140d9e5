"""One type per code system: a string becomes a `Loinc` at the edge or is refused there. No Django.

Every type is a `str` whose constructor checks it and raises `BadCode`; a value of the type is therefore always valid.
"""
