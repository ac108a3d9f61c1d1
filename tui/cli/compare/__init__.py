"""What `compare` prints and writes: one case, a whole session, files."""
