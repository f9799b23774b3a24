"""What tools outside recipes may use."""
