import ResourceContainer
import ResourceMonitoring
import Testing

@testable import ResourceDashboard

@Suite("Event archive")
struct EventArchiveTests {
    private func time(_ milliseconds: Int) -> TimeSource.Instant {
        TimeSource.Instant(nanoseconds: Int64(milliseconds) * 1_000_000)
    }

    /// Returns an event line. The kinds and fields differ from number to number.
    private func line(_ number: Int) -> EventLine {
        let (took, id) = (Duration.nanoseconds(Int64(number) * 1_234_567), ResourceID(UInt64(number % 70 + 1)))
        let location = CodeLocation(file: "App/Main.swift", line: UInt(number % 9 + 1))
        let scope = ScopeID(UInt64(number / 8))
        var opened = ScopeSnapshot(
            id: scope,
            name: "req-\(number / 8)",
            tag: number.isMultiple(of: 3) ? "request" : nil,
            parent: .root,
            location: location,
            openedAt: self.time(number)
        )
        // A snapshot with more data than its event is stored unpacked.
        if number.isMultiple(of: 50) { opened.books.created = 3 }
        let outcomes: [ScopeOutcome?] = [nil, .returned, .threw(type: "MailError", text: "no route \(number % 5)"), .canceled]
        let kinds: [ResourceEvent.Kind] = [
            .scopeOpened(opened), .initializing, .ready(took: took, order: UInt64(number), dependencies: [ResourceID(1), id]),
            .initializationFailed("no route \(number % 5)", took: took), .dependencyAdded(ResourceID(3)), .disposing,
            .disposed(took: took, lived: took), .disposeThrew("closed", took: took, lived: .zero),
            .abandoned(.dispose, budget: .seconds(10)),
            .abandoned(.initialize, budget: .seconds(30)), .completedLate(.dispose, took: took), .noted("note \(number)"),
            .errorReported("reported"), .leaseSlow(waited: took), .leaseTimedOut(waited: took, message: "2 of 2 leased"), .leaseExhausted,
            .leaseReentrant, .leaseLost(location: location, scope: scope, held: took), .leaseRecovered(location: location, after: took),
            .fellBack(from: "Prices", reason: "down"), .leakSuspected(location: location, scope: nil, held: took),
            .leakWithdrawn(location: location, after: took), .scopeClosing,
            .scopeClosed(disposed: number, threw: number % 2, abandoned: 0, took: took, outcome: outcomes[number / 24 % outcomes.count]),
        ]
        let kind = kinds[number % kinds.count]
        let isAboutScope =
            switch kind {
            case .scopeOpened, .scopeClosing, .scopeClosed: true
            default: false
            }
        let event = ResourceEvent(
            sequence: UInt64(number + 1),
            time: self.time(number),
            scope: scope,
            resource: isAboutScope ? nil : id,
            binding: isAboutScope ? nil : BindingID(number % 4),
            kind: kind
        )
        return EventLine(event, label: isAboutScope ? "" : "Database", scope: "req-\(number / 8)")
    }

    private func archive(_ count: Int) -> EventArchive {
        var archive = EventArchive()
        for number in 0..<count { archive.append(self.line(number)) }
        return archive
    }

    @Test("Every line of every kind reads back unchanged.")
    func exact() {
        let archive = self.archive(5_000)
        #expect(archive.count == 5_000)
        #expect(archive.enumerated().allSatisfy { $0.element == self.line($0.offset) })
    }

    @Test("Errors, the lines of a resource and line numbers are found as a full scan finds them.")
    func found() {
        let archive = self.archive(3_000)
        #expect(archive.errors == archive.indices.filter { archive[$0].level == .error })
        for id in [1, 17, 70, 99] as [UInt64] {
            #expect(archive.lines(of: ResourceID(id)) == archive.reversed().filter { $0.resource == ResourceID(id) })
        }
        for number in [0, 255, 256, 1_700, 2_999] {
            #expect(archive.number(of: self.line(number)) == number)
            #expect(archive.error(from: number) == archive.errors.first { $0 >= number })
        }
        #expect(archive.number(of: self.line(3_000)) == nil)
    }

    @Test("A prefix contains the lines up to a number and accepts further lines.")
    func prefix() {
        let archive = self.archive(1_000)
        var past = archive.prefix(upTo: 300)
        #expect(past.count == 300)
        #expect(past.errors == archive.errors.filter { $0 < 300 })
        past.append(self.line(300))
        #expect(Array(past) == Array(archive.prefix(301)))
        #expect(archive.count == 1_000)
    }

    @Test("Forgotten lines are removed, and the others keep their numbers.")
    func forgotten() {
        let whole = self.archive(2_000)
        var archive = whole
        archive.forget(before: 700)
        #expect(archive.startIndex == 700)
        #expect(archive.first == whole[700])
        #expect(archive.errors == whole.errors.filter { $0 >= 700 })
        archive.forget(before: 5_000)
        #expect(archive.isEmpty)
        archive.append(self.line(2_000))
        #expect(archive.last == self.line(2_000))
    }

    @Test("Lines beyond the limit of an archive are forgotten, the oldest first.")
    func limit() {
        let whole = self.archive(4 * EventChunk.length)
        var archive = EventArchive()
        archive.limit = whole.weight / 2
        for number in 0..<whole.count { archive.append(self.line(number)) }
        #expect(archive.weight <= archive.limit)
        #expect(archive.startIndex > 0)
        #expect(archive.last == whole.last)
    }

    @Test("Lines older than ten minutes are forgotten.")
    func span() {
        var archive = EventArchive()
        for second in 0..<1_200 {
            let event = ResourceEvent(
                sequence: UInt64(second + 1),
                time: self.time(second * 1_000),
                scope: .root,
                resource: ResourceID(UInt64(second)),
                kind: .disposing
            )
            archive.append(EventLine(event, label: "Part", scope: "app"))
        }
        #expect(archive.count >= 600)
        #expect(archive.count < 600 + 2 * EventChunk.length)
    }

    @Test("Filtered rows follow additions and removals as a full scan would find them.")
    func rows() throws {
        let filter = try Filter("what:disposed")
        var (archive, rows) = (EventArchive(), EventRows())
        for number in 0..<2_000 {
            archive.append(self.line(number))
            if number.isMultiple(of: 37) { rows.refresh(archive, filter) }
            if number == 1_500 { archive.forget(before: 600) }
        }
        rows.refresh(archive, filter)
        let expected = archive.indices.filter { archive[$0].what == "disposed" }
        #expect(Array(rows) == expected)
        rows.refresh(archive.prefix(upTo: 900), filter)
        #expect(Array(rows) == expected.filter { $0 < 900 })
        rows.refresh(archive, filter)
        #expect(Array(rows) == expected)
        rows.refresh(archive, .all)
        #expect(Array(rows) == Array(archive.indices))
    }
}
