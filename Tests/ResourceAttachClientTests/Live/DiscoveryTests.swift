import Foundation
import ResourceRecording
import Testing

@testable import ResourceAttachClient

@Suite("Discovery in a folder of sockets", .serialized)
struct DiscoveryTests {
    @Test("A served container is found with its process, its description, and its figures.")
    func found() async throws {
        let shop = try await ServedShop()
        let process = try #require(shop.find().first)
        #expect(process.pid == ProcessInfo.processInfo.processIdentifier)
        #expect(process.container == "shop")
        #expect(process.problem == nil)
        #expect(process.summary?.active == 1)
        #expect(process.description?.may == ["watch"])
        #expect(process.answers(to: "shop"))
        #expect(process.answers(to: process.id))
    }

    @Test("A target by number, by name, or by path is the same endpoint.")
    func resolved() async throws {
        let shop = try await ServedShop()
        let process = try #require(shop.find().first)
        #expect(try shop.discovery.resolve(.pid(process.pid), within: .seconds(20)) == [process.endpoint])
        #expect(try shop.discovery.resolve(.name("shop"), within: .seconds(20)) == [process.endpoint])
        #expect(try shop.discovery.resolve(.path(process.path)) == [process.endpoint])
    }

    @Test("A name that no container has is an error with the names that there are.")
    func absent() async throws {
        let shop = try await ServedShop()
        let error = #expect(throws: AttachFailure.self) { try shop.discovery.resolve(.name("mail"), within: .seconds(20)) }
        #expect(error?.description.contains("'mail'") == true)
        #expect(error?.description.contains("shop") == true)
    }

    @Test("A socket whose server has stopped is left out, and other files are ignored.")
    func ended() async throws {
        let shop = try await ServedShop()
        try Data().write(to: URL(fileURLWithPath: "\(shop.folder.path)/12-0.sock"))
        try Data().write(to: URL(fileURLWithPath: "\(shop.folder.path)/notes.txt"))
        #expect(shop.find().count == 1)
        shop.attach.stop()
        #expect(shop.find().isEmpty)
    }

    @Test("A folder that others can enter is not searched, and the reason is stated.")
    func unsafe() async throws {
        let shop = try await ServedShop()
        try shop.folder.setMode(0o755)
        let found = shop.discovery.find(within: .seconds(20))
        #expect(found.processes.isEmpty)
        #expect(found.problems.count == 1)
        try shop.folder.setMode(0o700)
        #expect(shop.find().count == 1)
    }
}
