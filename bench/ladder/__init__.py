"""The ladder: 5, 50, 500, 1,000 cameras and more, on each store, until it no longer keeps up."""
