"""Goods with a problem: what is wrong, what shows it, what is given for it."""
