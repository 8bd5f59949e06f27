"""What people do with a conversation, at our own desk or at another: take it, answer, give it back, close it."""
