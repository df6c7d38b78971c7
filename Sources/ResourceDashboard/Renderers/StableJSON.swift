import Foundation

/// An encoder whose output is the same for equal values on every machine: sorted keys and one form of every number.
package enum StableJSON {
    /// Returns `value` as JSON followed by a newline.
    package static func encode(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        encoder.keyEncodingStrategy = .custom { path in ReportKey(path.last) }
        // JSON cannot represent these values, and a single one should not fail the whole document.
        encoder.nonConformingFloatEncodingStrategy = .convertToString(positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
        return String(decoding: try encoder.encode(value), as: UTF8.self) + "\n"
    }
}

/// A key in a report. Values that recordings contain encode themselves with the names of version 1.0 of that format; reports use the names of
/// the API.
private struct ReportKey: CodingKey {
    private static let names = [
        "initialising": "initializing", "place": "location", "standsInFor": "fallbackFor", "asker": "checkedBy",
        "slowInitialise": "slowInitialize", "failInitialise": "failInitialize", "hangInitialise": "hangInitialize",
    ]

    let stringValue: String
    let intValue: Int?

    init(_ key: (any CodingKey)?) {
        self.stringValue = key.map { Self.names[$0.stringValue] ?? $0.stringValue } ?? ""
        self.intValue = key?.intValue
    }

    init?(stringValue: String) {
        self.stringValue = stringValue
        self.intValue = nil
    }

    init?(intValue: Int) {
        self.stringValue = "\(intValue)"
        self.intValue = intValue
    }
}
