"""Clients of systems that are not ours: one package for each kind, and none knows our database."""
