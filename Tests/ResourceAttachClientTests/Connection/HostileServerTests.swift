import Foundation
import ResourceContainer
import ResourceRecording
import ResourceSimulation
import Testing

@testable import ResourceAttachClient

/// A server that sends valid lines, damaged ones, and garbage.
private struct HostileServer {
    private var random: SeededRandom

    init(seed: UInt64) {
        self.random = SeededRandom(seed: seed)
    }

    /// The bytes of one connection, made from the lines of a valid one.
    mutating func stream(from valid: [[UInt8]]) -> [UInt8] {
        var lines = valid
        if Bool.random(using: &self.random) { lines = Array(lines.prefix(Int.random(in: 0...lines.count, using: &self.random))) }
        for _ in 0..<Int.random(in: 0...6, using: &self.random) { self.change(&lines) }
        var bytes = lines.flatMap { $0 }
        if Int.random(in: 0..<4, using: &self.random) == 0 { bytes.removeLast(Int.random(in: 0...bytes.count, using: &self.random)) }
        return bytes
    }

    private mutating func change(_ lines: inout [[UInt8]]) {
        let place = Int.random(in: 0...lines.count, using: &self.random)
        let index = lines.indices.randomElement(using: &self.random)
        switch Int.random(in: 0..<8, using: &self.random) {
        case 0: lines.insert(self.garbage(), at: place)
        case 1:
            if let index, !lines[index].isEmpty {
                lines[index][Int.random(in: lines[index].indices, using: &self.random)] = UInt8.random(in: 0...255, using: &self.random)
            }
        case 2: if let index { lines.remove(at: index) }
        case 3: if let index { lines.insert(lines[index], at: place) }
        case 4: lines.shuffle(using: &self.random)
        case 5: if let index { lines[index] = self.otherNumbers(lines[index]) }
        case 6:
            lines.insert([UInt8](repeating: UInt8(ascii: "["), count: Int.random(in: 0...5_000, using: &self.random)) + [0x0A], at: place)
        default: if let index { lines[index].removeLast(Int.random(in: 0...lines[index].count, using: &self.random)) }
        }
    }

    private mutating func garbage() -> [UInt8] {
        (0..<Int.random(in: 0...200, using: &self.random)).map { _ in UInt8.random(in: 0...255, using: &self.random) } + [0x0A]
    }

    /// The line with other digits and a valid checksum, as only a server that means harm sends.
    private mutating func otherNumbers(_ line: [UInt8]) -> [UInt8] {
        guard line.count > 20 else { return line }
        var bytes = Array(line.dropLast(19))
        let digits = bytes.indices.filter { (0x30...0x39).contains(bytes[$0]) }
        for _ in 0..<Int.random(in: 1...8, using: &self.random) {
            guard let digit = digits.randomElement(using: &self.random) else { break }
            bytes[digit] = UInt8.random(in: 0x30...0x39, using: &self.random)
        }
        let sum = String(Self.checksum(bytes), radix: 16)
        return bytes + Array(#","crc":"\#(String(repeating: "0", count: 8 - sum.count))\#(sum)"}"#.utf8) + [0x0A]
    }

    /// The CRC-32 of zlib, bit by bit.
    private static func checksum(_ bytes: [UInt8]) -> UInt32 {
        var sum = UInt32.max
        for byte in bytes {
            sum ^= UInt32(byte)
            for _ in 0..<8 { sum = sum & 1 == 1 ? sum >> 1 ^ 0xEDB8_8320 : sum >> 1 }
        }
        return ~sum
    }
}

@Suite("A hostile server")
struct HostileServerTests {
    /// The lines of three valid streams of one run, one after the other in time, with every kind of line.
    private static func valid() throws -> [[[UInt8]]] {
        let description = ServedStream.description(may: ["watch", "act"], past: 1_000_000_000)
        let served = try ServedStream(description)
        return try (0..<3).map { stream in
            var bytes = try stream == 0 ? served.begin() : served.reconnect(description)
            for step in 0..<12 {
                bytes += try served.turn()
                switch step % 4 {
                case 0: bytes += try served.beat()
                case 1: bytes += try served.answer(AttachAnswer(id: step, report: DisposeReport(scope: ScopeID(1), name: "work")))
                case 2: bytes += try served.report()
                default: bytes += try served.beat(AttachBeat(waitingNanoseconds: 2_000_000_000))
                }
            }
            if stream == 2 { bytes += try served.end("over") }
            return bytes.split(separator: 0x0A).map { Array($0) + [0x0A] }
        }
    }

    @Test("For any bytes of a server, the client does not crash, shows balanced books only, and keeps a bounded number of gaps.")
    func anything() throws {
        let valid = try Self.valid()
        for seed in 0..<Soak.count(300, full: 10_000) {
            var server = HostileServer(seed: UInt64(seed))
            var fed = FedFigures()
            var process = AttachedProcess(at: TimeSource.Instant(nanoseconds: 0))
            for (connection, lines) in valid.enumerated() {
                let now = TimeSource.Instant(nanoseconds: Int64(connection) * 1_000_000_000)
                process.opened(at: now)
                self.feed(server.stream(from: lines), to: &fed, &process, at: now)
                if let update = fed.figures.update() {
                    let books = update.totals.books
                    let sum = books.active + books.disposed + books.initFailed + books.abandoned
                    #expect(books.created == sum, "seed \(seed)")
                }
                fed.reconnect()
                process.lost("closed", isAlive: true, last: fed.figures.time, at: now)
            }
            let gaps = fed.figures.takeGaps()
            #expect(gaps.count <= 2, "seed \(seed)")
        }
    }

    /// Feeds bytes in pieces, as a socket delivers them, until the stream cannot be continued.
    private func feed(_ bytes: [UInt8], to fed: inout FedFigures, _ process: inout AttachedProcess, at now: TimeSource.Instant) {
        var rest = bytes[...]
        do {
            while !rest.isEmpty {
                try fed.feed(Array(rest.prefix(700)))
                rest = rest.dropFirst(700)
                if let instance = fed.figures.description?.instance { _ = process.greeted(by: instance, last: fed.figures.time, at: now) }
                process.heard(at: now)
            }
        } catch {
            if error.isFinal { process.refuse(error.description) }
        }
    }

    @Test("A stream without a header is refused, and one with a damaged line is not continued.")
    func faults() throws {
        let valid = try Self.valid()[0]
        var reader = StreamReader()
        let noStream = #expect(throws: StreamFault.self) { try reader.take(Array("HTTP/1.1 400 Bad Request\r\n".utf8)[...]) }
        #expect(noStream?.isFinal == true)
        var second = StreamReader()
        _ = try second.take((valid[0] + valid[1])[...])
        let damaged = #expect(throws: StreamFault.self) { try second.take(valid[4][...]) }
        #expect(damaged?.isFinal == false)
    }

    @Test("A recording of another major version is refused with its version.")
    func version() throws {
        var header = ServedStream.header(ServedStream.description())
        header.version = "2.0"
        var stream = RecordingStream()
        let line = try stream.header(header, at: TimeSource.Instant(nanoseconds: 0))
        var reader = StreamReader()
        let fault = #expect(throws: StreamFault.self) { try reader.take(line[...]) }
        #expect(fault?.isFinal == true)
        #expect(fault?.description.contains("2.0") == true)
    }

    @Test("A server that answers a probe with anything has a problem or figures.")
    func probes() throws {
        let valid = try Self.valid()
        for seed in 0..<Soak.count(300, full: 10_000) {
            var server = HostileServer(seed: UInt64(seed))
            var answer = ProbeAnswer()
            answer.take(server.stream(from: valid[seed % valid.count])[...])
            answer.end()
            #expect(answer.isComplete, "seed \(seed)")
            #expect(answer.problem != nil || answer.summary != nil, "seed \(seed)")
        }
    }
}
