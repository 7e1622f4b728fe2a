"""What is kept about the recognition models: their confidence, alerts, and reviews."""
