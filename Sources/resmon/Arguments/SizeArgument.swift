import ResourceDashboard

/// A screen size on the command line: `120x36`, columns first.
struct SizeArgument: Equatable {
    let width: Int
    let height: Int

    /// The limit of a live screen, too.
    static let largest = Size.longestSide

    init(width: Int, height: Int) {
        self.width = width
        self.height = height
    }

    init(_ option: String, parsing text: String) throws(UsageFault) {
        let parts = text.split(separator: "x", omittingEmptySubsequences: false)
        guard parts.count == 2, let width = Self.number(parts[0]), let height = Self.number(parts[1]) else {
            throw UsageFault("\(option): '\(text)' is not a size: columns x rows is accepted, such as 120x36")
        }
        guard (1...Self.largest).contains(width), (1...Self.largest).contains(height) else {
            throw UsageFault("\(option): '\(text)' is out of range: 1x1 to \(Self.largest)x\(Self.largest) is accepted")
        }
        self.init(width: width, height: height)
    }

    /// Accepts digits only. `Int` would also accept a sign.
    private static func number(_ text: Substring) -> Int? {
        guard !text.isEmpty, text.allSatisfy(\.isDigit) else { return nil }
        return Int(text) ?? .max
    }
}
