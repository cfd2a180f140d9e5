"""What is told so that nobody can untell it."""
