// The JSON level; see docs/architecture.md.
