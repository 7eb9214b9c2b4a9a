"""What a mail says about an account: who really wrote it, and to what end."""
