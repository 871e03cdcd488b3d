import Admission
import Shop

/// A payment provider that is waited for without a place at the door: however slow it is, the shop stays open.
struct AsideProvider: PaymentProvider {
  let provider: any PaymentProvider

  var name: String { provider.name }

  func authorise(_ authorisation: PaymentAuthorisation, timeout: Duration) async -> PaymentOutcome {
    await Permit.stepAside { await provider.authorise(authorisation, timeout: timeout) }
  }

  func void(_ authorisation: OperationID, operation: OperationID, timeout: Duration) async -> VoidOutcome {
    await Permit.stepAside { await provider.void(authorisation, operation: operation, timeout: timeout) }
  }

  func query(_ operation: OperationID, timeout: Duration) async -> PaymentQuery {
    await Permit.stepAside { await provider.query(operation, timeout: timeout) }
  }
}
