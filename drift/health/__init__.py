"""What managers see of how surely cameras recognise."""
