"""Experience, levels, streaks, badges and leaderboards."""
