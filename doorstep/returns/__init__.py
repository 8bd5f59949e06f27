"""Returns and exchanges, from the question whether to the money or the other goods."""
