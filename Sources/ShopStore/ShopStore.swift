// The ShopStore level; see docs/architecture.md.
