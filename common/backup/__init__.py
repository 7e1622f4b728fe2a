"""A backup is a folder: the database as one file, pictures and exports, and a list of it all."""
