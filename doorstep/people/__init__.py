"""When a person takes over, what they are told, and which customer and which risk is in front of them."""
