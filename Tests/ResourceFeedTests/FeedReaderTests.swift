import ResourceContainer
import ResourceMonitoring
import ResourceRecording
import Testing

@testable import ResourceFeed

@Suite("The reader of a feed")
struct FeedReaderTests {
    @Test("A feed becomes a container with its scopes, instances, and books.")
    func container() throws {
        var fed = FedReader()
        fed.take(shop, #"{"open":"req-1","in":"app","tag":"request"}"#, #"{"make":"Database","id":"d1","in":"app"}"#)
        fed.take(#"{"ready":"d1","took":0.012}"#, #"{"make":"Cart","id":"c1","in":"req-1","needs":["d1"]}"#, #"{"ready":"c1"}"#)
        #expect(fed.faults == [])
        #expect(fed.header?.container == "shop")
        #expect(fed.header?.origin == "feed of python")
        let picture = try #require(fed.picture)
        #expect(picture.scopes.map(\.scope.name) == ["app", "req-1"])
        #expect(picture.scopes.last?.scope.tag == "request")
        #expect(picture.bindings.map(\.binding.type) == ["Database", "Cart"])
        #expect(picture.resources.map(\.resource.state) == [.ready, .ready])
        #expect(picture.resources.last?.resource.dependencies == [ResourceID(1)])
        #expect(fed.books.created == 2)
        #expect(fed.books.ready == 2)
        fed.take(
            #"{"disposed":"c1","took":0.001}"#,
            #"{"close":"req-1","outcome":"returned"}"#,
            #"{"disposed":"d1","threw":"broken pipe"}"#
        )
        #expect(fed.faults == [])
        #expect(fed.books.disposed == 2)
        #expect(fed.books.errors == 1)
        #expect(fed.books.active == 0)
        #expect(fed.replay?.openScopes == 0)
    }

    @Test("Durations are the stated ones, and computed where a line states none.")
    func durations() throws {
        var fed = FedReader()
        fed.take(shop, #"{"make":"A","id":"a"}"#, #"{"make":"B","id":"b"}"#)
        fed.pass(2)
        fed.take(#"{"ready":"a","took":0.5}"#, #"{"ready":"b"}"#)
        fed.pass(3)
        fed.take(#"{"disposing":"a"}"#)
        fed.pass(1)
        fed.take(#"{"disposed":"a"}"#)
        let took = fed.events.compactMap { event in if case .ready(let took, _, _) = event.kind { took } else { nil as Duration? } }
        #expect(took == [.milliseconds(500), .seconds(2)])
        let ends = fed.events.compactMap { event in
            if case .disposed(let took, let lived) = event.kind { [took, lived] } else { nil as [Duration]? }
        }
        #expect(ends == [[.seconds(1), .seconds(3)]])
        #expect(fed.faults == [])
    }

    @Test("An instance that its scope leaves undisposed is abandoned, and a finding states that.")
    func leftBehind() throws {
        var fed = FedReader()
        fed.take(shop, #"{"open":"req-1"}"#, #"{"make":"Session","id":"s1","in":"req-1"}"#, #"{"ready":"s1"}"#)
        fed.take(#"{"make":"Slow","id":"s2","in":"req-1"}"#, #"{"close":"req-1"}"#)
        #expect(fed.faults == [])
        #expect(fed.books.abandoned == 1)
        #expect(fed.books.initFailed == 1)
        #expect(fed.books.active == 0)
        #expect(fed.books.isBalanced)
        #expect(fed.findings == [.abandoned])
        let evidence = try #require(fed.replay?.groupedFindings.first).evidence
        #expect(evidence.contains(ResourceEvent.droppedText))
    }

    @Test("A pool shows the figures of its line, and one that is no instance becomes one.")
    func pools() throws {
        var fed = FedReader()
        fed.take(shop, #"{"pool":"db","max":20,"used":18,"idle":1,"waiting":6,"created":40,"leases":90,"timeouts":2}"#)
        fed.pass(1)
        let pool = try #require(fed.replay?.pools.first)
        #expect(pool.name == "db")
        #expect(pool.leased == 18)
        #expect(pool.maximum == 20)
        #expect(pool.waiting == 6)
        #expect(pool.closed == 21)
        #expect(pool.leases == 90)
        #expect(pool.timedOut == 2)
        #expect(pool.isBalanced)
        #expect(pool.resource == ResourceID(1))
        #expect(fed.books.ready == 1)
        fed.take(#"{"pool":"db","used":30,"idle":20,"created":40}"#)
        fed.pass(1)
        #expect(fed.replay?.pools.first?.leased == 18)
        #expect(fed.notes == ["feed: pool 'db' has 30 used and 20 idle items, but created 40"])
        fed.take(#"{"disposed":"db"}"#)
        fed.pass(1)
        #expect(fed.replay?.pools == [])
        #expect(fed.faults == [])
    }

    @Test("A count of a pool never falls.", arguments: ["created", "leases", "timeouts"])
    func fallingCounts(name: String) {
        var fed = FedReader()
        fed.take(shop, #"{"pool":"db","max":20,"used":1,"created":40,"leases":900,"timeouts":9}"#, #"{"pool":"db","used":2,"\#(name)":5}"#)
        fed.pass(1)
        #expect(fed.notes.count == 1)
        #expect(fed.notes.first?.hasPrefix("feed: pool 'db' had ") == true)
        #expect(fed.replay?.pools.first?.leased == 1)
        #expect(fed.replay?.pools.first?.leases == 900)
        #expect(fed.faults == [])
    }

    @Test("A field that is null is absent, also one that names a kind.")
    func nullFields() {
        var fed = FedReader()
        fed.take(#"{"resmon":1,"container":"shop","end":null,"pid":null}"#)
        fed.take(#"{"make":"D","id":"d","error":null,"pool":null}"#, #"{"ready":"d","pool":null,"took":null}"#, #"{"note":null}"#)
        #expect(fed.books.ready == 1)
        #expect(fed.notes == [])
        #expect(fed.faults == [])
    }

    @Test(
        "A field of the first line that cannot be used is noted, and counts as absent.",
        arguments: [
            #""pid":"x""#, #""pid":-1"#, #""container":"""#, #""may":"close""#, #""uid":"root""#, #""state":1"#, #""started":"now""#,
        ]
    )
    func faultyHeader(field: String) throws {
        var fed = FedReader()
        fed.take(#"{"resmon":1,\#(field)}"#, #"{"open":"r"}"#)
        #expect(fed.picture?.scopes.count == 2)
        #expect(fed.notes.count == 1)
        let name = try #require(field.split(separator: "\"").first)
        #expect(fed.notes.first?.hasPrefix("feed: '\(name)' is ") == true)
        #expect(fed.faults == [])
    }

    @Test("Health and uses are those of the last line.")
    func health() throws {
        var fed = FedReader()
        fed.take(shop, #"{"make":"A","id":"a"}"#, #"{"ready":"a"}"#, #"{"health":"a","is":"unhealthy","text":"no answer","took":0.1}"#)
        fed.take(#"{"use":"a"}"#, #"{"use":"a","times":41}"#, #"{"health":"a","is":"unhealthy","text":"no answer"}"#)
        fed.pass(1)
        #expect(fed.replay?.health?.verdict == .unhealthy)
        #expect(fed.picture?.resources.first?.resource.uses == 41)
        #expect(fed.events.count { if case .healthChanged = $0.kind { true } else { false } } == 1)
        fed.take(#"{"use":"a","times":40}"#)
        #expect(fed.notes == ["feed: instance 'a' was used 41 times, and now 40 times"])
        #expect(fed.faults == [])
    }

    @Test("Lines that are no JSON object are output of the program, also before the first line.")
    func output() {
        var fed = FedReader()
        fed.take("starting …", shop, "Listening on :8080", #"["a"]"#, "", #"{"open":"#, #"{"later":"version"}"#)
        #expect(fed.notes == ["starting …", "Listening on :8080", #"["a"]"#, #"{"open":"#])
        #expect(fed.faults == [])
    }

    @Test(
        "A line that contradicts the lines before it is noted, and changes no figure.",
        arguments: [
            (#"{"disposed":"d9"}"#, "feed: no instance 'd9' is alive"),
            (#"{"make":"Database","id":"d1"}"#, "feed: instance 'd1' is made twice"),
            (#"{"make":"Database","id":"d2","in":"req-9"}"#, "feed: no scope 'req-9' is open"),
            (#"{"ready":"d1"}"#, "feed: instance 'd1' becomes ready twice"),
            (#"{"failed":"d1","text":"no"}"#, "feed: the creation of instance 'd1' fails, but the instance was ready"),
            (#"{"open":"req-1"}"#, "feed: scope 'req-1' is opened twice"),
            (#"{"close":"req-9"}"#, "feed: no scope 'req-9' is open"),
            (#"{"error":"d9","text":"no"}"#, "feed: no instance 'd9' is alive"),
            (#"{"past":"Database","disposals":3}"#, "feed: a line that describes what exists comes after 'live'"),
            (#"{"live":true}"#, "feed: a line that describes what exists comes after 'live'"),
            (#"{"pool":"db","used":1}"#, "feed: pool 'db' has no 'max'"),
            (#"{"make":"Database"}"#, "feed: 'id' is missing"),
            (#"{"make":"Database","id":7}"#, "feed: 'id' is not a text"),
            (#"{"make":"Database","ready":"d1"}"#, "feed: a line has the kinds 'make' and 'ready', but it must have one"),
            (#"{"pool":"db","max":-1}"#, "feed: 'max' is not a whole number from 0 to 1000000000000000"),
            (#"{"pool":"db","max":1e400}"#, "feed: 'max' is not a number"),
            (#"{"ready":"d1","took":-1}"#, "feed: 'took' is not a duration from 0 s to a year"),
            (#"{"health":"d1","is":"fine"}"#, "feed: 'is' is none of healthy, degraded, unhealthy, unknown, error"),
            (shop, "feed: a line that describes what exists comes after 'live'"),
        ]
    )
    func contradictions(line: String, note: String) throws {
        var fed = FedReader()
        fed.take(shop, #"{"open":"req-1"}"#, #"{"make":"Database","id":"d1"}"#, #"{"ready":"d1"}"#)
        let before = try #require(fed.picture)
        fed.take(line)
        let after = try #require(fed.picture)
        #expect(fed.notes == [note])
        #expect(after.totals.books == before.totals.books)
        #expect(after.scopes == before.scopes)
        #expect(after.resources == before.resources)
        #expect(fed.faults == [])
    }

    @Test("An instance that is disposed twice is disposed once, and the second line is noted.")
    func disposedTwice() {
        var fed = FedReader()
        fed.take(shop, #"{"make":"A","id":"a"}"#, #"{"ready":"a"}"#, #"{"disposed":"a"}"#, #"{"disposed":"a"}"#)
        #expect(fed.books.disposed == 1)
        #expect(fed.notes == ["feed: no instance 'a' is alive"])
        #expect(fed.faults == [])
    }

    @Test("A scope that closes before a scope inside it closes both, and that is noted.")
    func nestedClose() {
        var fed = FedReader()
        fed.take(
            shop,
            #"{"open":"a"}"#,
            #"{"open":"b","in":"a"}"#,
            #"{"make":"X","id":"x","in":"b"}"#,
            #"{"ready":"x"}"#,
            #"{"close":"a"}"#
        )
        #expect(fed.replay?.openScopes == 0)
        #expect(fed.books.abandoned == 1)
        #expect(fed.notes == ["feed: scope 'a' closed before a scope inside it"])
        #expect(fed.faults == [])
    }

    @Test("A step that is longer than its instance exists has the computed duration, and is noted.")
    func tooLong() {
        var fed = FedReader()
        fed.take(shop, #"{"make":"A","id":"a"}"#)
        fed.pass(1)
        fed.take(#"{"ready":"a","took":60}"#)
        #expect(fed.notes == ["feed: a step of instance 'a' took 60 s, but the instance exists for 1 s"])
        #expect(fed.faults == [])
    }

    @Test("The end of the program ends the stream, with its reason.")
    func end() {
        var fed = FedReader()
        fed.take(shop, #"{"make":"A","id":"a"}"#, #"{"end":"stopped by a signal"}"#, #"{"make":"A","id":"b"}"#)
        #expect(fed.end?.reason == "stopped by a signal")
        #expect(fed.books.created == 1)
        #expect(fed.faults == [])
    }

    @Test("A feed of another version is refused.")
    func version() {
        var fed = FedReader()
        fed.take(#"{"resmon":2,"container":"shop"}"#, #"{"make":"A","id":"a"}"#)
        #expect(fed.answers.map(\.error) == ["the feed has version 2, and this resmon reads version 1"])
        #expect(fed.header == nil)
    }

    @Test("Instances count as never used only in a feed that states uses.", arguments: [(false, [Finding.Kind]()), (true, [.neverUsed])])
    func neverUsed(states: Bool, findings: [Finding.Kind]) {
        var fed = FedReader()
        fed.take(#"{"resmon":1,"container":"shop","uses":\#(states)}"#, #"{"make":"A","id":"a"}"#, #"{"ready":"a"}"#)
        fed.pass(400)
        #expect(fed.findings == findings)
    }

    @Test("A feed has the figures of a monitor where they are wanted.")
    func reports() {
        var fed = FedReader(writesReports: true)
        fed.take(shop, #"{"make":"A","id":"a"}"#)
        fed.pass(1)
        #expect(fed.reports.last?.overall.resourcesCreated == 1)
        #expect(fed.faults == [])
    }
}
