"""What is the same: pure functions from frames to frames. No network, files, clock, randomness or Prefect."""
