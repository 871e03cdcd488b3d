// The HTTP level; see docs/architecture.md.
