"""What keeps the window from being read along: locking, the cover, the quick exit."""
