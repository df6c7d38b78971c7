import Foundation

@testable import ResourceRecording

/// A recording that is composed line by line and always has valid checksums.
struct WrittenRecording {
    /// The body of every line, with its kind and its time in milliseconds.
    var lines: [(kind: String, milliseconds: Int, body: String)]

    private static let books =
        #"{"abandoned":0,"created":0,"disposed":0,"disposing":0,"errors":0,"initFailed":0,"initialising":0,"ready":0}"#

    /// A container `app` in which a scope is opened, an instance of `Cart` is created and disposed, and the scope is closed.
    static let plain = WrittenRecording(lines: [
        (
            "header", 0,
            #"{"clockOffsetSeconds":0,"clockOriginNanoseconds":1767268800000000000,"container":"app","format":"resmon recording","#
                + #""origin":"written","rules":{"allowed":[],"errorBurst":10,"failuresInARow":3,"flapChanges":4,"quietAfter":60000000000,"#
                + #""scopeAtLeast":30000000000,"scopeFactor":3,"scopeHistory":20,"slowDispose":1000000000,"slowInitialise":1000000000,"#
                + #""starvedAfter":5000000000,"stormRate":50,"transients":1000,"unusedAfter":300000000000},"version":"1.0"}"#
        ),
        (
            "snapshot", 0,
            #"{"bindings":[],"books":\#(Self.books),"closedScopes":0,"container":"app","pools":[],"resources":[],"scopes":[{"books":"#
                + #"\#(Self.books),"id":0,"name":"app","openedAt":0,"place":{"file":"App/App.swift","line":1},"state":"open"}],"sequence":1,"time":0}"#
        ),
        (
            "input", 250,
            #"{"events":[{"b":0,"k":"bound","n":2,"row":{"allowsFaults":false,"books":\#(Self.books),"id":0,"lifetime":{"scoped":{}},"#
                + #""place":{"file":"App/App.swift","line":2},"tags":{},"type":"Cart"},"s":0,"t":1000000},"#
                + #"{"file":"App/App.swift","k":"opened","line":3,"n":3,"name":"req-1","parent":0,"s":1,"t":2000000},"#
                + #"{"b":0,"k":"initialising","n":4,"r":1,"s":1,"t":3000000},"#
                + #"{"b":0,"k":"ready","n":5,"order":1,"r":1,"s":1,"t":4000000,"took":1000000}],"samples":{}}"#
        ),
        ("input", 500, #"{"samples":{"uses":[1,2]}}"#),
        (
            "input", 750,
            #"{"events":[{"k":"closing","n":6,"s":1,"t":600000000},{"b":0,"k":"disposing","n":7,"r":1,"s":1,"t":600000000},"#
                + #"{"b":0,"k":"disposed","lived":596000000,"n":8,"r":1,"s":1,"t":601000000,"took":1000000},"#
                + #"{"abandoned":0,"disposed":1,"k":"closed","n":9,"s":1,"t":601000000,"threw":0,"took":1000000}],"samples":{}}"#
        ),
        ("end", 750, "{}"),
    ])

    /// Returns a copy in which a text in one line, counted from 1, is replaced with another.
    func replacing(_ text: String, with other: String, inLine line: Int) -> WrittenRecording {
        var changed = self
        changed.lines[line - 1].body = self.lines[line - 1].body.replacing(text, with: other)
        precondition(changed.lines[line - 1].body != self.lines[line - 1].body, "there is no \(text) in line \(line)")
        return changed
    }

    /// The lines of the file, without their line ends.
    var encoded: [[UInt8]] {
        self.lines.enumerated().map { number, line in
            let bytes = Array(#"{"n":\#(number),"t":\#(line.milliseconds)000000,"kind":"\#(line.kind)","body":\#(line.body)"#.utf8)
            let digits = String(Checksum.of(bytes), radix: 16)
            return bytes + Array(#","crc":"\#(String(repeating: "0", count: 8 - digits.count))\#(digits)"}"#.utf8)
        }
    }

    /// The contents of the file, with the given line end after every line.
    func data(lineEnd: String = "\n") -> Data {
        Data(self.encoded.flatMap { $0 + Array(lineEnd.utf8) })
    }
}

/// A file for one test, removed at its end.
final class TestFile: Sendable {
    let path = NSTemporaryDirectory() + "resmon-\(UUID().uuidString).jsonl"

    init(_ data: Data) throws {
        try data.write(to: URL(fileURLWithPath: self.path))
    }

    deinit {
        try? FileManager.default.removeItem(atPath: self.path)
    }

    /// The verdict of `check` on the file.
    var verdict: RecordingVerdict {
        get throws(RecordingError) { try RecordingVerdict(path: self.path, limits: RecordingLimits()) }
    }

    /// The result of reading the file to its end.
    var survey: RecordingSurvey {
        get throws {
            var cursor = RecordingCursor(try RecordingFile(path: self.path))
            while try cursor.nextInput() != nil {}
            return cursor.survey
        }
    }
}
