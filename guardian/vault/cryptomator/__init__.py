"""The vault's format: Cryptomator vault format 8, as its public documentation describes it.

Pure: knows folders, files and bytes; no window, no records. Every module here may need the
``cryptography`` package, so the rest of the pillar imports this room only when it is used.
"""
