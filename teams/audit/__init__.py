"""What is recorded of changes, who made them, and triggers that nobody in the app can skip."""
