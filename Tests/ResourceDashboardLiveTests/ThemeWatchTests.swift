import Foundation
import ResourceDashboard
import Testing

@testable import ResourceDashboardLive

@Suite("Theme file changes")
struct ThemeWatchTests {
    private let directory = NSTemporaryDirectory() + "resmon-\(UUID().uuidString)"

    init() throws {
        try FileManager.default.createDirectory(atPath: self.directory, withIntermediateDirectories: true)
    }

    /// Writes a theme file. Its length and modification time do not depend on `ground`.
    private func write(_ name: String, ground: String) throws {
        let colors = (1..<16).map { "  base0\(String($0, radix: 16, uppercase: true)): \"a0a0a0\"\n" }.joined()
        let path = "\(self.directory)/\(name)"
        try "palette:\n  base00: \"\(ground)\"\n\(colors)".write(toFile: path, atomically: false, encoding: .utf8)
        try FileManager.default.setAttributes([.modificationDate: Date(timeIntervalSince1970: 1)], ofItemAtPath: path)
    }

    @Test("A link switched to a file with the same time and size is detected, by name and by path.", arguments: [false, true])
    func links(byPath: Bool) throws {
        defer { try? FileManager.default.removeItem(atPath: self.directory) }
        let link = "\(self.directory)/mine.yaml"
        try self.write("a.theme", ground: "101010")
        try self.write("b.theme", ground: "202020")
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: "a.theme")
        let library = ThemeLibrary(directories: byPath ? [] : [self.directory])
        let watch = ThemeWatch(library, file: byPath ? link : nil)
        #expect(watch.changes()?.themes == nil)
        try FileManager.default.removeItem(atPath: link)
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: "b.theme")
        let themes = try #require(watch.changes()).themes
        #expect(themes.last { $0.name == "mine" }?.style(.text).background == .rgb(red: 0x20, green: 0x20, blue: 0x20))
        #expect(watch.changes()?.themes == nil)
    }

    @Test("A file overwritten with the same time and size is detected, and so is a removed file.")
    func sameTime() throws {
        defer { try? FileManager.default.removeItem(atPath: self.directory) }
        try self.write("mine.yaml", ground: "101010")
        let watch = ThemeWatch(ThemeLibrary(directories: [self.directory]))
        try FileManager.default.removeItem(atPath: "\(self.directory)/mine.yaml")
        #expect(watch.changes()?.themes != nil)
        try self.write("mine.yaml", ground: "303030")
        let back = try #require(watch.changes())
        #expect(back.problem == nil)
        try self.write("mine.yaml", ground: "no hex")
        #expect(watch.changes()?.problem?.contains("hexadecimal") == true)
    }
}
