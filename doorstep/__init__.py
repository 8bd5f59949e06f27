"""Doorstep: buyer self-service for shops that sell across borders."""
