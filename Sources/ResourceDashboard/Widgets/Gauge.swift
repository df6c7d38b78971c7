import ResourceContainer

/// The use of a pool as proportional parts: leased, idle and free items. The color of the leased part shows the load.
struct Gauge: Hashable, Sendable {
    var leased: Int
    var idle: Int
    var maximum: Int
    var load: Load

    init(_ pool: PoolSample) {
        self.leased = pool.leased
        self.idle = pool.idle
        self.maximum = pool.maximum
        self.load = Load(pool)
    }

    /// The gauge as text, for copied tables: `3/4`.
    var text: String {
        "\(self.leased)/\(self.maximum)"
    }

    /// Returns the explanation of the parts, each in the color of its part.
    static func legend(_ glyphs: GlyphSet) -> [Span] {
        [
            Span("\(glyphs[.used]) leased", .gaugeUsed), Span("  "), Span("\(glyphs[.idle]) idle", .gaugeIdle), Span("  "),
            Span("\(glyphs[.free]) free", .gaugeFree),
        ]
    }
}

extension Painter {
    /// Draws a gauge in brackets in the first row of `rect`: `[███▒▒░]`. Below four cells it has no brackets.
    ///
    /// Leases above the maximum, which was lowered while they were held, are a part in the role `gaugeOver`.
    mutating func draw(_ gauge: Gauge, in rect: Rect) {
        guard rect.width > 0, rect.height > 0 else { return }
        let hasBrackets = rect.width > 3
        let inside = hasBrackets ? rect.padded() : rect
        let over = max(0, gauge.leased - gauge.maximum)
        self.canvas.drawGauge(
            [
                GaugePart(gauge.leased - over, .used, self.theme.style(gauge.load.role(normal: .gaugeUsed))),
                GaugePart(over, .over, self.theme.style(.gaugeOver)),
                GaugePart(gauge.idle, .idle, self.theme.style(.gaugeIdle)),
                GaugePart(max(0, gauge.maximum - gauge.leased - gauge.idle), .free, self.theme.style(.gaugeFree)),
            ],
            x: inside.x,
            y: inside.y,
            width: inside.width
        )
        guard hasBrackets else { return }
        self.text("[", x: rect.x, y: rect.y, width: 1, role: .textDim)
        self.text("]", x: rect.x + rect.width - 1, y: rect.y, width: 1, role: .textDim)
    }
}
