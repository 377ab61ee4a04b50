"""What each command does: stages put in order, files in and out. Returns what was made and what was wrong."""
