"""Bundled samples, of invented persons only: `depistages.csv`, a pharmacy's, in our own template, whose rows 9 and 14 are wrong on
purpose; `laboratoire.*`, what a laboratory sends plain, in each form.
"""
