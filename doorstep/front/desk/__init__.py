"""The desk: the pages at /desk on which the agents of a shop read and answer conversations."""
