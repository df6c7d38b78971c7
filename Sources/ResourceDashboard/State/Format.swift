import ResourceContainer

/// Formatters for figures and durations, used everywhere so that all output is consistent.
package enum Format {
    /// Returns a number with thousands separators: `12,841`.
    package static func count(_ value: Int) -> String {
        let digits = String(value.magnitude)
        var result = value < 0 ? "-" : ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index) % 3 == 0 { result.append(",") }
            result.append(digit)
        }
        return result
    }

    /// Returns a number in at most five characters: `9,120`, `12.3k`, `12M`.
    package static func brief(_ value: Int) -> String {
        switch value {
        case ..<10_000: self.count(value)
        case ..<1_000_000: self.decimal(Double(value) / 1e3, digits: value < 100_000 ? 1 : 0) + "k"
        default: self.decimal(Double(value) / 1e6, digits: value < 100_000_000 ? 1 : 0) + "M"
        }
    }

    /// Returns a size: `812 bytes`, `1.4 kB`, `23.0 MB`.
    package static func bytes(_ value: Int) -> String {
        switch value {
        case ..<1_000: "\(value) bytes"
        case ..<1_000_000: "\(Self.decimal(Double(value) / 1_000, digits: 1)) kB"
        default: "\(Self.decimal(Double(value) / 1_000_000, digits: 1)) MB"
        }
    }

    /// Returns a measured duration: `0ms`, `12ms`, `1.84s`, `12m41s`, `3h02m`.
    package static func duration(_ value: Duration) -> String {
        let nanoseconds = max(0, value.wholeNanoseconds)
        if nanoseconds < 1_000_000 { return nanoseconds < 1000 ? "0ms" : "\(nanoseconds / 1000)us" }
        // Rounded as in the sentences of the monitor, because both may be about the same duration.
        let milliseconds = nanoseconds.addingSaturated(500_000) / 1_000_000
        switch milliseconds {
        case ..<1000: return "\(milliseconds)ms"
        case ..<10_000: return self.decimal(Double(milliseconds) / 1000, digits: 2) + "s"
        case ..<60_000: return self.decimal(Double(milliseconds) / 1000, digits: 1) + "s"
        case ..<3_600_000: return "\(milliseconds / 60_000)m\(self.twoDigits(milliseconds / 1000 % 60))s"
        default: return "\(milliseconds / 3_600_000)h\(self.twoDigits(milliseconds / 60_000 % 60))m"
        }
    }

    /// Returns an age in whole seconds: `0:03`, `12:41`, `3:02:41`.
    package static func age(_ value: Duration) -> String {
        let seconds = max(0, value.wholeNanoseconds / 1_000_000_000)
        if seconds < 3600 { return "\(seconds / 60):\(self.twoDigits(seconds % 60))" }
        return "\(seconds / 3600):\(self.twoDigits(seconds / 60 % 60)):\(self.twoDigits(seconds % 60))"
    }

    /// Returns a rate: `1.2k`, `21.0`.
    package static func rate(_ value: Double) -> String {
        value < 1000 ? self.decimal(value, digits: 1) : self.decimal(value / 1000, digits: 1) + "k"
    }

    /// Returns `value` with `digits` decimal places, rounded half up; `?` if it is not finite.
    package static func decimal(_ value: Double, digits: Int) -> String {
        guard value.isFinite, value.magnitude < 1e15 else { return "?" }
        var factor = 1.0
        for _ in 0..<digits { factor *= 10 }
        let scaled = Int64((value.magnitude * factor).rounded())
        let sign = value < 0 && scaled > 0 ? "-" : ""
        if digits == 0 { return "\(sign)\(scaled)" }
        var fraction = String(scaled % Int64(factor))
        while fraction.count < digits { fraction = "0" + fraction }
        return "\(sign)\(scaled / Int64(factor)).\(fraction)"
    }

    /// Returns a source location as `Uploads.swift:42`. If it does not fit in `width` cells, its start is cut off.
    package static func location(_ location: CodeLocation, width: Int) -> String {
        self.location("\(location)", width: width)
    }

    /// Returns a source location given as text; see ``location(_:width:)``.
    static func location(_ text: String, width: Int) -> String {
        if DisplayText.width(of: text) <= width { return text }
        let short = text.utf8.lastIndex(of: UInt8(ascii: "/")).map { String(text[text.utf8.index(after: $0)...]) } ?? text
        if DisplayText.width(of: short) <= width { return short }
        var rest = Substring(short)
        while !rest.isEmpty, DisplayText.width(of: rest) > max(0, width - 1) { rest = rest.dropFirst() }
        return "…" + rest
    }

    package static func twoDigits(_ value: Int64) -> String {
        value < 10 ? "0\(value)" : String(value)
    }
}
