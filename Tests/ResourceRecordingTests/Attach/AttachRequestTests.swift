import Foundation
import ResourceContainer
import ResourceSimulation
import Testing

@testable import ResourceRecording

@Suite("Requests of the attach protocol")
struct AttachRequestTests {
    private static let commands: [AttachCommand] = [
        .watch(.full, last: nil), .watch(.summary, last: nil), .watch(.report, last: nil), .watch(.past, last: .seconds(600)),
        .openScope(in: .root, name: nil), .openScope(in: ScopeID(7), name: "by \"hand\"\n\u{1B}[2J"),
        .closeScope(ScopeID(.max), force: true), .closeScope(ScopeID(3), force: false), .get(BindingID(2), in: ScopeID(1)),
        .checkHealth(nil), .checkHealth(ResourceID(9)), .lease(ResourceID(4)), .release, .releaseAll, .breakLease(ResourceID(4)),
        .inject(.failInitialize, BindingID(0)), .inject(.hangInitialize, BindingID(0)),
        .inject(.slowInitialize(.milliseconds(1500)), BindingID(1)), .inject(.failDispose, BindingID(0)),
        .inject(.hangDispose, BindingID(0)),
    ]

    private static func parsed(_ text: String) -> Result<AttachRequest, AttachRequestFault> {
        do {
            return .success(try AttachRequest(parsing: Array(text.utf8)[...]))
        } catch {
            return .failure(error)
        }
    }

    @Test("A request is read as it was written, on one line.", arguments: Self.commands)
    func roundTrip(_ command: AttachCommand) throws {
        let request = AttachRequest(id: 7, command: command)
        let line = request.line
        #expect(line.firstIndex(of: 0x0A) == line.count - 1)
        #expect(try AttachRequest(parsing: line.dropLast()) == request)
    }

    @Test("Every command has a name.")
    func names() {
        #expect(Set(Self.commands.map(\.name)) == Set(AttachCommand.Name.allCases))
    }

    @Test("Requests have the documented form, in any order of fields and with fields that are not known.")
    func documented() {
        let watch = AttachRequest(id: 1, command: .watch(.full, last: nil))
        #expect(String(decoding: watch.line, as: UTF8.self) == #"{"id":1,"do":"watch","mode":"full"}"# + "\n")
        let close = AttachRequest(id: 7, command: .closeScope(ScopeID(12), force: false))
        #expect(String(decoding: close.line, as: UTF8.self) == #"{"id":7,"do":"closeScope","scope":12,"force":false}"# + "\n")
        #expect(Self.parsed(#" {"mood":[1], "scope":12, "do":"closeScope", "id":7} "#) == .success(close))
        #expect(Self.parsed(#"{"do":"watch","id":1}"#) == .success(watch))
    }

    @Test(
        "A line that is not a request is refused with the reason, and with its number if that is readable.",
        arguments: [
            ("", nil, "the line is not a JSON object with an 'id' and a 'do'"),
            ("[1]", nil, "the line is not a JSON object with an 'id' and a 'do'"),
            (#"{"do":"release"}"#, nil, "the request has no 'id', a whole number"),
            (#"{"id":"7","do":"release"}"#, nil, "the request has no 'id', a whole number"),
            (#"{"id":7}"#, 7, "'do' is missing: the name of a command"),
            (#"{"id":7,"do":5}"#, 7, "'do' is not the name of a command"),
            (#"{"id":7,"do":"closeScope"}"#, 7, "'scope' is missing: the number of a scope"),
            (#"{"id":7,"do":"closeScope","scope":-1}"#, 7, "'scope' is not the number of a scope"),
            (#"{"id":7,"do":"closeScope","scope":1,"force":"yes"}"#, 7, "'force' is not true or false"),
            (#"{"id":7,"do":"get","binding":1.5,"in":0}"#, 7, "'binding' is not the number of a binding"),
            (#"{"id":7,"do":"watch","mode":"all"}"#, 7, "'mode' is none of full, summary, report, past"),
            (#"{"id":7,"do":"watch","lastNanoseconds":-1}"#, 7, "'lastNanoseconds' is below 0"),
            (#"{"id":7,"do":"inject","binding":1,"fault":"slowInitialize"}"#, 7, "slowInitialize needs 'slowNanoseconds', a whole number"),
        ] as [(String, Int?, String)]
    )
    func faults(_ line: String, _ id: Int?, _ reason: String) {
        #expect(Self.parsed(line) == .failure(AttachRequestFault(id: id, reason)))
    }

    @Test("Random lines are refused or read, and never crash.", arguments: 0..<20)
    func random(_ seed: Int) throws {
        var random = SeededRandom(seed: UInt64(seed))
        let lines = Self.commands.map { AttachRequest(id: 3, command: $0).line }
        for _ in 0..<500 {
            var line = lines[Int.random(in: lines.indices, using: &random)]
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                let index = Int.random(in: line.indices, using: &random)
                switch Int.random(in: 0..<4, using: &random) {
                case 0: line[index] ^= 1 << UInt8.random(in: 0..<8, using: &random)
                case 1: line.insert(contentsOf: Array(#"[{"":"#.utf8), at: index)
                case 2 where line.count > 10: line.removeLast(5)
                default: line[index] = .random(in: 0...255, using: &random)
                }
            }
            // A changed line can still be a request. It is then written and read as the same one.
            guard let request = try? AttachRequest(parsing: line[...]) else { continue }
            let again = try AttachRequest(parsing: request.line.dropLast())
            #expect(again == request)
        }
        let deep = Array(String(repeating: #"{"id":"#, count: 10_000).utf8)
        #expect(throws: AttachRequestFault.self) { try AttachRequest(parsing: deep[...]) }
    }
}

@Suite("Lines that would trap in Foundation's decoder")
struct HostileRequestTests {
    private static let fault = AttachRequestFault(id: nil, "the line is not a JSON object with an 'id' and a 'do'")

    /// The bytes of a text in UTF-16, least significant bytes first.
    private static func wide(_ text: String) -> [UInt8] {
        text.utf16.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8(truncatingIfNeeded: $0 >> 8)] }
    }

    @Test("A line in UTF-16 is refused before it is decoded, also if its nesting is hidden behind the byte of a quote.")
    func wideLine() {
        // The character U+2261 has the byte of a quote.
        let line = Self.wide(#"["≡","# + String(repeating: "[", count: 512))
        let marked: [UInt8] = [0xFF, 0xFE] + line
        #expect(throws: Self.fault) { try AttachRequest(parsing: line[...]) }
        #expect(throws: Self.fault) { try AttachRequest(parsing: marked[...]) }
        #expect(throws: Self.fault) { try AttachRequest(parsing: Self.wide(#"{"id":1,"do":"release"}"#)[...]) }
    }

    @Test("A line with a byte order mark is refused.")
    func byteOrderMark() {
        let line: [UInt8] = [0xEF, 0xBB, 0xBF] + Array(#"{"id":1,"do":"release"}"#.utf8)
        #expect(throws: Self.fault) { try AttachRequest(parsing: line[...]) }
    }

    @Test("A line of deeply nested values is refused before it is decoded.")
    func deepNesting() {
        let line = Array(#"{"id":1,"do":"inject","binding":"#.utf8) + Array(repeating: UInt8(ascii: "["), count: 2_000)
        #expect(throws: Self.fault) { try AttachRequest(parsing: line[...]) }
    }
}

@Suite("Splitting a stream into lines")
struct LineSplitterTests {
    private static let text = Array("one\n\ntwo\r\nthree\nrest".utf8)
    private static let lines = ["one", "", "two\r", "three"].map { Array($0.utf8) }

    @Test("The lines do not depend on how the bytes arrive.", arguments: 1...21)
    func chunks(_ length: Int) throws {
        var splitter = LineSplitter(limit: 6)
        var lines: [[UInt8]] = []
        for start in stride(from: 0, to: Self.text.count, by: length) {
            lines += try splitter.take(Self.text[start..<min(Self.text.count, start + length)])
        }
        #expect(lines == Self.lines)
        #expect(splitter.rest == 4)
        let last = try splitter.take(CollectionOfOne(UInt8(ascii: "\n")))
        #expect(last == [Array("rest".utf8)])
        #expect(splitter.rest == 0)
    }

    @Test("A line longer than the limit is refused at once, and is not kept.")
    func tooLong() throws {
        var splitter = LineSplitter(limit: 5)
        let whole = try splitter.take(Array("12345\n123".utf8))
        #expect(whole == [Array("12345".utf8)])
        #expect(throws: LineTooLong(limit: 5)) { try splitter.take(Array("456".utf8)) }
        #expect(splitter.rest == 0)
        #expect(LineTooLong(limit: 5).description == "a line is longer than 5 bytes")
    }
}
