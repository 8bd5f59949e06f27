"""Starting Doorstep: what is checked first, training, and the processes that run side by side."""
