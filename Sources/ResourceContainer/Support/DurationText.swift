extension Duration {
    /// The duration for sentences, in at most two units: `812 µs`, `12 ms`, `1.5 s`, `30 s`, `3 min 10 s`, `2 h 5 min`.
    package var brief: String {
        let nanoseconds = self.wholeNanoseconds
        if nanoseconds < 0 { return "-" + Duration.nanoseconds(Int64(0).subtractingSaturated(nanoseconds)).brief }
        if nanoseconds < 1000 { return "0 ms" }
        if nanoseconds < 1_000_000 { return "\(nanoseconds / 1000) µs" }
        let milliseconds = nanoseconds.addingSaturated(500_000) / 1_000_000
        if milliseconds < 1000 { return "\(milliseconds) ms" }
        let (seconds, tenths) = (milliseconds / 1000, milliseconds % 1000 / 100)
        if seconds < 120 { return tenths == 0 ? "\(seconds) s" : "\(seconds).\(tenths) s" }
        if seconds < 7200 { return "\(seconds / 60) min \(seconds % 60) s" }
        return "\(seconds / 3600) h \(seconds % 3600 / 60) min"
    }
}
