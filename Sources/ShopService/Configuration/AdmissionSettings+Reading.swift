import Admission

extension AdmissionSettings {
  init(_ reader: inout SettingsReader) {
    self.init()
    isOn = reader.flag("SHOP_ADMISSION", default: true)
    minimum = reader.integer("SHOP_ADMISSION_MIN", default: minimum, in: 1...10_000)
    maximum = reader.integer("SHOP_ADMISSION_MAX", default: maximum, in: 1...10_000)
    patience = reader.milliseconds("SHOP_ADMISSION_WAIT_MS", default: 50, in: 0...10_000)
    if minimum > maximum { reader.fault("SHOP_ADMISSION_MIN", "must not be above SHOP_ADMISSION_MAX") }
    initial = min(max(initial, minimum), maximum)
  }
}
