"""What can go wrong, a file each: `run(stage)` brings it about under load and says how it went."""
