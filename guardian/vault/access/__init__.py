"""What opens a vault: passphrase, recovery words, this computer."""
