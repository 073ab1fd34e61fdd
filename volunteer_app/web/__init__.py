"""What is seen: parse, call one service, commit once, render."""
