// The Shop level; see docs/architecture.md.
