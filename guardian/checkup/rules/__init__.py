"""How the checkup judges: pure functions over what is known, no store, no words."""
