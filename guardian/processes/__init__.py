"""What runs on this computer, which of it deserves a question, and why."""
