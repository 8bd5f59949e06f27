"""What the command line prints and does; `doorstep.cli` has the options."""
