"""The seller's rules: one file, its groups, what each rule may be, and where they differ."""
