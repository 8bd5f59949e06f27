"""Understanding: what Rasa runs on a buyer's message before the rules see it."""
