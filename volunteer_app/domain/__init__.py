"""What is true: rules, workflow, terms, identity, permissions. No clock, no I/O, no Flask."""
