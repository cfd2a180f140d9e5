"""What both services share and neither owns. Knows neither counter nor registry."""
