import ResourceContainer
import Testing

@testable import ResourceDashboard

@Suite("Contrast of themes")
struct ContrastTests {
    /// Returns a scheme with base00 to base07 monotone in lightness and random accents.
    private static func scheme(_ seed: UInt64) -> ColorScheme {
        var random = SplitMix(state: seed)
        let isDark = random.next() % 2 == 0
        var grays = (0..<8).map { _ in UInt32(random.next() % 256) }.sorted()
        if !isDark { grays.reverse() }
        let accents = (0..<8).map { _ in UInt32(random.next() % 0x100_0000) }
        return ColorScheme(grays.map { $0 << 16 | $0 << 8 | $0 } + accents)
    }

    /// A generator of reproducible numbers.
    private struct SplitMix {
        var state: UInt64

        mutating func next() -> UInt64 {
            self.state &+= 0x9E37_79B9_7F4A_7C15
            var mixed = self.state
            mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
            mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
            return mixed ^ (mixed >> 31)
        }
    }

    private static func ratio(_ style: Style) -> Double {
        RGB.shown(style.foreground, orElse: RGB(0, 0, 0)).contrast(with: RGB.shown(style.background, orElse: RGB(0, 0, 0)))
    }

    @Test("After the correction, every role of 200 generated schemes can be read.")
    func generated() {
        var corrected = 0
        for seed in 1...200 {
            let scheme = Self.scheme(UInt64(seed))
            let readable = Contrast(scheme).corrected(scheme.styles())
            corrected += readable.roles.count
            for role in Role.allCases {
                let ratio = readable.styles[role].map(Self.ratio) ?? 0
                #expect(ratio >= Contrast.required(role), "seed \(seed), \(role.rawValue)")
            }
        }
        #expect(corrected > 200)
    }

    @Test("A pair that can be read is not changed.")
    func unchanged() {
        for seed in 1...50 {
            let scheme = Self.scheme(UInt64(seed))
            let styles = scheme.styles()
            let readable = Contrast(scheme).corrected(styles)
            for role in Role.allCases where !readable.roles.contains(role) { #expect(readable.styles[role] == styles[role]) }
        }
    }

    @Test("The shipped themes need no correction.", arguments: Theme.builtIn)
    func shipped(_ theme: Theme) throws {
        #expect(theme.correctedRoles == [])
        for role in Role.allCases {
            let style = theme.style(role)
            guard case .rgb = style.foreground, case .rgb = style.background else { continue }
            #expect(Self.ratio(style) >= Contrast.required(role), "\(theme.name), \(role.rawValue)")
        }
    }

    @Test("A theme file whose text cannot be read is corrected, and the roles are named.")
    func named() throws {
        let colors = (0..<16).map { index in "  base0\(String(index, radix: 16, uppercase: true)): \"#1\(String(index, radix: 16))2222\"" }
        let theme = try Theme(yaml: "palette:\n" + colors.joined(separator: "\n") + "\n", file: "fog.yaml")
        #expect(theme.correctedRoles.contains(.text))
        #expect(theme.correctedRoles.count == Role.allCases.count)
        #expect(Self.ratio(theme.style(.text)) >= 4.5)
    }

    @Test("The terminal's own colors are not changed.")
    func terminalColors() throws {
        let scheme = Self.scheme(3)
        let style = Style(foreground: .ansi(0), background: .default)
        let readable = Contrast(scheme).corrected([.text: style])
        #expect(readable.roles == [])
        #expect(readable.styles[.text] == style)
    }
}
