/// The mapping of 24-bit colors to entries of a terminal's palette.
///
/// The entry nearest by distance is not the best match: a pale red is nearer to yellow than to red, and a bluish gray nearer to teal than
/// to gray. A reader perceives the hue, if there is one, and gray as gray.
extension RGB {
    /// The nearest of the eight ANSI colors: the hue, or black or white.
    var nearestOfEight: UInt8 {
        self.hue.map(\.rawValue) ?? self.nearest(of: [0, 7])
    }

    /// The nearest of the sixteen ANSI colors: the hue in the nearer brightness, or black, one of two grays, or white.
    var nearestOfSixteen: UInt8 {
        guard let hue = self.hue else { return self.nearest(of: [0, 7, 8, 15]) }
        return self.nearest(of: [hue.rawValue, hue.rawValue + 8])
    }

    /// The nearest of xterm's 256 colors: a gray for a gray, otherwise an entry of the color cube or the gray ramp. The first sixteen are
    /// not used, because users redefine them.
    var nearestOf256: UInt8 {
        if self.isGray { return self.nearest(of: Self.grays) }
        func step(_ value: UInt8) -> UInt8 {
            switch value {
            case ..<48: 0
            case ..<115: 1
            default: (value - 35) / 40
            }
        }
        let cube = 16 + 36 * step(self.red) + 6 * step(self.green) + step(self.blue)
        let mean = (Int(self.red) + Int(self.green) + Int(self.blue)) / 3
        let ramp = UInt8(232 + min(23, max(0, (mean - 3) / 10)))
        return self.nearest(of: [cube, ramp])
    }

    /// The gray ramp of xterm's palette, and the grays of its cube.
    private static let grays: [UInt8] = Array(232...255) + [16, 59, 102, 145, 188, 231]

    /// The chromatic ANSI colors, numbered as terminals do.
    private enum Hue: UInt8 {
        case red = 1
        case green, yellow, blue, magenta, cyan
    }

    /// The difference between the largest and the smallest component.
    private var chroma: Int {
        Int(max(self.red, self.green, self.blue)) - Int(min(self.red, self.green, self.blue))
    }

    /// Whether the components differ by less than one step of xterm's cube, which would lose such a tint or change its hue.
    private var isGray: Bool {
        self.chroma < 40
    }

    /// The hue; nil for a gray.
    private var hue: Hue? {
        if self.isGray { return nil }
        let (red, green, blue) = (Int(self.red), Int(self.green), Int(self.blue))
        // In degrees: red is 0, yellow 60, green 120, cyan 180, blue 240, magenta 300.
        let degrees: Int
        switch max(red, green, blue) {
        case red: degrees = (360 + 60 * (green - blue) / self.chroma) % 360
        case green: degrees = 120 + 60 * (blue - red) / self.chroma
        default: degrees = 240 + 60 * (red - green) / self.chroma
        }
        switch degrees {
        // Orange maps to yellow: both are used for warnings.
        case ..<22: return .red
        case ..<80: return .yellow
        case ..<160: return .green
        case ..<195: return .cyan
        // A light blue maps to cyan. The blue of the palette would be darker and hard to read on black.
        case ..<255: return self.luminance < 0.25 ? .blue : .cyan
        case ..<330: return .magenta
        // Many themes have a red with some blue in it. A pale one is pink and maps to magenta.
        case ..<352: return self.chroma * 100 < 42 * Int(max(self.red, self.green, self.blue)) ? .magenta : .red
        default: return .red
        }
    }

    /// Returns the entry of `indices` nearest to this color.
    private func nearest(of indices: [UInt8]) -> UInt8 {
        indices.min { self.distance(to: .ofIndex($0)) < self.distance(to: .ofIndex($1)) } ?? 0
    }
}
