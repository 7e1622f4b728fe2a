"""Master data over the API: parse, one call to the registry, present."""
