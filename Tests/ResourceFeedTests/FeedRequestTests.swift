import ResourceContainer
import ResourceRecording
import Testing

@testable import ResourceFeed

@Suite("Requests to the program behind a feed")
struct FeedRequestTests {
    private static let header = #"{"resmon":1,"container":"shop","uid":1000,"may":["close"]}"#

    @Test("A program states whether clients may close scopes.")
    func permission() {
        var fed = FedReader()
        fed.take(Self.header)
        #expect(fed.header?.attach?.mayAct == true)
        #expect(fed.header?.attach?.commands == ["watch", "closeScope"])
        #expect(fed.header?.attach?.uid == 1000)
        var other = FedReader()
        other.take(shop)
        #expect(other.header?.attach?.mayAct == false)
    }

    @Test("A close is requested by the name of the scope, and its answer has a report of what ended.")
    func close() throws {
        var fed = FedReader()
        fed.take(Self.header, #"{"open":"req \"1\""}"#, #"{"open":"inner","in":"req \"1\""}"#)
        fed.take(#"{"make":"A","id":"a","in":"req \"1\""}"#, #"{"ready":"a"}"#, #"{"make":"B","id":"b","in":"inner"}"#, #"{"ready":"b"}"#)
        let line = try fed.request(AttachRequest(id: 7, command: .closeScope(ScopeID(1), force: false)))
        #expect(line == #"{"do":"close","force":false,"id":7,"scope":"req \"1\""}"# + "\n")
        fed.take(
            #"{"disposed":"b"}"#,
            #"{"close":"inner"}"#,
            #"{"disposed":"a","threw":"no"}"#,
            #"{"close":"req \"1\""}"#,
            #"{"answer":7}"#
        )
        let answer = try #require(fed.answers.first)
        #expect(answer.error == nil)
        #expect(answer.report?.entries.map(\.outcome) == [.threw])
        #expect(answer.report?.children.map(\.name) == ["inner"])
        #expect(answer.report?.children.first?.entries.map(\.label) == ["B"])
        #expect(fed.faults == [])
    }

    @Test("A refusal of the program, and an answer without a close, are errors.")
    func refusals() throws {
        var fed = FedReader()
        fed.take(Self.header, #"{"open":"r"}"#)
        _ = try fed.request(AttachRequest(id: 1, command: .closeScope(ScopeID(1), force: true)))
        _ = try fed.request(AttachRequest(id: 2, command: .closeScope(ScopeID(1), force: true)))
        fed.take(#"{"answer":1,"refused":"it is in use"}"#, #"{"answer":2}"#)
        #expect(fed.answers.map(\.error) == ["it is in use", "the program answered, but did not close the scope"])
    }

    @Test("Other commands, and closes of scopes that are not open, are not sent.")
    func unsent() {
        var fed = FedReader()
        fed.take(Self.header)
        #expect(throws: FeedRequestRefusal("a feed has no checkHealth")) {
            try fed.request(AttachRequest(id: 1, command: .checkHealth(nil)))
        }
        #expect(throws: FeedRequestRefusal("scope 5 is not open")) {
            try fed.request(AttachRequest(id: 1, command: .closeScope(ScopeID(5), force: false)))
        }
    }
}
