"""The dialogs that check a vault, copy it, and show its trash and details."""
