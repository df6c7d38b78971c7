extension Duration {
    /// The duration in microseconds below 1 ms, in milliseconds below 1 s, and in seconds with two decimals from there on.
    var shortText: String {
        let microseconds = self.wholeNanoseconds / 1_000
        let milliseconds = microseconds / 1_000
        if microseconds > 0, milliseconds == 0 { return "\(microseconds) µs" }
        if milliseconds < 1000 { return "\(milliseconds) ms" }
        let hundredths = milliseconds / 10
        let fraction = hundredths % 100
        return "\(hundredths / 100).\(fraction < 10 ? "0" : "")\(fraction) s"
    }
}
