// The Reactor level; see docs/architecture.md.
