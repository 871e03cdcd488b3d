// The Telemetry level; see docs/architecture.md.
