import Foundation
import Testing

@testable import ResourceRecording

@Suite("JSON that is written by hand")
struct JSONBytesTests {
    private static func bytes(textLimit: Int = RecordingEncoder.textLimit, _ write: (inout JSONBytes) -> Void) -> [UInt8] {
        var json = JSONBytes(textLimit: textLimit, capacity: 1)
        write(&json)
        return json.bytes
    }

    @Test("Every character is written as JSONEncoder writes it.")
    func characters() throws {
        for block in stride(from: UInt32(0), to: 0x11_0000, by: 0x400) {
            let scalars = (block..<block + 0x400).compactMap { Unicode.Scalar($0) }
            let text = String(String.UnicodeScalarView(scalars))
            let expected = try JSONOracle.bytes(of: text)
            let isSame = Self.bytes { $0.write(text) } == expected
            #expect(isSame, "the characters from \(block)")
        }
    }

    @Test("Numbers are written as JSONEncoder writes them.")
    func numbers() throws {
        var values = RandomValues(seed: 18)
        for _ in 0..<4_000 {
            let number = values.number()
            let signed: Int64 = values.integer()
            let unsigned: UInt64 = values.integer()
            let expected = try [JSONOracle.bytes(of: number), JSONOracle.bytes(of: signed), JSONOracle.bytes(of: unsigned)]
            let written = [Self.bytes { $0.write(number) }, Self.bytes { $0.write(signed) }, Self.bytes { $0.write(unsigned) }]
            #expect(written == expected, "\(number), \(signed), \(unsigned)")
        }
        for power in 0..<20 {
            let number = (0..<power).reduce(UInt64(1)) { value, _ in value * 10 }
            for value in [number - 1, number, number + 1] {
                #expect(String(decoding: Self.bytes { $0.write(value) }, as: UTF8.self) == "\(value)")
            }
        }
    }

    @Test("A number that is not finite is refused.", arguments: [Double.infinity, -.infinity, .nan])
    func notFinite(_ number: Double) {
        var json = JSONBytes()
        json.write(number)
        #expect(json.fault?.description == "the number \(number) cannot be written")
        var encoder = RecordingEncoder()
        var header = RecordingHeader(container: "app", origin: "a test", clockOriginNanoseconds: 0)
        header.rules.scopeFactor = number
        #expect(throws: JSONBytes.Fault.self) { try encoder.line(header, at: .init(nanoseconds: 0)) }
        header.rules.scopeFactor = 3
        let line = try? encoder.line(header, at: .init(nanoseconds: 0))
        #expect(line?.starts(with: #"{"n":0,"#.utf8) == true)
    }

    @Test("A long text is cut at the same byte as before, wherever the limit is.")
    func cuts() throws {
        for text in [String(repeating: "aü€😀\u{1B}\"\\\n", count: 12), String(repeating: "x", count: 70), "\u{1}", "", "😀"] {
            for limit in 1...80 {
                let expected = try JSONOracle.bytes(of: text, textLimit: limit)
                let written = Self.bytes(textLimit: limit) { $0.write(text) }
                #expect(written == expected, "a limit of \(limit)")
            }
        }
    }

    @Test("Fields, lists, and objects with names from the application are separated and sorted as JSONEncoder does it.")
    func structure() throws {
        let names = ["b": "1", "B": "2", "a10": "3", "a2": "4", "ä": "5", "": "6", "😀": "7", "\u{FFFF}": "8", "a\"": "9"]
        let written = Self.bytes { json in
            json.open("{")
            json.field("empty", [String]())
            json.field("list", ["{", "["])
            json.field("names", names)
            json.field("none", ifPresent: Int?.none)
            json.field("zero", ifPresent: Int?.some(0))
            json.close("}")
        }
        struct Body: Encodable {
            var empty: [String] = []
            var list = ["{", "["]
            var names: [String: String]
            var none: Int?
            var zero = 0
        }
        let expected = try JSONOracle.bytes(of: Body(names: names))
        #expect(written == expected)
    }

    @Test("The checksum of any length is that of the definition.")
    func checksums() {
        var values = RandomValues(seed: 3)
        for length in 0..<200 {
            let bytes = (0..<length).map { _ in values.integer(UInt8.self) }
            let expected = ~bytes.reduce(~UInt32(0)) { sum, byte in
                (0..<8).reduce(sum ^ UInt32(byte)) { sum, _ in sum & 1 == 1 ? 0xEDB8_8320 ^ (sum >> 1) : sum >> 1 }
            }
            #expect(Checksum.of(bytes) == expected)
            #expect(Checksum.of(AnySequence(bytes)) == expected)
        }
    }
}
