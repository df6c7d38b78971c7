import ResourceContainer
import Testing

@testable import ResourceRecording

@Suite("Lines of a recording")
struct RecordingLineTests {
    private let line = RecordingLine(
        number: 7,
        time: TimeSource.Instant(nanoseconds: -5),
        kind: .input,
        body: Array(#"{"text":"a \"crc\" } Ünï"}"#.utf8)
    )

    @Test("A line is read as it was written.")
    func roundTrip() throws {
        let bytes = self.line.bytes
        #expect(bytes.last == UInt8(ascii: "\n"))
        #expect(try RecordingLine(parsing: bytes.dropLast()) == self.line)
    }

    @Test("The checksum is the standard CRC-32.")
    func checksum() {
        #expect(Checksum.of("123456789".utf8) == 0xCBF4_3926)
    }

    @Test("A line with any bit flipped, or cut off anywhere, is refused.")
    func damage() {
        let bytes = Array(self.line.bytes.dropLast())
        for index in bytes.indices {
            for bit in 0..<8 {
                var damaged = bytes
                damaged[index] ^= 1 << UInt8(bit)
                // The case of a checksum digit is irrelevant.
                if let read = try? RecordingLine(parsing: damaged[...]) { #expect(read == self.line) }
            }
            #expect(throws: RecordingLine.Fault.self) { try RecordingLine(parsing: bytes[..<index]) }
        }
    }
}
