"""What happens: `verb(session, things, *, actor, now, …)` changes rows and records it."""
