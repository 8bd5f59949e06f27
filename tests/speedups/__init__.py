"""With the speed-ups Rasa says and keeps what it says and keeps without them."""
