import Foundation
import Testing

@testable import ResourceDashboard

@Suite("The shipped themes")
struct ShippedThemesTests {
    /// `themes/` of the source tree.
    private static let directory = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("themes").path

    private static let library = ThemeLibrary(directories: [directory])

    @Test("are at least twelve, each loads, and has a name and an author")
    func load() throws {
        let names = Self.library.names()
        #expect(names.count >= 12)
        #expect(Array(names.prefix(3)) == ["default-dark", "default-light", "mono"])
        for name in names {
            let theme = try Self.library.load(name)
            #expect(theme.name == name)
            #expect(!theme.title.isEmpty && !theme.author.isEmpty)
        }
    }

    @Test("are in the program itself as they are in their files, no more and no fewer")
    func compiledIn() throws {
        let files = try FileManager.default.contentsOfDirectory(atPath: Self.directory).filter { $0.hasSuffix(".yaml") }
        #expect(ThemeLibrary().names().dropFirst(3) == files.map { String($0.dropLast(5)) }.sorted()[...])
        #expect(Theme.builtIn.map(\.name) == ThemeLibrary().names())
        for theme in Theme.builtIn.dropFirst(3) {
            #expect(try Self.library.load("\(Self.directory)/\(theme.name).yaml") == theme)
            #expect(try ThemeLibrary().load(theme.name) == theme)
        }
    }

    /// The lowest contrast that a role must have against its background.
    private func requiredContrast(_ role: Role, high: Bool) -> Double {
        switch role {
        case .text, .textDim, .title, .selected, .stateReady, .stateInitialising, .stateDisposing, .stateDisposed, .stateFailed,
            .healthHealthy, .healthDegraded, .healthUnhealthy, .healthUnknown:
            high ? 7 : 4.5
        case .border, .borderFocus, .gaugeUsed, .gaugeIdle, .gaugeFree, .gaugeOver, .chart0, .chart1, .chart2, .chart3:
            high ? 4.5 : 3
        }
    }

    @Test("can be read: 4.5 to 1 for words, 3 to 1 for the rest; 7 and 4.5 where high contrast is promised", arguments: library.names())
    func contrast(name: String) throws {
        let theme = try Self.library.load(name)
        let palette = SVGPalette(theme)
        for role in Role.allCases {
            let style = theme.style(role)
            // What dims is measured without: how much a terminal dims is its own affair.
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

    @Test("tell a selected row from a plain one, and every health from every other", arguments: library.names())
    func distinct(name: String) throws {
        let theme = try Self.library.load(name)
        #expect(theme.style(.selected) != theme.style(.text))
        guard name != "mono" else { return }
        #expect(Set([Role.healthHealthy, .healthDegraded, .healthUnhealthy, .healthUnknown].map { theme.style($0) }).count == 4)
    }

    @Test("that claim it keep the health colours apart for eyes that see colours differently")
    func colourVision() throws {
        for (name, losses) in [
            ("colour-blind-red-green", [ColorVision.protanopia, .deuteranopia]), ("colour-blind-blue-yellow", [.tritanopia]),
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

    @Test("mono has attributes and no colour, and shows none at any depth")
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

    @Test("an unknown name is answered with the names there are")
    func unknown() {
        let names = ThemeLibrary().names().joined(separator: ", ")
        #expect(names.hasPrefix("default-dark, default-light, mono, ansi-16, "))
        #expect(throws: ThemeError(file: "nord", reason: "there is no theme of this name; there are: \(names)")) {
            try ThemeLibrary().load("nord")
        }
        #expect(throws: ThemeError(file: "./none.yaml", reason: "the file cannot be read: there is no such file")) {
            try ThemeLibrary().load("./none.yaml")
        }
    }

    @Test("a file of an earlier directory counts, a built-in name is never taken, and a broken file names its path")
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
