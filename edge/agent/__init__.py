"""The edge agent: takes events in beside the cameras, keeps them safe, and sends them on."""
