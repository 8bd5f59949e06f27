"""Changes of an order: called off, sent elsewhere, received."""
