import Reactor

/// Group commit: transactions of one trip travel together as one transaction of the server.
///
/// What a transaction costs beside its statements (a commit with its flush, a process that wakes up with cold caches) is then paid
/// once for all of them. A group is kept whole or not at all: when the server refuses a member, or a lock is not to be had soon,
/// each runs by itself, and gets what it would have got without the others.
struct GroupCommit: Sendable {
  struct Member: Sendable {
    let queries: [Query]
    /// What its first statement locks. Members are sent in this order, so that two groups do not wait for each other.
    let order: UUIDBytes
    let deadline: Instant
  }

  private let gathering: Gathering<Member, Result<[Rows], PostgresError>>

  init(_ work: WorkLane, _ options: DatabaseOptions, loop: EventLoop, statistics: DatabaseStatistics) {
    gathering = Gathering(loop: loop, longestWait: options.groupWait, statistics: statistics) { await Self.commit($0, work) }
  }

  func commit(
    _ member: Member, alone: () async -> Result<[Rows], PostgresError>
  ) async -> Result<[Rows], PostgresError> {
    await gathering.perform(member, deadline: member.deadline, alone: alone)
  }

  private static func commit(
    _ members: [Member], _ work: WorkLane
  ) async -> [Result<[Rows], PostgresError>?] {
    let deadline = members.dropFirst().reduce(members[0].deadline) { min($0, $1.deadline) }
    let connection: Connection
    do {
      connection = try await work.acquire(deadline: deadline)
    } catch {
      return members.count == 1 ? [.failure(error)] : members.map { _ in nil }
    }
    let order = members.indices.sorted { members[$0].order < members[$1].order }
    // A member that waits for a lock keeps the others waiting.
    let opening = members.count > 1 ? [Query(Transaction.shortLocks)] : []
    let result = await connection.run(opening + order.flatMap { members[$0].queries }, deadline: deadline)
    var answers = [Result<[Rows], PostgresError>?](repeating: nil, count: members.count)
    switch result {
    case .success(let rows):
      await work.settle(connection)
      var rest = rows.dropFirst(opening.count)
      for index in order {
        let count = members[index].queries.count
        answers[index] = .success(Array(rest.prefix(count)))
        rest = rest.dropFirst(count)
      }
    case .failure(let error):
      await work.settle(connection, discard: error.isOfReadOnlyServer)
      switch error {
      case .timeout, .connectionLost(sent: true): answers = members.map { _ in .failure(.commitUnknown) }
      default: if members.count == 1 { answers = [.failure(error)] }
      }
    }
    return answers
  }
}
