"""Pictures of every page, and the brand's icons: commands for people, not tests."""
