"""Settings, addresses and the WSGI callable. Nothing imports this package."""
