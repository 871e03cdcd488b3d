// The ShopAPI level; see docs/architecture.md.
