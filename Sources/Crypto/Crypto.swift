// The Crypto level; see docs/architecture.md.
