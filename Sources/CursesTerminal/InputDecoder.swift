import ResourceDashboard

/// A decoder from terminal bytes to input events. The events do not depend on how the bytes are split.
///
/// It understands UTF-8; the CSI and SS3 sequences of xterm, rxvt, screen and the Linux console with their modifiers; mouse reports (mode
/// 1006 and the old form); bracketed paste (2004); and focus reports (1004). It discards unknown sequences completely.
package struct InputDecoder: Sendable {
    /// The largest size of a paste, in bytes. The rest is discarded.
    package static let pasteLimit = 64 * 1024
    private static let sequenceLimit = 64

    private enum State {
        case ground
        /// An incomplete character outside ASCII, and the number of missing bytes.
        case utf8([UInt8], missing: Int, alt: Bool)
        /// After an escape; `again` if another one came directly before it.
        case escape(again: Bool)
        case csi([UInt8], alt: Bool)
        /// In a CSI sequence that is too long to be valid.
        case overlong
        /// F1 to F5 of the Linux console: `ESC [ [ A`.
        case linuxFunction
        /// An old mouse report: three bytes follow `ESC [ M`.
        case oldMouse([UInt8])
        case ss3([UInt8], alt: Bool)
        /// In a string sequence, such as an answer of the terminal, up to BEL or `ESC \`. `opener` is the byte after the escape.
        case string(opener: UInt8, isEmpty: Bool, escaped: Bool)
        /// In a paste; `matched` bytes of its end sequence have arrived.
        case paste(matched: Int)
    }

    private var state = State.ground
    private var pasted: [UInt8] = []
    private var events: [InputEvent] = []

    /// Creates a decoder in the ground state.
    package init() {}

    /// The time without a byte, in milliseconds, after which to call ``flush()``; nil if there is nothing to flush.
    package var flushDelay: Int? {
        switch self.state {
        case .ground, .utf8: nil
        case .escape, .csi, .overlong, .linuxFunction, .oldMouse, .ss3, .string: 25
        case .paste(let matched): self.pasted.isEmpty && matched == 0 ? nil : 1000
        }
    }

    /// Decodes `bytes` and returns the completed events.
    package mutating func feed(_ bytes: some Sequence<UInt8>) -> [InputEvent] {
        for byte in bytes { self.take(byte) }
        return self.handOver()
    }

    /// Call this if no byte has arrived for ``flushDelay``. The beginning of a sequence is then decoded as a key.
    ///
    /// An unfinished paste is delivered as far as it has arrived, and continues. A single Esc ends it.
    package mutating func flush() -> [InputEvent] {
        switch self.state {
        case .ground, .utf8:
            break
        case .escape(let again):
            self.state = .ground
            if again { self.emit(.escape) }
            self.emit(.escape)
        case .csi(let bytes, let alt):
            self.state = .ground
            if alt, bytes.isEmpty { self.emit(.escape) }
            if bytes.isEmpty { self.emit(.character("["), .alt) }
        case .ss3(let bytes, let alt):
            self.state = .ground
            if alt, bytes.isEmpty { self.emit(.escape) }
            if bytes.isEmpty { self.emit(.character("O"), .alt) }
        case .string(let opener, let isEmpty, let escaped):
            self.state = .ground
            if isEmpty, !escaped { self.emit(.character(Character(Unicode.Scalar(opener))), .alt) }
        case .overlong, .linuxFunction, .oldMouse:
            self.state = .ground
        case .paste(let matched):
            self.deliverPaste()
            // A slow connection may split the end sequence. Only a single escape byte is taken for the Esc key.
            if matched == 1 { self.state = .ground }
        }
        return self.handOver()
    }

    private mutating func handOver() -> [InputEvent] {
        defer { self.events.removeAll() }
        return self.events
    }

    private mutating func emit(_ code: Key.Code, _ modifiers: Key.Modifiers = []) {
        self.events.append(.key(Key(code, modifiers)))
    }

    private mutating func deliverPaste() {
        guard !self.pasted.isEmpty else { return }
        var kept = self.pasted
        self.pasted = []
        if kept.count >= Self.pasteLimit {
            // The limit may have split a character.
            while let last = kept.last, last & 0xC0 == 0x80 { kept.removeLast() }
            if let last = kept.last, last >= 0xC0 { kept.removeLast() }
        }
        let text = String(decoding: kept, as: UTF8.self)
        self.events.append(.paste(text.replacing("\r\n", with: "\n").replacing("\r", with: "\n")))
    }
}

extension InputDecoder {
    private mutating func take(_ byte: UInt8) {
        switch self.state {
        case .ground:
            self.takeFirst(byte, alt: false)
        case .utf8(let bytes, let missing, let alt):
            self.takeUTF8(byte, after: bytes, missing: missing, alt: alt)
        case .escape(let again):
            self.takeAfterEscape(byte, again: again)
        case .csi(let bytes, let alt):
            self.takeCSI(byte, after: bytes, alt: alt)
        case .overlong:
            switch byte {
            case 0x20...0x3F: break
            case 0x40...0x7E: self.state = .ground
            default: self.takeFirst(byte, alt: false)
            }
        case .linuxFunction:
            self.state = .ground
            switch byte {
            case 0x41...0x45: self.emit(.function(Int(byte) - 0x40))
            case 0x20...0x7E: break
            default: self.takeFirst(byte, alt: false)
            }
        case .oldMouse(let bytes):
            self.state = .oldMouse(bytes + [byte])
            if bytes.count == 2 {
                self.state = .ground
                let numbers = (bytes + [byte]).map { Int($0) - 32 }
                if let mouse = MouseReport.mouse(code: numbers[0], column: numbers[1], row: numbers[2], released: numbers[0] & 3 == 3) {
                    self.events.append(.mouse(mouse))
                }
            }
        case .ss3(let bytes, let alt):
            switch byte {
            case 0x30...0x3B where bytes.count < Self.sequenceLimit:
                self.state = .ss3(bytes + [byte], alt: alt)
            case 0x20...0x7E:
                self.state = .ground
                if let key = KeySequence.ss3(parameters: bytes, final: byte) {
                    self.emit(key.code, alt ? key.modifiers.union(.alt) : key.modifiers)
                }
            default:
                self.takeFirst(byte, alt: false)
            }
        case .string(let opener, _, let escaped):
            switch byte {
            case 0x07, 0x18, 0x1A: self.state = .ground
            case 0x5C where escaped: self.state = .ground
            case 0x1B: self.state = .string(opener: opener, isEmpty: false, escaped: true)
            default:
                if escaped {
                    self.takeAfterEscape(byte, again: false)
                } else {
                    self.state = .string(opener: opener, isEmpty: false, escaped: false)
                }
            }
        case .paste(let matched):
            self.takePasted(byte, matched: matched)
        }
    }

    /// Decodes the first byte of a key or sequence.
    private mutating func takeFirst(_ byte: UInt8, alt: Bool) {
        self.state = .ground
        let modifiers: Key.Modifiers = alt ? .alt : []
        switch byte {
        case 0x00: self.emit(.character(" "), modifiers.union(.control))
        case 0x08, 0x7F: self.emit(.backspace, modifiers)
        case 0x09: self.emit(.tab, modifiers)
        case 0x0A, 0x0D: self.emit(.enter, modifiers)
        case 0x1B: self.state = .escape(again: false)
        case 0x01...0x1A: self.emit(.character(Character(Unicode.Scalar(byte + 0x60))), modifiers.union(.control))
        case 0x1C...0x1F: self.emit(.character(Character(Unicode.Scalar(byte + 0x40))), modifiers.union(.control))
        case 0x20...0x7E: self.emit(.character(Character(Unicode.Scalar(byte))), modifiers)
        case 0xC2...0xDF: self.state = .utf8([byte], missing: 1, alt: alt)
        case 0xE0...0xEF: self.state = .utf8([byte], missing: 2, alt: alt)
        case 0xF0...0xF4: self.state = .utf8([byte], missing: 3, alt: alt)
        // Not UTF-8, and not sent by any key.
        default: break
        }
    }

    private mutating func takeUTF8(_ byte: UInt8, after bytes: [UInt8], missing: Int, alt: Bool) {
        guard byte & 0xC0 == 0x80 else {
            self.takeFirst(byte, alt: false)
            return
        }
        guard missing == 1 else {
            self.state = .utf8(bytes + [byte], missing: missing - 1, alt: alt)
            return
        }
        self.state = .ground
        guard let text = String(validating: bytes + [byte], as: UTF8.self), let scalar = text.unicodeScalars.first, scalar.value >= 0xA0,
            let character = text.first
        else { return }
        self.emit(.character(character), alt ? .alt : [])
    }

    private mutating func takeAfterEscape(_ byte: UInt8, again: Bool) {
        switch byte {
        case 0x1B:
            if again { self.emit(.escape) }
            self.state = .escape(again: true)
        case UInt8(ascii: "["):
            self.state = .csi([], alt: again)
        case UInt8(ascii: "O"):
            self.state = .ss3([], alt: again)
        case UInt8(ascii: "P"), UInt8(ascii: "]"), UInt8(ascii: "X"), UInt8(ascii: "^"), UInt8(ascii: "_"):
            if again { self.emit(.escape) }
            self.state = .string(opener: byte, isEmpty: true, escaped: false)
        default:
            if again { self.emit(.escape) }
            self.takeFirst(byte, alt: true)
        }
    }

    private mutating func takeCSI(_ byte: UInt8, after bytes: [UInt8], alt: Bool) {
        switch byte {
        case 0x20...0x3F:
            self.state = bytes.count < Self.sequenceLimit ? .csi(bytes + [byte], alt: alt) : .overlong
        case UInt8(ascii: "[") where bytes.isEmpty:
            self.state = .linuxFunction
        case UInt8(ascii: "M") where bytes.isEmpty:
            self.state = .oldMouse([])
        case 0x40...0x7E:
            self.state = .ground
            if bytes == Array("200".utf8), byte == UInt8(ascii: "~") {
                self.state = .paste(matched: 0)
            } else if bytes.first == UInt8(ascii: "<"), byte == UInt8(ascii: "M") || byte == UInt8(ascii: "m") {
                if let mouse = MouseReport.mouse(parameters: bytes.dropFirst(), released: byte == UInt8(ascii: "m")) {
                    self.events.append(.mouse(mouse))
                }
            } else if bytes.isEmpty, byte == UInt8(ascii: "I") || byte == UInt8(ascii: "O") {
                self.events.append(.focus(byte == UInt8(ascii: "I")))
            } else if let key = KeySequence.csi(parameters: bytes, final: byte) {
                self.emit(key.code, alt ? key.modifiers.union(.alt) : key.modifiers)
            }
        default:
            self.takeFirst(byte, alt: false)
        }
    }

    private static let pasteEnd = Array("\u{1B}[201~".utf8)

    private mutating func takePasted(_ byte: UInt8, matched: Int) {
        if byte == Self.pasteEnd[matched] {
            self.state = .paste(matched: matched + 1)
            if matched + 1 == Self.pasteEnd.count {
                self.state = .ground
                self.deliverPaste()
            }
            return
        }
        // The first byte of the end sequence occurs only once in it. The matched bytes are text, and this byte may begin the sequence.
        self.keepPasted(Self.pasteEnd.prefix(matched))
        let begins = byte == Self.pasteEnd[0]
        if !begins { self.keepPasted(CollectionOfOne(byte)) }
        self.state = .paste(matched: begins ? 1 : 0)
    }

    private mutating func keepPasted(_ bytes: some Collection<UInt8>) {
        self.pasted.append(contentsOf: bytes.prefix(Self.pasteLimit - self.pasted.count))
    }
}
