import ResourceDashboard

/// The differences between a golden text and a drawn text, line by line, as plain text.
struct TextDifference: Sendable {
    /// A line of one or both texts, with its number from 1, without its newline.
    private struct Line: Sendable {
        let number: Int
        let golden: ArraySlice<UInt8>?
        let drawn: ArraySlice<UInt8>?
    }

    /// The largest number of lines that are listed.
    private static let limit = 12

    private let lines: [Line]
    /// The number of lines of the longer text.
    private let count: Int
    /// A remark about the end, if only one of the texts ends in a newline.
    private let remark: String?

    /// Nil if the texts are equal. O(n).
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
            isEnded.golden == isEnded.drawn ? nil : "\(isEnded.golden ? "the drawn text" : "the golden file") does not end in a newline"
    }

    private static let newline = UInt8(ascii: "\n")

    /// Splits at bytes, so a carriage return before the newline belongs to the line and is shown.
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

    /// The first lines that differ, at most twelve, each with its number and with marks below the columns that differ. Empty if no line
    /// differs.
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
        // Equal characters in different Unicode normalizations.
        if before == after { (before, after) = (Self.visible(golden, spelled: true), Self.visible(drawn, spelled: true)) }
        return """
            line \(line.number)
              golden |\(before)|
              drawn  |\(after)|
                      \(Self.marks(before, after))
            """
    }

    /// A line with control and format characters spelled out, and with all non-ASCII characters spelled out if `spelled` is true.
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

    /// A caret below every column that differs, and below the columns that only the longer text has.
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
