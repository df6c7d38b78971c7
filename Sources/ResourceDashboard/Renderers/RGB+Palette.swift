/// Which entry of a terminal's palette stands for a 24-bit color.
///
/// The nearest by distance is not it. A pale red is nearer to yellow than to red, and a bluish grey nearer to teal than to grey; but what a
/// person reads is the hue, where there is one, and grey is grey.
extension RGB {
    /// Of the eight colors that every color terminal has: the hue, or black or white.
    var nearestOfEight: UInt8 {
        self.hue.map(\.rawValue) ?? self.nearest(of: [0, 7])
    }

    /// Of those and their bright twins: the hue in the brightness that is nearer, or black, one of two greys or white.
    var nearestOfSixteen: UInt8 {
        guard let hue = self.hue else { return self.nearest(of: [0, 7, 8, 15]) }
        return self.nearest(of: [hue.rawValue, hue.rawValue + 8])
    }

    /// Of xterm's 256: a grey for a grey, otherwise of the cube. The first sixteen are left alone: people set them to what they like.
    var nearestOf256: UInt8 {
        if self.isGrey { return self.nearest(of: Self.greys) }
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

    /// The ramp of xterm's palette, and the greys of its cube.
    private static let greys: [UInt8] = Array(232...255) + [16, 59, 102, 145, 188, 231]

    /// The colors that have a name, as terminals number them.
    private enum Hue: UInt8 {
        case red = 1
        case green, yellow, blue, magenta, cyan
    }

    /// The difference between the strongest and the weakest of the three parts.
    private var chroma: Int {
        Int(max(self.red, self.green, self.blue)) - Int(min(self.red, self.green, self.blue))
    }

    /// Less than a step of xterm's cube apart: such a tint is lost or becomes another color.
    private var isGrey: Bool {
        self.chroma < 40
    }

    /// The hue; nil for a grey.
    private var hue: Hue? {
        if self.isGrey { return nil }
        let (red, green, blue) = (Int(self.red), Int(self.green), Int(self.blue))
        // In degrees: red is 0, yellow 60, green 120, cyan 180, blue 240, magenta 300.
        let degrees: Int
        switch max(red, green, blue) {
        case red: degrees = (360 + 60 * (green - blue) / self.chroma) % 360
        case green: degrees = 120 + 60 * (blue - red) / self.chroma
        default: degrees = 240 + 60 * (red - green) / self.chroma
        }
        switch degrees {
        // Orange is what warnings have, and a warning is yellow.
        case ..<22: return .red
        case ..<80: return .yellow
        case ..<160: return .green
        case ..<195: return .cyan
        // A light blue is read as cyan; as blue it would be darker than it is and hardly stand out on black.
        case ..<255: return self.luminance < 0.25 ? .blue : .cyan
        case ..<330: return .magenta
        // Many themes have a red with some blue in it; a pale one is pink.
        case ..<352: return self.chroma * 100 < 42 * Int(max(self.red, self.green, self.blue)) ? .magenta : .red
        default: return .red
        }
    }

    /// The one of `indices` that looks most like this color.
    private func nearest(of indices: [UInt8]) -> UInt8 {
        indices.min { self.distance(to: .ofIndex($0)) < self.distance(to: .ofIndex($1)) } ?? 0
    }
}
