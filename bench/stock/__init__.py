"""Stock Rasa on our intents, to compare with: its environment, its projects and its processes."""
