"""Copies of the encrypted files in another place."""
