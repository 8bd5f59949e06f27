"""Measures speed, memory and understanding; nothing of the product depends on it."""
