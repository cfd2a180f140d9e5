"""The plain doors: FHIR R4, HL7 v2.5.1 and CSV from software that does not seal. A process and a user of their own.

What comes in is read in memory, sealed to the registry's keyholder and only then stored (ADR 0019); the process holds public keys and a
database role that adds sealed rows and reads none.
"""
