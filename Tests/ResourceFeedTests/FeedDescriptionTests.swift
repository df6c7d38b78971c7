import ResourceContainer
import ResourceMonitoring
import ResourceRecording
import Testing

@testable import ResourceFeed

@Suite("A feed that describes what exists")
struct FeedDescriptionTests {
    static let header = #"{"resmon":1,"container":"shop","instance":"run-1","state":true,"at":5000,"started":4000}"#

    @Test("A newcomer sees what is alive since when, and how many have ended.")
    func newcomer() throws {
        var fed = FedReader()
        fed.now = 100
        fed.take(Self.header, #"{"open":"req-1","at":4990}"#, #"{"make":"Database","id":"d1","at":4500}"#, #"{"ready":"d1","at":4501}"#)
        fed.take(#"{"past":"Database","disposals":38,"failures":1,"errors":2}"#, #"{"past":"Cart","disposals":7}"#)
        #expect(fed.header == nil)
        fed.take(#"{"closed":12,"returned":10,"threw":1}"#, #"{"note":"described"}"#, #"{"live":true}"#)
        let picture = try #require(fed.picture)
        let readyAt = try #require(picture.resources.first?.resource.readyAt)
        let openedAt = try #require(picture.scopes.last?.scope.openedAt)
        #expect(openedAt - readyAt == .seconds(489))
        let root = try #require(picture.scopes.first?.scope.openedAt)
        #expect(readyAt - root == .seconds(501))
        #expect(fed.books.created == 47)
        #expect(fed.books.disposed == 45)
        #expect(fed.books.initFailed == 1)
        #expect(fed.books.errors == 2)
        #expect(fed.replay?.report.closedScopes == 12)
        #expect(fed.notes == ["described"])
        #expect(fed.faults == [])
    }

    @Test("A line that reports what happened before the description is complete is a fault, and is not used.")
    func early() {
        var fed = FedReader()
        fed.take(Self.header, #"{"make":"A","id":"a"}"#, #"{"ready":"a"}"#, #"{"disposed":"a"}"#, #"{"live":true}"#)
        #expect(fed.books.ready == 1)
        #expect(fed.books.disposed == 0)
        #expect(fed.notes == ["feed: a line that reports what happened comes before 'live'"])
        #expect(fed.faults == [])
    }

    @Test("After missed lines the description replaces the state, and figures that grow never decrease.")
    func missed() throws {
        var fed = FedReader()
        fed.take(shop, #"{"open":"r1"}"#, #"{"make":"A","id":"a1"}"#, #"{"ready":"a1"}"#, #"{"make":"A","id":"a2"}"#, #"{"ready":"a2"}"#)
        fed.take(#"{"make":"A","id":"a3"}"#, #"{"ready":"a3"}"#, #"{"disposed":"a3"}"#)
        fed.take(#"{"missed":40}"#, #"{"make":"A","id":"a2"}"#, #"{"ready":"a2"}"#, #"{"make":"A","id":"a4"}"#, #"{"live":true}"#)
        let picture = try #require(fed.picture)
        #expect(picture.resources.map(\.resource.id) == [ResourceID(2), ResourceID(4)])
        #expect(fed.books.created == 4)
        #expect(fed.books.disposed == 2)
        #expect(fed.books.active == 2)
        #expect(fed.replay?.openScopes == 0)
        #expect(fed.replay?.report.closedScopes == 1)
        #expect(fed.faults == [])
        fed.take(#"{"missed":1}"#, #"{"past":"A","disposals":1}"#, #"{"live":true}"#)
        #expect(fed.books.disposed == 4)
        #expect(fed.books.created == 4)
        #expect(fed.notes == ["feed: a figure of what has ended is lower than it was; the earlier one is kept"])
        #expect(fed.faults == [])
    }

    @Test("In a further connection, what is alive keeps its numbers, and figures are those that it describes.")
    func reconnection() throws {
        var fed = FedReader()
        fed.take(Self.header, #"{"open":"r1"}"#, #"{"make":"A","id":"a1"}"#, #"{"ready":"a1"}"#, #"{"live":true}"#)
        fed.take(#"{"make":"B","id":"b1","in":"r1"}"#, #"{"ready":"b1"}"#)
        let first = try #require(fed.picture)
        fed.reconnect()
        fed.pass(5)
        let header = Self.header.replacing("5000", with: "5005")
        fed.take(header, #"{"open":"r1"}"#, #"{"make":"B","id":"b1","in":"r1"}"#, #"{"ready":"b1"}"#)
        fed.take(#"{"past":"A","disposals":1}"#, #"{"live":true}"#)
        let second = try #require(fed.picture)
        #expect(second.resources.map(\.resource.id) == [ResourceID(2)])
        #expect(second.sequence >= first.sequence)
        #expect(second.time >= first.time)
        #expect(fed.books.created == 2)
        #expect(fed.books.disposed == 1)
        #expect(fed.faults == [])
    }

    @Test("A scope that is closed and opened again under its name has another number in a further description.")
    func movedScope() throws {
        var fed = FedReader()
        fed.take(shop, #"{"open":"a"}"#, #"{"open":"b","in":"a"}"#, #"{"make":"X","id":"x","in":"b"}"#)
        fed.take(#"{"missed":0}"#, #"{"open":"c"}"#, #"{"open":"b","in":"c"}"#, #"{"make":"X","id":"x","in":"b"}"#, #"{"live":true}"#)
        let picture = try #require(fed.picture)
        #expect(picture.scopes.map(\.scope.name) == ["app", "c", "b"])
        #expect(picture.resources.map(\.resource.id) == [ResourceID(2)])
        #expect(fed.books.created == 2)
        #expect(fed.faults == [])
    }
}
