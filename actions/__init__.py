"""Rasa's custom actions: each reads slots, makes one call into `doorstep` and answers with a reply's name."""
