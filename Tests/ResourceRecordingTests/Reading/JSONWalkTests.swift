import Testing

@testable import ResourceRecording

@Suite("The scanner of JSON values")
struct JSONWalkTests {
    private static func value(_ text: String) -> String? {
        Array(text.utf8).withUnsafeBufferPointer { bytes in
            var walk = JSONWalk(bytes)
            return (try? walk.value()).map { String(decoding: bytes[$0], as: UTF8.self) }
        }
    }

    @Test(
        "A value ends where its brackets close, with blanks anywhere in it.",
        arguments: ["[1, 2]", "{ \"a\" : [ 1 ,\n\t{ } ] }", "[ ]", "\"a b\"", "true", "-1.5e3"]
    )
    func blanks(text: String) {
        #expect(Self.value(" \(text) ") == text)
        #expect(Self.value("\(text),1") == text)
    }

    @Test("A value that does not end is a fault.", arguments: ["", " ", "[", "[ ", "{ \"a\" : ", "[1, ", "\"a", "\"a\\", "]", "[[ ]"])
    func cutOff(text: String) {
        #expect(Self.value(text) == nil)
    }
}
