"""Django's PostgreSQL engine, whose pool looks at a connection before it gives it out instead of asking the server each time."""
