"""The leads' figures: what came in and how well it was handled, counted from what the database holds."""
