"""The open vault: folders, documents, and what is done with them."""
