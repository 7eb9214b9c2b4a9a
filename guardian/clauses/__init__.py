"""Says in plain words what a privacy policy or terms document really does, with its quotes."""
