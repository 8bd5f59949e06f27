"""Where is it: what is told, promised and offered by where each parcel stands."""
