"""What stands beside the cameras: a simulated shop floor that sends events to the server."""
