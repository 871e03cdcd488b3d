// The Postgres level; see docs/architecture.md.
