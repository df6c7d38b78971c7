/// A parser for options with a fixed set of values.
enum Choice {
    /// Returns the value named by `text`.
    ///
    /// - Parameters:
    ///   - text: the argument.
    ///   - option: the name of the option, for the error.
    ///   - what: the kind of value, for the error: `view`, `format`.
    /// - Throws: `UsageFault` with the accepted values.
    static func parse<Value: RawRepresentable & CaseIterable>(
        _ text: String,
        _ option: String,
        _ what: String
    ) throws(UsageFault) -> Value where Value.RawValue == String {
        guard let value = Value(rawValue: text) else {
            throw self.unknown(text, option, what, accepted: Value.allCases.map(\.rawValue))
        }
        return value
    }

    /// The error for a value that is not among `accepted`.
    static func unknown(_ text: String, _ option: String, _ what: String, accepted: [String]) -> UsageFault {
        UsageFault(
            "\(option): '\(text)' is not a \(what): \(accepted.joined(separator: ", ")) \(accepted.count == 1 ? "is" : "are") accepted"
        )
    }
}
