"""The feed as it happens: one reader per organisation and worker, fanned out to all streams."""
