/// The palette of a Base16 scheme (`base00` to `base0F`) or a Base24 scheme (`base00` to `base17`).
struct ColorScheme: Hashable, Sendable {
    /// Sixteen or twenty-four 24-bit colors.
    let colors: [Color]

    /// Creates a palette from 0xRRGGBB values.
    init(_ values: [UInt32]) {
        self.colors = values.map(Color.init(hex:))
    }

    /// Creates a palette from sixteen or twenty-four colors.
    init(colors: [Color]) {
        self.colors = colors
    }

    /// The default styles of the roles, on `background` or else `base00`.
    func styles(on background: Color? = nil) -> [Role: Style] {
        let colors = self.colors
        func on00(_ index: Int, _ attributes: Style.Attributes = []) -> Style {
            Style(foreground: colors[index], background: background ?? colors[0], attributes: attributes)
        }
        return [
            .text: on00(0x5), .textDim: on00(0x4), .border: on00(0x3), .borderFocus: on00(0xD), .title: on00(0xD, .bold),
            .selected: Style(foreground: colors[0], background: colors[0xD]),
            .stateReady: on00(0xB), .stateInitializing: on00(0xC), .stateDisposing: on00(0xE), .stateDisposed: on00(0x4),
            .stateFailed: on00(0x8),
            .healthHealthy: on00(0xB), .healthDegraded: on00(0xA), .healthUnhealthy: on00(0x8), .healthUnknown: on00(0x4),
            .gaugeUsed: on00(0xC), .gaugeIdle: on00(0x4), .gaugeFree: on00(0x3), .gaugeOver: on00(0x8),
            .chart0: on00(0xC), .chart1: on00(0xE), .chart2: on00(0x4), .chart3: on00(0x9),
        ]
    }
}

extension Color {
    /// Creates a color from 0xRRGGBB.
    init(hex: UInt32) {
        self = .rgb(red: UInt8(hex >> 16 & 0xFF), green: UInt8(hex >> 8 & 0xFF), blue: UInt8(hex & 0xFF))
    }
}
