// The Redis level; see docs/architecture.md.
