import Foundation
import Testing

@testable import ResourceDashboard

@Suite("Shipped themes")
struct ShippedThemesTests {
    /// The path of `themes/` in the source tree.
    private static let directory = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("themes").path

    private static let library = ThemeLibrary(directories: [directory])

    @Test("There are at least twelve themes; each loads and has a name and an author.")
    func load() throws {
        let names = Self.library.names()
        #expect(names.count >= 12)
        #expect(Array(names.prefix(3)) == ["default-dark", "default-light", "mono"])
        for name in names {
            let theme = try Self.library.load(name)
            #expect(theme.name == name)
            #expect(!theme.title.isEmpty)
            #expect(!theme.author.isEmpty)
        }
    }

    @Test("The themes compiled into the program equal their files.")
    func compiledIn() throws {
        let files = try FileManager.default.contentsOfDirectory(atPath: Self.directory).filter { $0.hasSuffix(".yaml") }
        #expect(ThemeLibrary().names().dropFirst(3) == files.map { String($0.dropLast(5)) }.sorted()[...])
        #expect(Theme.builtIn.map(\.name) == ThemeLibrary().names())
        for theme in Theme.builtIn.dropFirst(3) {
            #expect(try Self.library.load("\(Self.directory)/\(theme.name).yaml") == theme)
            #expect(try ThemeLibrary().load(theme.name) == theme)
        }
    }

    /// Returns the lowest allowed contrast of a role to its background.
    private func requiredContrast(_ role: Role, high: Bool) -> Double {
        switch role {
        case .text, .textDim, .title, .selected, .stateReady, .stateInitializing, .stateDisposing, .stateDisposed, .stateFailed,
            .healthHealthy, .healthDegraded, .healthUnhealthy, .healthUnknown:
            high ? 7 : 4.5
        case .border, .borderFocus, .gaugeUsed, .gaugeIdle, .gaugeFree, .gaugeOver, .chart0, .chart1, .chart2, .chart3:
            high ? 4.5 : 3
        }
    }

    @Test("Text has a contrast of 4.5:1 and other roles 3:1; high-contrast themes have 7:1 and 4.5:1.", arguments: library.names())
    func contrast(name: String) throws {
        let theme = try Self.library.load(name)
        let palette = SVGPalette(theme)
        for role in Role.allCases {
            let style = theme.style(role)
            // Dimming is excluded, because its strength depends on the terminal.
            var plain = style
            plain.attributes.remove(.dim)
            let shown = palette.shown(plain)
            let contrast = shown.foreground.contrast(with: shown.background)
            #expect(
                contrast >= self.requiredContrast(role, high: name.hasPrefix("high-contrast")),
                "\(name): \(role.rawValue) has \(contrast)"
            )
        }
    }

    @Test("The accent is the color of focus and selection only: no gauge and no chart has it.", arguments: library.names())
    func accent(name: String) throws {
        let theme = try Self.library.load(name)
        guard name != "mono" else { return }
        let accents = [theme.style(.borderFocus).foreground, theme.style(.selected).background]
        for role in [Role.gaugeUsed, .gaugeIdle, .gaugeFree, .gaugeOver, .chart0, .chart1, .chart2, .chart3] {
            #expect(!accents.contains(theme.style(role).foreground), "\(name): \(role.rawValue)")
        }
    }

    @Test("A selected row differs from a plain one, and all health colors differ.", arguments: library.names())
    func distinct(name: String) throws {
        let theme = try Self.library.load(name)
        #expect(theme.style(.selected) != theme.style(.text))
        guard name != "mono" else { return }
        #expect(Set([Role.healthHealthy, .healthDegraded, .healthUnhealthy, .healthUnknown].map { theme.style($0) }).count == 4)
    }

    @Test("Color-blind themes keep the health colors distinguishable.")
    func colorVision() throws {
        for (name, losses) in [
            ("color-blind-red-green", [ColorVision.protanopia, .deuteranopia]), ("color-blind-blue-yellow", [.tritanopia]),
        ] {
            let theme = try Self.library.load(name)
            let roles: [Role] = [.healthHealthy, .healthDegraded, .healthUnhealthy, .healthUnknown]
            let colors = roles.map { RGB.shown(theme.style($0).foreground, orElse: RGB(0, 0, 0)) }
            for loss in losses {
                for first in colors.indices {
                    for second in colors.indices where second > first {
                        let difference = loss.difference(colors[first], colors[second])
                        #expect(difference >= 15, "\(name), \(loss): \(roles[first]) and \(roles[second]) differ by \(difference)")
                    }
                }
            }
        }
    }

    @Test("The mono theme uses only attributes, at every color depth.")
    func mono() {
        for role in Role.allCases {
            #expect(Theme.mono.style(role).foreground == .default)
            #expect(Theme.mono.style(role).background == .default)
            for depth in ColorDepth.allCases {
                var canvas = Canvas(size: Size(width: 4, height: 1))
                canvas.draw("text", x: 0, y: 0, style: Theme.mono.style(role))
                for match in ANSIRenderer.render(canvas, depth: depth).matches(of: #/\u{1B}\[([0-9;]*)m/#) {
                    #expect(match.1.split(separator: ";").allSatisfy { $0.count == 1 })
                }
            }
        }
        #expect(Theme.defaultDark.adapted(to: .monochrome) == .mono)
        #expect(Theme.defaultDark.adapted(to: .ansi8) == .defaultDark)
    }

    @Test("An unknown theme name is rejected with the list of names.")
    func unknown() {
        let names = ThemeLibrary().names().joined(separator: ", ")
        #expect(names.hasPrefix("default-dark, default-light, mono, ansi-16, "))
        #expect(throws: ThemeError(file: "nord", reason: "unknown theme; the themes are: \(names)")) {
            try ThemeLibrary().load("nord")
        }
        #expect(throws: ThemeError(file: "./none.yaml", reason: "the file cannot be read: there is no such file")) {
            try ThemeLibrary().load("./none.yaml")
        }
    }

    @Test("Earlier directories take precedence, built-in names cannot be replaced, and a broken file is named.")
    func directories() throws {
        let root = FileManager.default.temporaryDirectory.appendingPathComponent("resmon-themes-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: root) }
        let harbor = try String(contentsOfFile: Self.directory + "/harbor.yaml", encoding: .utf8)
        for directory in ["/a", "/b"] {
            try FileManager.default.createDirectory(atPath: root + directory, withIntermediateDirectories: true)
            let text = harbor.replacing("\"Harbor\"", with: "\"Harbor of \(directory)\"")
            try text.write(toFile: root + directory + "/harbor.yaml", atomically: true, encoding: .utf8)
        }
        try "name: [".write(toFile: root + "/a/mono.yaml", atomically: true, encoding: .utf8)
        try "name: x".write(toFile: root + "/b/broken.yml", atomically: true, encoding: .utf8)
        try Data([0xFF, 0xFE, 0x00]).write(to: URL(fileURLWithPath: root + "/b/binary.yaml"))
        try Data().write(to: URL(fileURLWithPath: root + "/b/empty.yaml"))
        let library = ThemeLibrary(directories: [root + "/none", root + "/a", root + "/b"])
        let names = library.names()
        #expect(names.prefix(3) == ["default-dark", "default-light", "mono"])
        #expect(Set(names).subtracting(ThemeLibrary().names()) == ["binary", "broken", "empty"])
        #expect(Set(names).count == names.count)
        #expect(try library.load("harbor").title == "Harbor of /a")
        #expect(library.path(of: "harbor") == root + "/a/harbor.yaml")
        #expect(try library.load(root + "/b/harbor.yaml").title == "Harbor of /b")
        #expect(try library.load("mono") == .mono)
        #expect(try library.load("paper") == ThemeLibrary().load("paper"))
        for name in ["broken", "binary", "empty", root + "/a"] {
            let error = #expect(throws: ThemeError.self) { try library.load(name) }
            #expect(error?.file.hasPrefix(root) == true)
        }
    }
}
