import FileResources
import Foundation
import ResourceContainer
import Testing

/// A simple model of a store, which defines the expected result of any order of steps.
@Suite("A file store behaves like a simple model")
struct FileModelTests {
    /// A file that a name can refer to.
    private final class Node {
        var bytes: [UInt8] = []
    }

    /// An open file; like a descriptor, it stays with its node.
    private final class Description {
        let name: String
        let mode: FileMode
        let node: Node
        var users = 1

        init(_ name: String, _ mode: FileMode, _ node: Node) {
            self.name = name
            self.mode = mode
            self.node = node
        }
    }

    private struct User {
        let file: OpenFile
        let description: Description
        var position = 0
    }

    private struct Model {
        var names: [String: Node] = [:]
        var descriptions: [Description] = []
        var users: [User] = []

        /// Opens a file; nil if that is refused.
        mutating func open(_ name: String, _ mode: FileMode, maximum: Int) -> (description: Description?, code: FileStoreError.Code?) {
            let node = self.names[name]
            if let node, let known = self.descriptions.first(where: { $0.name == name && $0.mode == mode && $0.node === node }) {
                known.users += 1
                return (known, nil)
            }
            if self.descriptions.count == maximum { return (nil, .tooManyOpen) }
            if node == nil, mode == .read { return (nil, .notFound) }
            let opened = Description(name, mode, node ?? Node())
            self.names[name] = opened.node
            if mode == .write { opened.node.bytes = [] }
            self.descriptions.append(opened)
            return (opened, nil)
        }

        mutating func close(_ index: Int) -> User {
            let user = self.users.remove(at: index)
            user.description.users -= 1
            self.descriptions.removeAll { $0.users == 0 }
            return user
        }
    }

    private struct Seeded: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            self.state &+= 0x9E37_79B9_7F4A_7C15
            var value = self.state
            value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
            value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
            return value ^ (value >> 31)
        }
    }

    @Test("Random steps give the same results in the store and the model.", arguments: 0..<60)
    func seeds(seed: Int) async throws {
        var random = Seeded(state: UInt64(seed))
        let maximum = Int.random(in: 1...5, using: &random)
        let store = FileStore(
            directory: FileManager.default.temporaryDirectory.appendingPathComponent("resmon-files-\(UUID().uuidString)"),
            removesDirectory: true,
            configuration: FileStoreConfiguration(maximumOpen: maximum, whenFull: .fail, drainTimeout: .zero, durability: .buffered)
        )
        try await store.initialize()
        var model = Model()
        for step in 0..<150 {
            try await self.step(store, &model, maximum, &random, "seed \(seed), step \(step)")
            let expected = model.descriptions.map { "\($0.name) \($0.mode) \($0.users)" }.sorted()
            #expect(store.openFiles().map { "\($0.name) \($0.mode) \($0.users)" }.sorted() == expected, "seed \(seed), step \(step)")
            #expect(store.poolSample().leased == model.descriptions.count, "seed \(seed), step \(step)")
        }
        #expect(store.descriptors.count == model.descriptions.count)
        for (name, node) in model.names { #expect(try await store.readBytes(name) == node.bytes, "seed \(seed)") }
        #expect(await refusal { try await store.dispose() }?.code == (model.users.isEmpty ? nil : .stillOpen))
        for user in model.users { #expect(await refusal { _ = try await user.file.size() }?.code == .closed) }
        #expect(store.descriptors == [])
        #expect(store.poolSample().isBalanced)
        #expect(store.poolSample().leased == 0)
    }

    private func step(
        _ store: FileStore,
        _ model: inout Model,
        _ maximum: Int,
        _ random: inout Seeded,
        _ step: String
    ) async throws {
        let name = ["a", "b", "d/c"].randomElement(using: &random)!
        let bytes = (0..<Int.random(in: 0...20, using: &random)).map { _ in UInt8.random(in: 0...255, using: &random) }
        switch Int.random(in: 0..<12, using: &random) {
        case 0...3:
            let mode = FileMode.allCases.randomElement(using: &random)!
            let expected = model.open(name, mode, maximum: maximum)
            var file: OpenFile?
            let code = await refusal { file = try await store.open(name, mode) }?.code
            #expect(code == expected.code, "\(step): open \(name) \(mode)")
            if let file, let description = expected.description { model.users.append(User(file: file, description: description)) }
        case 4...5:
            guard let index = model.users.indices.randomElement(using: &random) else { return }
            let user = model.close(index)
            try await user.file.close()
            #expect(await refusal { _ = try await user.file.size() }?.code == .closed)
            if Bool.random(using: &random) { try await user.file.close() }
        case 6...7:
            guard let index = model.users.indices.randomElement(using: &random) else { return }
            let (user, count) = (model.users[index], Int.random(in: 0...12, using: &random))
            if user.description.mode == .write || user.description.mode == .append {
                #expect(await refusal { _ = try await user.file.read(upToCount: count) }?.code == .wrongMode)
                return
            }
            let expected = Array(user.description.node.bytes.dropFirst(user.position).prefix(count))
            #expect(try await user.file.read(upToCount: count) == expected, "\(step): read")
            model.users[index].position += expected.count
        case 8...9:
            guard let index = model.users.indices.randomElement(using: &random) else { return }
            let user = model.users[index]
            if user.description.mode == .read {
                #expect(await refusal { try await user.file.write(bytes) }?.code == .wrongMode)
                return
            }
            try await user.file.write(bytes)
            let node = user.description.node
            let start = user.description.mode == .append ? node.bytes.count : user.position
            if !bytes.isEmpty {
                node.bytes += Array(repeating: 0, count: max(0, start + bytes.count - node.bytes.count))
                node.bytes.replaceSubrange(start..<start + bytes.count, with: bytes)
            }
            model.users[index].position += bytes.count
        case 10:
            try await store.write(bytes, to: name)
            let node = Node()
            node.bytes = bytes
            model.names[name] = node
        default:
            let code = await refusal { try await store.remove(name) }?.code
            #expect(code == (model.names[name] == nil ? .notFound : nil), "\(step): remove \(name)")
            model.names[name] = nil
        }
    }
}
