import Foundation

/// A 24-bit color as components.
struct RGB: Hashable, Sendable {
    var red: UInt8
    var green: UInt8
    var blue: UInt8

    init(_ red: UInt8, _ green: UInt8, _ blue: UInt8) {
        self.red = red
        self.green = green
        self.blue = blue
    }

    init(hex: UInt32) {
        self.init(UInt8(hex >> 16 & 0xFF), UInt8(hex >> 8 & 0xFF), UInt8(hex & 0xFF))
    }

    /// Returns xterm's color for an entry of its palette.
    static func ofIndex(_ index: UInt8) -> RGB {
        switch index {
        case 0..<16:
            return RGB(hex: self.ansi[Int(index)])
        case 16..<232:
            let steps: [UInt8] = [0, 95, 135, 175, 215, 255]
            let cube = Int(index) - 16
            return RGB(steps[cube / 36], steps[cube / 6 % 6], steps[cube % 6])
        default:
            let gray = 8 + 10 * (index - 232)
            return RGB(gray, gray, gray)
        }
    }

    private static let ansi: [UInt32] = [
        0x000000, 0xCD0000, 0x00CD00, 0xCDCD00, 0x0000EE, 0xCD00CD, 0x00CDCD, 0xE5E5E5,
        0x7F7F7F, 0xFF0000, 0x00FF00, 0xFFFF00, 0x5C5CFF, 0xFF00FF, 0x00FFFF, 0xFFFFFF,
    ]

    /// Returns the perceived difference of two colors: the "redmean" weighting in integers, which gives the same result on every machine.
    func distance(to other: RGB) -> Int {
        let mean = (Int(self.red) + Int(other.red)) / 2
        let red = Int(self.red) - Int(other.red)
        let green = Int(self.green) - Int(other.green)
        let blue = Int(self.blue) - Int(other.blue)
        return ((512 + mean) * red * red) / 256 + 4 * green * green + ((767 - mean) * blue * blue) / 256
    }

    /// The relative luminance as defined by WCAG 2: 0 for black, 1 for white.
    var luminance: Double {
        func linear(_ value: UInt8) -> Double {
            let share = Double(value) / 255
            return share <= 0.04045 ? share / 12.92 : pow((share + 0.055) / 1.055, 2.4)
        }
        return 0.2126 * linear(self.red) + 0.7152 * linear(self.green) + 0.0722 * linear(self.blue)
    }

    /// Returns the contrast ratio as defined by WCAG 2: 1 to 21.
    func contrast(with other: RGB) -> Double {
        let light = max(self.luminance, other.luminance)
        let dark = min(self.luminance, other.luminance)
        return (light + 0.05) / (dark + 0.05)
    }
}

extension RGB {
    /// Returns the color that a typical terminal shows for `color`, with `ground` for the terminal's default.
    static func shown(_ color: Color, orElse ground: RGB) -> RGB {
        switch color {
        case .default: ground
        case .ansi(let index): .ofIndex(index % 16)
        case .rgb(let red, let green, let blue): RGB(red, green, blue)
        }
    }
}
