"""The vault page: make a vault, open it, fill it, and let it lock itself."""
