"""The accounts page: consent, the list, one account at a time."""
