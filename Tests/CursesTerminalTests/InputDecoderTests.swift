import ResourceDashboard
import Testing

@testable import CursesTerminal

@Suite("Input decoder")
struct InputDecoderTests {
    private static func decode(_ text: String) -> [InputEvent] {
        var decoder = InputDecoder()
        return decoder.feed(Array(text.utf8)) + decoder.flush()
    }

    private static func key(_ code: Key.Code, _ modifiers: Key.Modifiers = []) -> [InputEvent] {
        [.key(Key(code, modifiers))]
    }

    @Test(
        "Text, control letters and single-byte keys are decoded.",
        arguments: [
            ("a", key(.character("a"))), ("Q", key(.character("Q"))), ("é", key(.character("é"))), ("界", key(.character("界"))),
            ("🎉", key(.character("🎉"))), ("\u{01}", key(.character("a"), .control)), ("\u{1A}", key(.character("z"), .control)),
            ("\u{00}", key(.character(" "), .control)), ("\u{1C}", key(.character("\\"), .control)), ("\r", key(.enter)),
            ("\n", key(.enter)), ("\t", key(.tab)), ("\u{7F}", key(.backspace)), ("\u{08}", key(.backspace)),
        ]
    )
    func single(bytes: String, expected: [InputEvent]) {
        #expect(Self.decode(bytes) == expected)
    }

    @Test(
        "Named keys are decoded as xterm, screen, rxvt and the Linux console send them.",
        arguments: [
            ("[A", .up), ("OA", .up), ("[B", .down), ("[C", .right), ("[D", .left), ("[H", .home), ("OH", .home), ("[1~", .home),
            ("[7~", .home), ("[F", .end), ("OF", .end), ("[4~", .end), ("[8~", .end), ("[2~", .insert), ("[3~", .delete),
            ("[5~", .pageUp), ("[6~", .pageDown), ("OP", .function(1)), ("[11~", .function(1)), ("[[A", .function(1)),
            ("[[E", .function(5)), ("OS", .function(4)), ("[15~", .function(5)), ("[17~", .function(6)), ("[21~", .function(10)),
            ("[23~", .function(11)), ("[24~", .function(12)), ("[25~", .function(13)), ("[34~", .function(20)), ("OM", .enter),
            ("Op", .character("0")), ("Ok", .character("+")),
        ] as [(String, Key.Code)]
    )
    func named(sequence: String, code: Key.Code) {
        #expect(Self.decode("\u{1B}" + sequence) == Self.key(code))
    }

    @Test(
        "Key modifiers are decoded in every supported form.",
        arguments: [
            ("[1;5A", .up, .control), ("[1;2B", .down, .shift), ("[1;3C", .right, .alt), ("[1;8D", .left, [.shift, .alt, .control]),
            ("[5;5~", .pageUp, .control), ("[1;5P", .function(1), .control), ("O5A", .up, .control), ("Oa", .up, .control),
            ("[a", .up, .shift), ("[3^", .delete, .control), ("[3@", .delete, [.control, .shift]), ("[Z", .tab, .shift),
            ("\u{1B}[A", .up, .alt), ("x", .character("x"), .alt), ("é", .character("é"), .alt), ("\r", .enter, .alt),
            ("\u{01}", .character("a"), [.alt, .control]), ("[97;5u", .character("a"), .control), ("[27;5;9~", .tab, .control),
            ("[97;2u", .character("A"), []),
        ] as [(String, Key.Code, Key.Modifiers)]
    )
    func modified(sequence: String, code: Key.Code, modifiers: Key.Modifiers) {
        #expect(Self.decode("\u{1B}" + sequence) == Self.key(code, modifiers))
    }

    @Test("Mouse reports are decoded in both forms.")
    func mouse() {
        #expect(Self.decode("\u{1B}[<0;10;5M") == [.mouse(Mouse(.press, x: 9, y: 4))])
        #expect(Self.decode("\u{1B}[<2;300;200m") == [.mouse(Mouse(.release, button: 2, x: 299, y: 199))])
        #expect(Self.decode("\u{1B}[<32;1;1M") == [.mouse(Mouse(.drag, x: 0, y: 0))])
        #expect(Self.decode("\u{1B}[<64;3;3M") == [.mouse(Mouse(.wheelUp, x: 2, y: 2))])
        #expect(Self.decode("\u{1B}[<85;3;3M") == [.mouse(Mouse(.wheelDown, x: 2, y: 2, modifiers: [.control, .shift]))])
        #expect(Self.decode("\u{1B}[M !!") == [.mouse(Mouse(.press, x: 0, y: 0))])
        #expect(Self.decode("\u{1B}[M#!!") == [.mouse(Mouse(.release, x: 0, y: 0))])
        #expect(Self.decode("\u{1B}[<66;3;3M\u{1B}[<0;0;1M\u{1B}[<;1;1M").isEmpty)
    }

    @Test("Focus reports are decoded.")
    func focus() {
        #expect(Self.decode("\u{1B}[I\u{1B}[O") == [.focus(true), .focus(false)])
    }

    @Test("Terminal responses and unknown sequences are discarded completely.")
    func discardedSequences() {
        for sequence in [
            "[?1;2c", "[>41;354;0c", "[24;80R", "[?2026;2$y", "]11;rgb:0000/0000/0000\u{07}", "]11;rgb:0/0/0\u{1B}\\", "P1$r0m\u{1B}\\",
            "[99~", "[201~", "[" + String(repeating: "1;", count: 500) + "m",
        ] {
            #expect(Self.decode("\u{1B}" + sequence + "x") == Self.key(.character("x")), "\(sequence)")
        }
    }

    @Test("A lone escape byte becomes the Esc key after the flush, not before.")
    func loneEscape() {
        var decoder = InputDecoder()
        #expect(decoder.feed([0x1B]).isEmpty)
        #expect(decoder.flushDelay == 25)
        #expect(decoder.flush() == Self.key(.escape))
        #expect(decoder.flushDelay == nil)
        #expect(Self.decode("\u{1B}\u{1B}") == Self.key(.escape) + Self.key(.escape))
        #expect(Self.decode("\u{1B}[") == Self.key(.character("["), .alt))
        #expect(Self.decode("\u{1B}O") == Self.key(.character("O"), .alt))
        #expect(Self.decode("\u{1B}]") == Self.key(.character("]"), .alt))
        #expect(Self.decode("\u{1B}[1;").isEmpty)
    }

    @Test("Bytes that are not valid UTF-8 produce no key.")
    func invalid() {
        var decoder = InputDecoder()
        #expect(
            decoder.feed([0xFF, 0xC0, 0x80, 0xE2, 0x28, 0xED, 0xA0, 0x80, 0xC2, 0x9B, 0x61]) == Self.key(.character("("))
                + Self.key(.character("a"))
        )
    }

    @Test("A paste arrives as one event, with its line ends as \\n.")
    func paste() {
        #expect(Self.decode("\u{1B}[200~x\r\nq\ry\u{1B}[A\u{1B}[201~z") == [.paste("x\nq\ny\u{1B}[A"), .key(Key("z"))])
        #expect(Self.decode("\u{1B}[200~\u{1B}[201~").isEmpty)
        #expect(Self.decode("\u{1B}[200~a\u{1B}\u{1B}[201~b") == [.paste("a\u{1B}"), .key(Key("b"))])
    }

    @Test("A paste beyond the limit is cut at a character boundary.")
    func longPaste() {
        let events = Self.decode("\u{1B}[200~a" + String(repeating: "é", count: InputDecoder.pasteLimit) + "\u{1B}[201~x")
        guard case .paste(let text) = events.first else {
            Issue.record("no paste")
            return
        }
        #expect(text == "a" + String(repeating: "é", count: InputDecoder.pasteLimit / 2 - 1))
        #expect(Array(events.dropFirst()) == Self.key(.character("x")))
    }

    @Test("An unterminated paste is delivered in parts and produces no key; a lone Esc ends it.")
    func unterminatedPaste() {
        var decoder = InputDecoder()
        #expect(decoder.feed(Array("\u{1B}[200~abc".utf8)).isEmpty)
        #expect(decoder.flushDelay == 1000)
        #expect(decoder.flush() == [.paste("abc")])
        #expect(decoder.flushDelay == nil)
        #expect(decoder.feed(Array("q\u{1B}[20".utf8)).isEmpty)
        #expect(decoder.flush() == [.paste("q")])
        #expect(decoder.feed(Array("1~".utf8)).isEmpty)
        #expect(decoder.feed(Array("k".utf8)) == Self.key(.character("k")))
        #expect(decoder.feed(Array("\u{1B}[200~abc\u{1B}".utf8)).isEmpty)
        #expect(decoder.flush() == [.paste("abc")])
        #expect(decoder.feed(Array("q".utf8)) == Self.key(.character("q")))
    }

    @Test("Random bytes decode to the same events however they are split.", arguments: 0..<200 as Range<UInt64>)
    func splitInput(seed: UInt64) {
        var random = SplitMix(state: seed)
        let bytes = Self.noise(&random)
        var whole = InputDecoder()
        let expected = whole.feed(bytes)
        var split = InputDecoder()
        var events: [InputEvent] = []
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = Int.random(in: 1...min(9, rest.count), using: &random)
            events += split.feed(rest.prefix(count))
            rest = rest.dropFirst(count)
        }
        #expect(events == expected)
        #expect(split.flush() == whole.flush())
    }

    @Test("Pasted bytes never produce a key.", arguments: 0..<200 as Range<UInt64>)
    func pastedNoise(seed: UInt64) {
        var random = SplitMix(state: seed)
        let end = Array("\u{1B}[201~".utf8)
        let noise = Self.noise(&random)
        // Cut the noise where it contains a paste end itself.
        let inside = noise.indices.first { noise[$0...].starts(with: end) }.map { noise[..<$0] } ?? noise[...]
        var decoder = InputDecoder()
        let events = decoder.feed(Array("\u{1B}[200~".utf8) + inside + end + Array("k".utf8))
        #expect(events.last == .key(Key("k")))
        for event in events.dropLast() {
            guard case .paste = event else {
                Issue.record("\(event)")
                continue
            }
        }
        #expect(events.count <= 2)
    }

    /// Random bytes, mixed with complete and broken pieces of escape sequences.
    private static func noise(_ random: inout SplitMix) -> [UInt8] {
        let pieces = [
            "\u{1B}", "\u{1B}[", "\u{1B}O", "\u{1B}[200~", "\u{1B}[201~", "\u{1B}[<0;1;1M", "\u{1B}[M", "1;5A", "~", "é", "界", "\u{1B}]0;",
            "\u{07}",
        ]
        var bytes: [UInt8] = []
        for _ in 0..<Int.random(in: 1...120, using: &random) {
            if Bool.random(using: &random) {
                bytes += Array(pieces.randomElement(using: &random)?.utf8 ?? "".utf8)
            } else {
                bytes.append(UInt8.random(in: 0...255, using: &random))
            }
        }
        return bytes
    }
}

/// A small seeded random number generator.
private struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        self.state &+= 0x9E37_79B9_7F4A_7C15
        var value = self.state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }
}
