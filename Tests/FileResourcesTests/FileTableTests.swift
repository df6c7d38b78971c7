import ResourceContainer
import Testing

@testable import FileResources

@Suite("The table of open files")
struct FileTableTests {
    private typealias Table = FileTable<String>
    private let key = Table.Key(path: Array("a".utf8), mode: .read)

    private func user(_ line: UInt, at nanoseconds: Int64 = 0) -> Table.User {
        Table.User(location: CodeLocation(file: "A/B.swift", line: line), scope: nil, since: TimeSource.Instant(nanoseconds: nanoseconds))
    }

    /// The table by reference, so that mutating calls can be expected.
    private final class Tested {
        var table = Table()

        var open: [Table.Entry] { self.table.open }
        func join(_ key: Table.Key, name: String, _ user: Table.User) -> Table.Joining { self.table.join(key, name: name, user) }
        func opened(_ ticket: Table.Ticket, _ file: String) -> Bool { self.table.opened(ticket, file) }
        func leave(_ ticket: Table.Ticket) -> Bool { self.table.leave(ticket) }
        func cutOff(_ ticket: Table.Ticket) { self.table.cutOff(ticket) }
        func beginClosing() { self.table.beginClosing() }
        func takeAll() -> [Table.Entry] { self.table.takeAll() }
        func holders(limit: Int) -> [PoolSample.Holder] { self.table.holders(limit: limit) }
    }

    private func opened(_ table: Tested, _ file: String) throws -> Table.Ticket {
        guard case .opens(let ticket) = table.join(self.key, name: "a", self.user(1)) else { throw Unexpected() }
        #expect(table.opened(ticket, file))
        return ticket
    }

    private struct Unexpected: Error {}

    @Test("The first user opens, users during the opening wait, later users share, and the last one closes.")
    func sharing() throws {
        let table = Tested()
        guard case .opens(let first) = table.join(self.key, name: "a", self.user(1)) else { throw Unexpected() }
        guard case .waits(first.entry) = table.join(self.key, name: "a", self.user(2)) else { throw Unexpected() }
        #expect(table.open.isEmpty)
        #expect(table.holders(limit: 9).isEmpty)
        #expect(table.opened(first, "file"))
        guard case .shares(let second, "file") = table.join(self.key, name: "a", self.user(2, at: 5)) else { throw Unexpected() }
        #expect(table.open.map(\.users.count) == [2])
        #expect(table.holders(limit: 9).map(\.location.line) == [1])
        #expect(!table.leave(first))
        #expect(table.holders(limit: 9).map(\.location.line) == [2])
        #expect(table.leave(second))
        #expect(table.open.isEmpty)
    }

    @Test("Leaving twice changes nothing, even if the index has another file by then.")
    func staleTickets() throws {
        let table = Tested()
        let first = try self.opened(table, "one")
        #expect(table.leave(first))
        let second = try self.opened(table, "two")
        #expect(second.entry == first.entry)
        #expect(!table.leave(first))
        table.cutOff(first)
        guard case .shares = table.join(self.key, name: "a", self.user(3)) else { throw Unexpected() }
        #expect(!table.leave(Table.Ticket(entry: 99, user: 1)))
    }

    @Test("A failed opening leaves no entry.")
    func failing() throws {
        let table = Tested()
        guard case .opens(let ticket) = table.join(self.key, name: "a", self.user(1)) else { throw Unexpected() }
        #expect(table.leave(ticket))
        guard case .opens = table.join(self.key, name: "a", self.user(1)) else { throw Unexpected() }
    }

    @Test("A file that is cut off keeps its users, and the next user opens it again.")
    func cutOff() throws {
        let table = Tested()
        let old = try self.opened(table, "old")
        table.cutOff(old)
        let new = try self.opened(table, "new")
        #expect(new.entry != old.entry)
        #expect(table.open.count == 2)
        #expect(table.leave(old))
        guard case .shares(_, "new") = table.join(self.key, name: "a", self.user(3)) else { throw Unexpected() }
    }

    @Test("Entries differ by mode and by the bytes of the path.")
    func keys() throws {
        let table = Tested()
        _ = try self.opened(table, "a")
        guard case .opens = table.join(Table.Key(path: Array("a".utf8), mode: .append), name: "a", self.user(1)) else { throw Unexpected() }
        guard case .opens = table.join(Table.Key(path: Array("b".utf8), mode: .read), name: "b", self.user(1)) else { throw Unexpected() }
    }

    @Test("A closing table refuses users, returns open files, and rejects files that finish opening.")
    func closing() throws {
        let table = Tested()
        let open = try self.opened(table, "open")
        guard case .opens(let opening) = table.join(Table.Key(path: [98], mode: .read), name: "b", self.user(2)) else { throw Unexpected() }
        table.beginClosing()
        guard case .refused = table.join(self.key, name: "a", self.user(3)) else { throw Unexpected() }
        #expect(table.takeAll().map(\.name) == ["a"])
        #expect(table.takeAll().isEmpty)
        #expect(!table.leave(open))
        #expect(!table.opened(opening, "b"))
        #expect(table.takeAll().isEmpty)
    }

    @Test("Holders are listed longest first, up to the limit.")
    func holders() throws {
        let table = Tested()
        for number in 0..<5 {
            let key = Table.Key(path: [UInt8(number)], mode: .read)
            guard case .opens(let ticket) = table.join(key, name: "", self.user(UInt(number), at: Int64(10 - number))) else {
                throw Unexpected()
            }
            _ = table.opened(ticket, "")
        }
        #expect(table.holders(limit: 3).map(\.location.line) == [4, 3, 2])
        #expect(table.holders(limit: 3).map(\.slot) == [4, 3, 2])
    }
}
