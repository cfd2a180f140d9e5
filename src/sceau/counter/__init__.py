"""The pharmacy platform: record a test, know that it arrived."""
