"""Customs: what is said about duties, papers and held parcels, and the shop's share of a duty."""
