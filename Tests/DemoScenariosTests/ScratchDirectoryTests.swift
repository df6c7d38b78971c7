import Foundation
import Testing

@testable import DemoScenarios

@Suite("Scratch directory of a live scenario")
struct ScratchDirectoryTests {
    @Test("The directory is private to its user, and creating it removes directories of dead processes.")
    func make() throws {
        let parent = FileManager.default.temporaryDirectory.appendingPathComponent("resmon-scratch-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: parent, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: parent) }
        let uuid = UUID().uuidString
        let elsewhere = parent.appendingPathComponent("elsewhere")
        // No process has an ID this high.
        let stale = parent.appendingPathComponent("resmon-checkout-2147483646-\(uuid)")
        let kept = ["resmon-checkout-1-\(uuid)", "resmon-checkout-2147483646-mine", "other-2147483646-\(uuid)"]
        for url in [stale, elsewhere] + kept.map({ parent.appendingPathComponent($0) }) {
            try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
            try Data().write(to: url.appendingPathComponent("file"))
        }
        let link = "resmon-checkout-2147483645-\(uuid)"
        try FileManager.default.createSymbolicLink(at: parent.appendingPathComponent(link), withDestinationURL: elsewhere)

        let directory = ScratchDirectory(in: parent)
        try directory.make()
        let attributes = try FileManager.default.attributesOfItem(atPath: directory.url.path)
        #expect(attributes[.posixPermissions] as? Int == 0o700)
        let names = Set(try FileManager.default.contentsOfDirectory(atPath: parent.path))
        #expect(names == Set(kept + [link, "elsewhere", directory.url.lastPathComponent]))
        #expect(FileManager.default.fileExists(atPath: elsewhere.appendingPathComponent("file").path))
    }
}
