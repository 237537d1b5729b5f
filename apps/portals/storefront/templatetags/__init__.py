"""What the shop's templates may say."""
