/// One of some names, as a person types it.
enum Choice {
    /// The value that `text`, given to `option`, names.
    ///
    /// - Parameter what: what is being chosen, for the sentence: `view`, `format`.
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

    /// The fault of a name that is none of `accepted`.
    static func unknown(_ text: String, _ option: String, _ what: String, accepted: [String]) -> UsageFault {
        UsageFault(
            "\(option): '\(text)' is not a \(what): \(accepted.joined(separator: ", ")) \(accepted.count == 1 ? "is" : "are") accepted"
        )
    }
}
