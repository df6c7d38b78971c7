import ResourceDashboard

/// Where what was drawn differs from what is golden, line by line, in plain text for people.
struct TextDifference: Sendable {
    /// A line of one or both, by its number from 1, without the newline that ends it.
    private struct Line: Sendable {
        let number: Int
        let golden: ArraySlice<UInt8>?
        let drawn: ArraySlice<UInt8>?
    }

    /// How many lines are shown.
    private static let limit = 12

    private let lines: [Line]
    /// How many lines the longer one has.
    private let count: Int
    /// What is to be said of the end, if only one ends in a newline.
    private let remark: String?

    /// Nil if not a byte differs. O(n).
    init?(golden: [UInt8], drawn: [UInt8]) {
        if golden == drawn { return nil }
        let (before, after) = (Self.lines(golden), Self.lines(drawn))
        let count = max(before.count, after.count)
        self.count = count
        self.lines = (0..<count).compactMap { index in
            let line = Line(
                number: index + 1,
                golden: index < before.count ? before[index] : nil,
                drawn: index < after.count ? after[index] : nil
            )
            return line.golden == line.drawn ? nil : line
        }
        let isEnded = (golden: golden.last == Self.newline, drawn: drawn.last == Self.newline)
        self.remark =
            isEnded.golden == isEnded.drawn ? nil : "\(isEnded.golden ? "what is drawn" : "the golden file") does not end in a newline"
    }

    private static let newline = UInt8(ascii: "\n")

    /// By bytes: a carriage return before the newline belongs to the line, and shows.
    private static func lines(_ bytes: [UInt8]) -> [ArraySlice<UInt8>] {
        var lines = bytes.split(separator: Self.newline, omittingEmptySubsequences: false)
        if lines.last?.isEmpty == true { lines.removeLast() }
        return lines
    }

    /// `2 of 30 lines`.
    var summary: String {
        if self.lines.isEmpty, let remark { return "its end: \(remark)" }
        return "\(self.lines.count) of \(self.count) line\(self.count == 1 ? "" : "s")" + (self.remark.map { ", and \($0)" } ?? "")
    }

    /// The lines that differ, the first dozen at most, each with its number and with marks below the columns that differ; nothing if the
    /// lines are the same.
    var listing: String {
        if self.lines.isEmpty { return "" }
        var texts = self.lines.prefix(Self.limit).map(Self.text)
        if self.lines.count > Self.limit { texts.append("… and \(self.lines.count - Self.limit) more") }
        return ":\n\n" + texts.joined(separator: "\n")
    }

    private static func text(_ line: Line) -> String {
        guard let golden = line.golden else {
            return "line \(line.number) is not in the golden file\n  drawn  |\(Self.visible(line.drawn))|"
        }
        guard let drawn = line.drawn else { return "line \(line.number) is missing\n  golden |\(Self.visible(golden))|" }
        var (before, after) = (Self.visible(golden), Self.visible(drawn))
        // The same letters, put together in another way.
        if before == after { (before, after) = (Self.visible(golden, spelled: true), Self.visible(drawn, spelled: true)) }
        return """
            line \(line.number)
              golden |\(before)|
              drawn  |\(after)|
                      \(Self.marks(before, after))
            """
    }

    /// A line as it can be shown: what has no form of its own is spelled out, and what is not ASCII too if `spelled`.
    private static func visible(_ bytes: ArraySlice<UInt8>?, spelled: Bool = false) -> String {
        var result = ""
        for scalar in String(decoding: bytes ?? [], as: UTF8.self).unicodeScalars {
            let hasForm =
                scalar.value >= 0x20 && scalar.properties.generalCategory != .control && scalar.properties.generalCategory != .format
            if hasForm, scalar.isASCII || !spelled {
                result.unicodeScalars.append(scalar)
            } else {
                result += "\\u{\(String(scalar.value, radix: 16, uppercase: true))}"
            }
        }
        return result
    }

    /// A caret below every column of `drawn` that is not as in `golden`, and below what one of them has more.
    private static func marks(_ golden: String, _ drawn: String) -> String {
        let (before, after) = (Array(golden), Array(drawn))
        var result = ""
        for index in 0..<max(before.count, after.count) {
            let isSame = index < before.count && index < after.count && before[index].utf8.elementsEqual(after[index].utf8)
            let width = DisplayText.width(of: String(index < after.count ? after[index] : before[index]))
            result += String(repeating: isSame ? " " : "^", count: width)
        }
        while result.last == " " { result.removeLast() }
        return result
    }
}
