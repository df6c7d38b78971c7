import Foundation
import ResourceSimulation

@testable import ResourceRecording

/// Changes a recording in ways that its checksums do not detect: figures, texts, parts of lists, and the order and number of its lines.
struct RecordingMutator {
    private struct Line {
        var number: String
        var time: String
        var kind: String
        var body: [UInt8]
        /// The bytes written to the file in place of a broken line.
        var broken: [UInt8]?

        var bytes: [UInt8] {
            if let broken { return broken }
            var bytes = Array(#"{"n":\#(self.number),"t":\#(self.time),"kind":"\#(self.kind)","body":"#.utf8) + self.body
            let digits = String(Checksum.of(bytes), radix: 16)
            bytes += Array(#","crc":"\#(String(repeating: "0", count: 8 - digits.count))\#(digits)"}"#.utf8)
            return bytes
        }
    }

    private let original: [Line]
    private var lines: [Line] = []
    private var random = SeededRandom(seed: 0)

    init(_ recording: Data) throws {
        self.original = try recording.split(separator: 0x0A).map { bytes in
            let line = try RecordingLine(parsing: Array(bytes)[...])
            return Line(number: "\(line.number)", time: "\(line.time.nanoseconds)", kind: line.kind, body: line.body)
        }
    }

    /// Returns the recording with one to four changes. The same seed produces the same changes.
    mutating func mutated(seed: UInt64) -> Data {
        self.random = SeededRandom(seed: seed)
        self.lines = self.original
        for _ in 0..<self.pick(1...4) { self.change() }
        if self.pick(0...2) == 0 {
            for index in self.lines.indices { self.lines[index].number = "\(index)" }
        }
        var data = Data()
        for line in self.lines { data.append(contentsOf: line.bytes + [0x0A]) }
        if self.pick(0...40) == 0 { data = data.prefix(self.pick(0...data.count)) }
        return data
    }

    private mutating func pick(_ range: ClosedRange<Int>) -> Int {
        Int.random(in: range, using: &self.random)
    }

    private mutating func change() {
        guard !self.lines.isEmpty else { return }
        let line = self.pick(0...self.lines.count - 1)
        switch self.pick(0...19) {
        case 0...6: self.changeFigure(line)
        case 7: self.lines[line].number = self.figure(insteadOf: self.lines[line].number, line)
        case 8: self.lines[line].time = self.figure(insteadOf: self.lines[line].time, line)
        case 9: self.lines[line].kind = ["header", "snapshot", "input", "end", "weather"][self.pick(0...4)]
        case 10, 11: self.changeText(line)
        case 12, 13: self.changeList(line)
        case 14: self.lines.remove(at: line)
        case 15: self.lines.insert(self.lines[line], at: self.pick(0...1) == 0 ? line : self.pick(0...self.lines.count))
        case 16: self.lines.swapAt(line, self.pick(0...self.lines.count - 1))
        case 17:
            let end = min(self.lines.count, line + 5)
            self.lines[line..<end].shuffle(using: &self.random)
        case 18:
            var bytes = self.lines[line].bytes
            bytes[self.pick(0...bytes.count - 1)] = UInt8(self.pick(0...255))
            self.lines[line].broken = bytes
        default: self.lines[line].broken = Array(self.lines[line].bytes.prefix(self.pick(0...self.lines[line].bytes.count)))
        }
    }

    // MARK: Figures and texts

    private func ranges(_ line: Int, texts: Bool) -> [Range<Int>] {
        let body = self.lines[line].body
        var (found, index) = ([Range<Int>](), 0)
        while index < body.count {
            let start = index
            if body[index] == UInt8(ascii: "\"") {
                index += 1
                while index < body.count, body[index] != UInt8(ascii: "\"") { index += body[index] == UInt8(ascii: "\\") ? 2 : 1 }
                if texts { found.append(start + 1..<min(index, body.count)) }
                index += 1
            } else if Self.isWord(body[index]) {
                while index < body.count, Self.isWord(body[index]) { index += 1 }
                if !texts { found.append(start..<index) }
            } else {
                index += 1
            }
        }
        return found
    }

    private static func isWord(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "-"), UInt8(ascii: "+"),
            UInt8(ascii: "."), UInt8(ascii: "E"):
            true
        default: false
        }
    }

    private mutating func changeFigure(_ line: Int) {
        let ranges = self.ranges(line, texts: false)
        guard !ranges.isEmpty else { return }
        let range = ranges[self.pick(0...ranges.count - 1)]
        let old = String(decoding: self.lines[line].body[range], as: UTF8.self)
        self.lines[line].body.replaceSubrange(range, with: Array(self.figure(insteadOf: old, line).utf8))
    }

    private mutating func figure(insteadOf old: String, _ line: Int) -> String {
        let value = Int64(old) ?? 0
        switch self.pick(0...17) {
        case 0: return "0"
        case 1: return "-1"
        case 2: return "1"
        case 3, 4: return "\(value &+ 1)"
        case 5: return "\(value &- 1)"
        case 6: return "\(value &* 2)"
        case 7: return "9223372036854775807"
        case 8: return "-9223372036854775808"
        case 9: return "18446744073709551615"
        case 10: return "4611686018427387904"
        case 11: return "1000000000000000"
        case 12: return "1e300"
        case 13: return ["true", "false", "null", "0.5", "-0", "", "{}", "[]"][self.pick(0...7)]
        case 14, 15: return "\(self.pick(0...20))"
        default:
            let others = self.ranges(line, texts: false)
            if others.isEmpty { return "7" }
            return String(decoding: self.lines[line].body[others[self.pick(0...others.count - 1)]], as: UTF8.self)
        }
    }

    private mutating func changeText(_ line: Int) {
        let ranges = self.ranges(line, texts: true)
        guard !ranges.isEmpty else { return }
        let range = ranges[self.pick(0...ranges.count - 1)]
        let other = ranges[self.pick(0...ranges.count - 1)]
        let text: [UInt8] =
            switch self.pick(0...7) {
            case 0: Array(#"\u001b]0;pwned\u0007\u001b[2J"#.utf8)
            case 1: Array(#"a\r\nb\u0000\u009b31m"#.utf8)
            case 2: Array(repeating: UInt8(ascii: "x"), count: self.pick(0...200_000))
            case 3: []
            case 4: Array(repeating: "\\u202e", count: self.pick(1...500)).joined().utf8.map { $0 }
            case 5: [0xFF, 0xC0]
            default: Array(self.lines[line].body[other])
            }
        self.lines[line].body.replaceSubrange(range, with: text)
    }

    // MARK: Lists

    /// Removes, repeats or swaps elements of a list: events, rows or samples.
    private mutating func changeList(_ line: Int) {
        let body = self.lines[line].body
        var (open, parts) = ([Int](), [Range<Int>]())
        var index = 0
        while index < body.count {
            switch body[index] {
            case UInt8(ascii: "\""):
                index += 1
                while index < body.count, body[index] != UInt8(ascii: "\"") { index += body[index] == UInt8(ascii: "\\") ? 2 : 1 }
            case UInt8(ascii: "{"): open.append(index)
            case UInt8(ascii: "}"):
                if let start = open.popLast(), start > 0, [UInt8(ascii: "["), UInt8(ascii: ",")].contains(body[start - 1]) {
                    parts.append(start..<index + 1)
                }
            default: break
            }
            index += 1
        }
        guard !parts.isEmpty else { return }
        let part = parts[self.pick(0...parts.count - 1)]
        switch self.pick(0...2) {
        case 0:
            var whole = part
            if body.indices.contains(part.upperBound), body[part.upperBound] == UInt8(ascii: ",") {
                whole = part.lowerBound..<part.upperBound + 1
            } else if body[part.lowerBound - 1] == UInt8(ascii: ",") {
                whole = part.lowerBound - 1..<part.upperBound
            }
            self.lines[line].body.removeSubrange(whole)
        case 1: self.lines[line].body.insert(contentsOf: Array(body[part]) + [UInt8(ascii: ",")], at: part.lowerBound)
        default:
            let other = parts[self.pick(0...parts.count - 1)]
            let (first, second) = part.lowerBound < other.lowerBound ? (part, other) : (other, part)
            guard first.upperBound <= second.lowerBound else { return }
            self.lines[line].body.replaceSubrange(second, with: Array(body[first]))
            self.lines[line].body.replaceSubrange(first, with: Array(body[second]))
        }
    }
}
