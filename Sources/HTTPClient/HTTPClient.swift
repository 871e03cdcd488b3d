// The HTTPClient level; see docs/architecture.md.
