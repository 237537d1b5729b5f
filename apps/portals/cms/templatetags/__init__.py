"""What stories' templates may say."""
