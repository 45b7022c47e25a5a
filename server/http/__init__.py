"""The API under /api/v1: one table of operations makes routes and OpenAPI alike."""
