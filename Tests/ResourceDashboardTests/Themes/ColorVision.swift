import Foundation

@testable import ResourceDashboard

/// A color vision deficiency with full loss of one kind of cone, after Machado, Oliveira and Fernandes (2009).
enum ColorVision {
    case protanopia, deuteranopia, tritanopia

    private var matrix: [[Double]] {
        switch self {
        case .protanopia:
            [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
        case .deuteranopia:
            [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
        case .tritanopia:
            [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]
        }
    }

    /// Returns the CIEDE2000 difference of two colors as seen with the deficiency.
    func difference(_ first: RGB, _ second: RGB) -> Double {
        Self.difference(self.lab(first), self.lab(second))
    }

    private func lab(_ color: RGB) -> (l: Double, a: Double, b: Double) {
        let linear = [color.red, color.green, color.blue].map { value in
            let share = Double(value) / 255
            return share <= 0.04045 ? share / 12.92 : pow((share + 0.055) / 1.055, 2.4)
        }
        let seen = self.matrix.map { row in min(1, max(0, zip(row, linear).reduce(0) { $0 + $1.0 * $1.1 })) }
        func root(_ value: Double) -> Double {
            value > 216.0 / 24389 ? cbrt(value) : (24389.0 / 27 * value + 16) / 116
        }
        let x = root((0.4124564 * seen[0] + 0.3575761 * seen[1] + 0.1804375 * seen[2]) / 0.95047)
        let y = root(0.2126729 * seen[0] + 0.7151522 * seen[1] + 0.0721750 * seen[2])
        let z = root((0.0193339 * seen[0] + 0.1191920 * seen[1] + 0.9503041 * seen[2]) / 1.08883)
        return (116 * y - 16, 500 * (x - y), 200 * (y - z))
    }

    /// Returns the CIEDE2000 difference, after Sharma, Wu and Dalal (2005).
    private static func difference(_ first: (l: Double, a: Double, b: Double), _ second: (l: Double, a: Double, b: Double)) -> Double {
        func degrees(_ angle: Double) -> Double { angle * 180 / .pi }
        func cosine(_ angle: Double) -> Double { cos(angle * .pi / 180) }
        func sine(_ angle: Double) -> Double { sin(angle * .pi / 180) }
        let meanChroma = (hypot(first.a, first.b) + hypot(second.a, second.b)) / 2
        let stretch = 1.5 - 0.5 * sqrt(pow(meanChroma, 7) / (pow(meanChroma, 7) + pow(25, 7)))
        let chroma1 = hypot(first.a * stretch, first.b)
        let chroma2 = hypot(second.a * stretch, second.b)
        let hue1 = (degrees(atan2(first.b, first.a * stretch)) + 360).truncatingRemainder(dividingBy: 360)
        let hue2 = (degrees(atan2(second.b, second.a * stretch)) + 360).truncatingRemainder(dividingBy: 360)
        var turn = hue2 - hue1
        if turn > 180 { turn -= 360 } else if turn < -180 { turn += 360 }
        var hue = (hue1 + hue2) / 2
        if abs(hue1 - hue2) > 180 { hue += hue < 180 ? 180 : -180 }
        let deltaHue = 2 * sqrt(chroma1 * chroma2) * sine(turn / 2)
        let lightness = (first.l + second.l) / 2
        let chroma = (chroma1 + chroma2) / 2
        let t = 1 - 0.17 * cosine(hue - 30) + 0.24 * cosine(2 * hue) + 0.32 * cosine(3 * hue + 6) - 0.2 * cosine(4 * hue - 63)
        let scaleL = 1 + 0.015 * pow(lightness - 50, 2) / sqrt(20 + pow(lightness - 50, 2))
        let l = (second.l - first.l) / scaleL
        let c = (chroma2 - chroma1) / (1 + 0.045 * chroma)
        let h = deltaHue / (1 + 0.015 * chroma * t)
        let twist = -2 * sqrt(pow(chroma, 7) / (pow(chroma, 7) + pow(25, 7))) * sine(60 * exp(-pow((hue - 275) / 25, 2)))
        return sqrt(l * l + c * c + h * h + twist * c * h)
    }
}
