import Foundation

/// The name of a file that a flight recorder saves by itself, such as `flight-shop-20260101T120005Z-leak.jsonl`.
struct FlightFileName: Sendable, Hashable {
    /// The container, in the form of ``part(of:)``.
    var container: String
    /// The time of the save, in seconds of Unix time.
    var unixSeconds: Int64
    /// The reason of the save.
    var reason: FlightReason
    /// Distinguishes the files of one second, from 1.
    var attempt = 1

    private static let stampLength = 16
    private static let nameLimit = 60

    /// Returns the name of a container as part of a file's name: ASCII letters, digits, `_`, `.`, and `-`; any other scalar becomes `_`.
    static func part(of container: String) -> String {
        let bytes = container.unicodeScalars.prefix(Self.nameLimit).map { scalar in
            let byte = UInt8(exactly: scalar.value) ?? 0
            return Self.allowed.contains(byte) ? byte : UInt8(ascii: "_")
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static let allowed = Set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-".utf8)

    init(container: String, unixSeconds: Int64, reason: FlightReason) {
        self.container = container
        self.unixSeconds = unixSeconds
        self.reason = reason
    }

    /// Creates the name from its text; nil if `text` is no name of a file for `container`.
    init?(_ text: String, container: String) {
        let beginning = "flight-\(container)-"
        guard text.hasPrefix(beginning), text.hasSuffix(".jsonl") else { return nil }
        let rest = text.dropFirst(beginning.count).dropLast(".jsonl".count)
        guard let seconds = Self.seconds(of: rest.prefix(Self.stampLength)) else { return nil }
        let words = rest.dropFirst(Self.stampLength + 1)
        if let reason = FlightReason(name: words) {
            self.init(container: container, unixSeconds: seconds, reason: reason)
        } else if let dash = words.lastIndex(of: "-"), let attempt = Int(words[words.index(after: dash)...]), attempt > 1,
            let reason = FlightReason(name: words[..<dash])
        {
            self.init(container: container, unixSeconds: seconds, reason: reason)
            self.attempt = attempt
        } else {
            return nil
        }
        // Only the exact form belongs to the recorder.
        if self.text != text { return nil }
    }

    /// The name.
    var text: String {
        let end = self.attempt == 1 ? "" : "-\(self.attempt)"
        return "flight-\(self.container)-\(Self.stamp(self.unixSeconds))-\(self.reason.name)\(end).jsonl"
    }

    /// The time in UTC: `20260101T120005Z`.
    private static func stamp(_ unixSeconds: Int64) -> String {
        var seconds = time_t(unixSeconds)
        var parts = tm()
        gmtime_r(&seconds, &parts)
        func digits(_ value: Int32, _ count: Int) -> String {
            let text = String(value)
            return String(repeating: "0", count: max(0, count - text.count)) + text
        }
        let day = digits(parts.tm_year + 1900, 4) + digits(parts.tm_mon + 1, 2) + digits(parts.tm_mday, 2)
        return "\(day)T\(digits(parts.tm_hour, 2))\(digits(parts.tm_min, 2))\(digits(parts.tm_sec, 2))Z"
    }

    private static func seconds(of stamp: Substring) -> Int64? {
        let digits = stamp.utf8.filter { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }.map { Int32($0 - UInt8(ascii: "0")) }
        guard stamp.utf8.count == Self.stampLength, digits.count == Self.stampLength - 2 else { return nil }
        func number(_ range: Range<Int>) -> Int32 { digits[range].reduce(0) { $0 * 10 + $1 } }
        var parts = tm()
        parts.tm_year = number(0..<4) - 1900
        parts.tm_mon = number(4..<6) - 1
        parts.tm_mday = number(6..<8)
        parts.tm_hour = number(8..<10)
        parts.tm_min = number(10..<12)
        parts.tm_sec = number(12..<14)
        return Int64(timegm(&parts))
    }
}
