// The HTTPServer level; see docs/architecture.md.
