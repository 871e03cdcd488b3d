// The ShopService level; see docs/architecture.md.
