.DEFAULT_GOAL := help
.PHONY: help run build test lint check schemathesis bench bench-depth drills infra-test infra-apply plan apply metrics-test image-test
.PHONY: fuzz mutate gameday failover sbom smoke dev-up dev-down clean

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: ## Build and serve a demo shop on 127.0.0.1:8080 with its own PostgreSQL and Redis (PORT=8081)
	@deploy/local/run

build: ## Build the release executable, .build/release/shop
	@deploy/local/build

test: ## Install what tests need, run all tests against a throw-away PostgreSQL and Redis (FILTER=Cart)
	@deploy/local/test

lint: ## Check formatting, imports and shell scripts
	@deploy/local/lint

check: lint test ## What a change must pass: lint and test

fuzz: ## Try to break the request parser with inputs made by libFuzzer, for a minute (TIME=600 KEEP=1)
	@deploy/fuzz/fuzz $(TIME) $(if $(KEEP),--keep)

mutate: ## Switch off each rule of HTTP/1.1 in a copy of the server and show that a test fails (RULE=Host; some ten minutes)
	@deploy/conformance/mutate $(if $(RULE),"$(RULE)")

schemathesis: ## Try to break a server of this build with requests made from its /openapi.json
	@deploy/local/schemathesis

bench: ## Measure throughput, latency, CPU and memory, beside other servers where present (SHORT=1)
	@deploy/bench/bench $(if $(SHORT),--short)

bench-depth: ## Check that page 4,000 of 100,000 products costs what page 1 costs, for every sort (KEEP=1)
	@deploy/bench/depth

drills: ## Overload a server, and let 5,000 slow clients at a time at it: what the others notice (DRILL=overload)
	@deploy/bench/drills $(DRILL)

infra-test: ## Check what deploys and watches the shop: modules, plans, pipelines, rules, runbooks (PART="checkov pipelines")
	@deploy/infra/test $(PART)

infra-apply: ## Apply production to a stand-in for AWS, look at it, plan again, destroy it (TF_PLUGIN_DIR=/providers; at most 15 min)
	@deploy/infra/apply-on-stand-in

plan: ## Show what would change in an environment on AWS (ENV=dev, staging, prod or pipeline)
	@deploy/infra/environment plan $(ENV)

apply: ## Apply the plan that was shown (ENV=dev, staging, prod or pipeline)
	@deploy/infra/environment apply $(ENV)

metrics-test: ## Ask all that rules, dashboards and runbooks ask, of a real Prometheus that scrapes a shop under load
	@deploy/prometheus/test-live

image-test: ## Build the image and run it as ECS would: an order, a drain, a size (as root; needs no Docker)
	@deploy/image/test

gameday: ## Rehearse bad days under load: what is lost, and for how long nothing can be bought (DRILL=redis)
	@deploy/gameday/gameday $(DRILL)

failover: ## Let another region write; says what it would do, and does it with YES=1 (REGION=eu-west-1 ENV=prod PLANNED=1)
	@deploy/infra/failover $(REGION) $(if $(ENV),--env $(ENV)) $(if $(PLANNED),--planned) $(if $(ACCEPT_LOSS),--accept-loss) $(if $(YES),--yes)

sbom: ## Write what the shop is made of, as CycloneDX, to .local/sbom.cdx.json (IMAGE=shop:local VERSION=1.2.3)
	@deploy/sbom/sbom write .local/sbom.cdx.json $(if $(IMAGE),--image $(IMAGE)) $(if $(VERSION),--version $(VERSION))

smoke: ## Place an order in a running shop and cancel it (URL=https://staging.shop.example)
	@deploy/smoke/order "$(URL)"

dev-up: ## Start the whole shop with Docker: PostgreSQL, Redis, Prometheus, Alertmanager, Grafana, collector
	@deploy/compose/compose up

dev-down: ## Stop what dev-up started; its data stays
	@deploy/compose/compose down

clean: ## Delete what was built and, after stopping them, the local services with their data
	@deploy/local/clean
