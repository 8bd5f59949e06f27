"""Measures what of buyers' messages is understood: `make bench-nlu`."""
