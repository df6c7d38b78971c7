import Testing

@testable import ResourceDashboard

@Suite("Reduced colors")
struct NearestColorTests {
    private static let themes: [Theme] = {
        let library = ThemeLibrary(directories: [sourceThemes])
        return library.names().compactMap { try? library.load($0) }
    }()

    /// The directory of the themes that ship with the program.
    private static let sourceThemes: String = {
        let parts = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(4)
        return parts.joined(separator: "/") + "/themes"
    }()

    @Test(
        "With 8 or 16 colors, failures are red, warnings yellow, healthy is green, and the selection is visible.",
        arguments: [ColorDepth.ansi8, .ansi16],
        ["default-dark", "high-contrast-dark", "default-light", "high-contrast-light", "ansi-16", "ember", "harbor", "paper", "mist"]
    )
    func statuses(depth: ColorDepth, name: String) throws {
        let theme = try #require(Self.themes.first { $0.name == name })
        func hue(_ role: Role) -> UInt8? {
            guard case .indexed(let index) = depth.nearest(theme.style(role)).foreground else { return nil }
            return index % 8
        }
        #expect(hue(.stateFailed) == 1)
        #expect(hue(.healthUnhealthy) == 1)
        #expect(hue(.gaugeOver) == 1)
        #expect(hue(.healthDegraded) == 3)
        #expect(hue(.healthHealthy) == 2)
        #expect(hue(.stateReady) == 2)
        let selected = depth.nearest(theme.style(.selected))
        #expect(selected.background != depth.nearest(theme.style(.text)).background)
        #expect(selected.background != selected.foreground)
    }

    @Test("With 256 colors, the tinted grays of a theme map to grays.")
    func grays() {
        let ramp = Set<UInt8>(Array(232...255) + [16, 59, 102, 145, 188, 231])
        for hex: UInt32 in [0x14181F, 0x1C222B, 0x28303C, 0x66748A, 0x93A1B5, 0xD5DCE6, 0xE6EBF2, 0x2E3440, 0x928374, 0x586E75] {
            guard case .indexed(let index) = ColorDepth.indexed256.nearest(Color(hex: hex)) else {
                Issue.record("\(hex) is no entry")
                continue
            }
            #expect(ramp.contains(index), "\(String(hex, radix: 16)) became \(index)")
        }
        // Saturated colors keep their hue.
        #expect(ColorDepth.indexed256.nearest(Color(hex: 0x6CB6FF)) == .indexed(75))
        #expect(ColorDepth.indexed256.nearest(Color(hex: 0xFF7B7B)) == .indexed(210))
    }

    @Test("Color depths are ordered by their number of colors.")
    func order() {
        #expect(ColorDepth.allCases.sorted() == ColorDepth.allCases)
    }
}
