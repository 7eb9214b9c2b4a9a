"""Several people on one computer: who is here, coming in, leaving, and taking turns."""
