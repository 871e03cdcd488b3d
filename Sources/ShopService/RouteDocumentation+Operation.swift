import ShopAPI

extension RouteDocumentation {
  private static let ready = [
    Answer(200, "It gets requests.", .component(.health)), Answer(503, "It starts or drains.", .component(.health)),
  ]

  static let checkLife = RouteDocumentation(
    "checkLife", .operation, "Whether the process answers; asks nothing",
    answers: [Answer(200, "It does.", .view(["status": .words(["ok"])]))])

  static let checkHealth = RouteDocumentation(
    "checkHealth", .operation, "As /health/ready, for load balancers", answers: ready)

  static let checkReadiness = RouteDocumentation(
    "checkReadiness", .operation, "Whether the process should get requests", answers: ready)

  static let checkDatabase = RouteDocumentation(
    "checkDatabase", .operation, "Whether this region's database answers",
    answers: [Answer(200, "It does.", .component(.health)), Answer(503, "It does not.", .component(.health))])

  static let readMetrics = RouteDocumentation(
    "readMetrics", .operation, "Shows the process's series, as Prometheus reads them",
    answers: [Answer(200, "The series.", text: "text/plain")])
}

extension Component {
  static let health = Component("Health") {
    .view([
      "status": .words(["ok", "degraded", "starting", "draining", "failing"]),
      "degraded": Schema.list(.words(["postgres", "reader", "redis"])).noted("What the process does without."),
    ])
  }
}
