"""Private documents, encrypted in a folder that other programs can open too."""
