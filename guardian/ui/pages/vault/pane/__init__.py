"""The parts of the preview: asking the child, drawn pages, plain text, and what is said instead."""
