"""The dialogs around what opens a vault."""
