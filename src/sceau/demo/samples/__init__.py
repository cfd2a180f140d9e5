"""The bundled sample: `depistages.csv`, in our own template, of invented persons only. Rows 9 and 14 are wrong on purpose."""
