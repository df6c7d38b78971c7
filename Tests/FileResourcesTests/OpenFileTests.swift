import FileResources
import Foundation
import ResourceContainer
import Testing

@Suite("File handles")
struct OpenFileTests {
    @Test("Reads continue where the last read ended, up to the end of the file.")
    func consecutiveReads() async throws {
        try await withStore { store in
            try await store.write("abcdefgh", to: "data.txt")
            let pieces = try await store.withFile("data.txt", .read) { file in
                var pieces: [String] = []
                while true {
                    let bytes = try await file.read(upToCount: 3)
                    if bytes.isEmpty { return pieces }
                    pieces.append(String(decoding: bytes, as: UTF8.self))
                }
            }
            #expect(pieces == ["abc", "def", "gh"])
            #expect(store.descriptors == [])
        }
    }

    @Test("Handles of one file have separate positions and do not affect each other.")
    func positions() async throws {
        try await withStore { store in
            try await store.write("abcdefgh", to: "data.txt")
            let (first, second) = (try await store.open("data.txt", .read), try await store.open("data.txt", .read))
            #expect(store.descriptors.count == 1)
            #expect(try await first.read(upToCount: 3) == Array("abc".utf8))
            #expect(try await second.read(upToCount: 2) == Array("ab".utf8))
            #expect(try await first.read(upToCount: 3) == Array("def".utf8))
            second.seek(to: 6)
            #expect(try await second.read(upToCount: .max) == Array("gh".utf8))
            #expect(try await first.read(at: 1, upToCount: 1) == Array("b".utf8))
            #expect(first.position == 6)
            #expect(second.position == 8)
            #expect(try await first.readToEnd() == Array("gh".utf8))
            #expect(try await first.read(upToCount: 1) == [])
            try await first.close()
            try await second.close()
        }
    }

    @Test("Two concurrent readers of one file both read all of it.")
    func independentReaders() async throws {
        try await withStore { store in
            let bytes = (0..<300_000).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ $0 / 256) }
            try await store.write(bytes, to: "data")
            try await withThrowingTaskGroup(of: [UInt8].self) { group in
                for size in [1_000, 777, 4_096, 65_536] {
                    group.addTask {
                        try await store.withFile("data", .read) { file in
                            var all: [UInt8] = []
                            for try await chunk in file.chunks(of: size) { all += chunk }
                            return all
                        }
                    }
                }
                for try await all in group { #expect(all == bytes) }
            }
        }
    }

    @Test("Concurrent reads of one handle run one after the other, and every byte is read once.")
    func oneHandleManyTasks() async throws {
        try await withStore { store in
            try await store.write(Array(0..<200), to: "data")
            let file = try await store.open("data", .read)
            let all = try await withThrowingTaskGroup(of: [UInt8].self) { group in
                for _ in 0..<40 { group.addTask { try await file.read(upToCount: 5) } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(all.flatMap { $0 }.sorted() == Array(0..<200))
            #expect(all.allSatisfy { $0.count == 5 && $0[4] == $0[0] + 4 })
            try await file.close()
        }
    }

    @Test("write empties the file and continues where it stopped, readWrite keeps the content, and append writes at the end.")
    func modes() async throws {
        try await withStore { store in
            try await store.withFile("data", .write) { file in
                try await file.write("one ")
                try await file.write("two")
            }
            #expect(try await store.read("data") == "one two")
            try await store.withFile("data", .readWrite) { file in
                #expect(try await file.read(upToCount: 4) == Array("one ".utf8))
                try await file.write("2")
                try await file.write(Array("!".utf8), at: 6)
                #expect(try await file.read(upToCount: 2) == Array("w!".utf8))
            }
            #expect(try await store.read("data") == "one 2w!")
            try await store.withFile("data", .append) { file in
                file.seek(to: 0)
                try await file.write("+")
                try await file.write("++")
                #expect(try await file.size() == 10)
            }
            #expect(try await store.read("data") == "one 2w!+++")
            try await store.withFile("data", .write) { try await $0.write("x") }
            #expect(try await store.read("data") == "x")
            for mode in [FileMode.write, .append, .readWrite] {
                try await store.withFile("new/\(mode)", mode) { try await $0.write("made") }
                #expect(try await store.read("new/\(mode)") == "made")
            }
            #expect(await refusal { _ = try await store.open("gone", .read) }?.code == .notFound)
        }
    }

    @Test("Concurrent appends are not interleaved.")
    func appending() async throws {
        try await withStore { store in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<20 {
                    group.addTask {
                        try await store.withFile("log", .append) { file in
                            for _ in 0..<10 { try await file.write("\(String(repeating: "\(number % 10)", count: 50))\n") }
                        }
                    }
                }
                try await group.waitForAll()
            }
            let lines = try await store.read("log").split(separator: "\n")
            #expect(lines.count == 200)
            #expect(lines.allSatisfy { $0.count == 50 && Set($0).count == 1 })
        }
    }

    @Test("A file can be cut off and extended, and its size is reported.")
    func sizes() async throws {
        try await withStore { store in
            try await store.withFile("data", .readWrite) { file in
                try await file.write("abcdef")
                try await file.truncate(to: 2)
                #expect(try await file.size() == 2)
                try await file.truncate(to: 4)
                #expect(try await file.read(at: 0, upToCount: 10) == Array("ab\0\0".utf8))
                try await file.synchronize()
                #expect(await refusal { try await file.truncate(to: -1) } != nil)
                #expect(await refusal { _ = try await file.read(at: -1, upToCount: 1) } != nil)
                #expect(await refusal { try await file.write([1], at: -1) } != nil)
                #expect(try await file.read(at: .max, upToCount: .max) == [])
                #expect(try await file.read(upToCount: -1) == [])
                file.seek(to: -5)
                #expect(file.position == 0)
            }
        }
    }

    @Test("Operations that the mode does not permit are refused.")
    func wrongMode() async throws {
        try await withStore { store in
            try await store.write("x", to: "data")
            try await store.withFile("data", .read) { file in
                let error = await refusal { try await file.write("y") }
                #expect(error?.code == .wrongMode)
                #expect(error?.description == "cannot write data: it was opened in mode read")
                #expect(await refusal { try await file.truncate(to: 0) }?.code == .wrongMode)
            }
            for mode in [FileMode.write, .append] {
                try await store.withFile("data", mode) { file in
                    #expect(await refusal { _ = try await file.read(upToCount: 1) }?.code == .wrongMode)
                }
            }
            try await store.withFile("data", .append) { file in
                #expect(await refusal { try await file.write([1], at: 0) }?.code == .wrongMode)
            }
        }
    }

    @Test("Closing twice does nothing; a closed handle refuses operations, and other handles of the file continue.")
    func closing() async throws {
        let closes = Counter()
        var calls = FileSystemCalls()
        let close = calls.close
        calls.close = {
            closes.add()
            return close($0)
        }
        try await withStore(calls: calls) { store in
            try await store.write("abc", to: "data")
            let before = closes.value
            let (first, second) = (try await store.open("data", .readWrite), try await store.open("data", .readWrite))
            try await first.close()
            try await first.close()
            #expect(first.isClosed)
            #expect(!second.isClosed)
            #expect(closes.value == before)
            #expect(store.openFiles() == [FileStore.OpenFileInfo(first)])
            for operation in [
                { _ = try await first.read(upToCount: 1) }, { try await first.write("x") }, { _ = try await first.size() },
                { try await first.truncate(to: 0) }, { try await first.synchronize() }, { for try await _ in first.lines() {} },
            ] as [() async throws -> Void] {
                let error = await refusal(operation)
                #expect(error?.code == .closed)
                #expect(error?.description.hasSuffix(" data: it has been closed; open it again") == true)
            }
            #expect(try await second.readToEnd() == Array("abc".utf8))
            try await second.close()
            try await second.close()
            #expect(closes.value == before + 1)
            #expect(store.descriptors == [])
            #expect(store.poolSample().leased == 0)
        }
    }

    @Test("The last handle reports the error of closing.")
    func closingFails() async throws {
        let fails = Shared(false)
        var calls = FileSystemCalls()
        let close = calls.close
        calls.close = { file in
            let result = close(file)
            guard fails.withLock({ $0 }) else { return result }
            errno = EDQUOT
            return -1
        }
        try await withStore(calls: calls) { store in
            let file = try await store.open("data", .write)
            fails.withLock { $0 = true }
            let error = await refusal { try await file.close() }
            fails.withLock { $0 = false }
            #expect(error?.code == .noSpace)
            #expect(error?.action == "close")
            #expect(store.descriptors == [])
            #expect(store.poolSample().leased == 0)
            try await file.close()
        }
    }

    @Test("withFile closes the file when its body throws, and rethrows the error.")
    func throwing() async throws {
        struct Stop: Error {}
        try await withStore { store in
            await #expect(throws: Stop.self) { try await store.withFile("data", .write) { _ in throw Stop() } }
            #expect(store.descriptors == [])
            #expect(store.poolSample().leased == 0)
        }
    }

    @Test("Lines are returned without their ends, including a last line without one.")
    func lines() async throws {
        try await withStore { store in
            try await store.write("one\r\ntwo\n\nfour é", to: "text")
            try await store.withFile("text", .read) { file in
                var lines: [String] = []
                for try await line in file.lines() { lines.append(line) }
                #expect(lines == ["one", "two", "", "four é"])
                #expect(file.position == 0)
                file.seek(to: 5)
                lines = []
                for try await line in file.lines() { lines.append(line) }
                #expect(lines == ["two", "", "four é"])
            }
        }
    }

    @Test("A file of many lines is read without keeping it in memory, and iterations do not affect each other.")
    func manyLines() async throws {
        try await withStore { store in
            let text = (0..<20_000).map { "line \($0)\n" }.joined()
            try await store.write(text, to: "text")
            try await store.withFile("text", .read) { file in
                var (first, second) = (file.lines().makeAsyncIterator(), file.lines().makeAsyncIterator())
                for number in 0..<20_000 {
                    let lines = (try await first.next(), try await second.next())
                    if lines.0 != "line \(number)" || lines.1 != "line \(number)" { Issue.record("\(lines) at \(number)") }
                }
                #expect(try await first.next() == nil)
                #expect(try await first.next() == nil)
            }
        }
    }

    @Test("A line that is not UTF-8 or too long is an error that names the line.")
    func badLines() async throws {
        try await withStore { store in
            try await store.write(Array("good\n".utf8) + [0xFF, 0x0A], to: "bytes")
            let error = await refusal { try await store.withFile("bytes", .read) { file in for try await _ in file.lines() {} } }
            #expect(error?.description == "cannot read bytes: line 2 is not UTF-8")
            try await store.write("12345\n123456", to: "long")
            let tooLong = await refusal {
                try await store.withFile("long", .read) { file in for try await _ in file.lines(maximumLength: 5) {} }
            }
            #expect(tooLong?.code == .tooLarge)
            #expect(tooLong?.reason.hasPrefix("line 2 exceeds the maximum length of 5 bytes") == true)
        }
    }
}

extension FileStore.OpenFileInfo {
    /// The file of one user.
    fileprivate init(_ file: OpenFile) {
        self.init(name: file.name, mode: file.mode, users: 1)
    }
}
