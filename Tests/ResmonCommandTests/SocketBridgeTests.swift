import Foundation
import ResourceContainer
import Testing

@testable import resmon

@Suite("Socket bridge")
struct SocketBridgeTests {
    /// The ends that a test plays: the writer of the input, the reader of the output, and the peer of the socket.
    private struct Ends {
        let input: Int32
        let output: Int32
        let peer: Int32
    }

    /// Runs a bridge on a separate thread while `body` plays its ends, and returns how it ended. `body` returns the descriptors that it did
    /// not close.
    private func bridge(_ body: (Ends) -> [Int32]) -> SocketBridge.End? {
        var (input, output, sockets): ([Int32], [Int32], [Int32]) = ([-1, -1], [-1, -1], [-1, -1])
        guard pipe(&input) == 0, pipe(&output) == 0, socketpair(AF_UNIX, Self.streamType, 0, &sockets) == 0 else { return nil }
        let bridge = SocketBridge(input: input[0], output: output[1], socket: sockets[0])
        let end = Lock<SocketBridge.End?>(nil)
        let done = DispatchSemaphore(value: 0)
        Thread.detachNewThread {
            let result = bridge.run()
            end.withLock { $0 = result }
            done.signal()
        }
        let open = body(Ends(input: input[1], output: output[0], peer: sockets[1]))
        done.wait()
        for descriptor in open + [input[0], output[1], sockets[0]] { close(descriptor) }
        return end.withLock { $0 }
    }

    private static var streamType: Int32 {
        #if canImport(Glibc)
            Int32(SOCK_STREAM.rawValue)
        #else
            SOCK_STREAM
        #endif
    }

    private func send(_ bytes: [UInt8], to descriptor: Int32) {
        var count = 0
        while count < bytes.count {
            let written = bytes[count...].withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
            guard written > 0 else { return }
            count += written
        }
    }

    /// Reads `count` bytes, or up to the end.
    private func receive(_ count: Int, from descriptor: Int32) -> [UInt8] {
        var bytes: [UInt8] = []
        var part = [UInt8](repeating: 0, count: 65_536)
        while bytes.count < count {
            let got = read(descriptor, &part, min(part.count, count - bytes.count))
            guard got > 0 else { break }
            bytes += part.prefix(got)
        }
        return bytes
    }

    @Test("Bytes pass in both directions, and the bridge ends when the server closes the connection.")
    func bothDirections() {
        let request = Array("{\"id\":1}\n".utf8)
        let stream = (0..<100_000).map { UInt8(truncatingIfNeeded: $0 / 7) }
        let end = self.bridge { ends in
            self.send(request, to: ends.input)
            #expect(self.receive(request.count, from: ends.peer) == request)
            self.send(stream, to: ends.peer)
            close(ends.peer)
            #expect(self.receive(stream.count, from: ends.output) == stream)
            return [ends.input, ends.output]
        }
        #expect(end == .socketEnded)
    }

    @Test("The end of the input is passed to the server, whose stream continues.")
    func inputEnds() {
        let stream = Array("still here\n".utf8)
        let end = self.bridge { ends in
            close(ends.input)
            #expect(self.receive(1, from: ends.peer).isEmpty)
            self.send(stream, to: ends.peer)
            #expect(self.receive(stream.count, from: ends.output) == stream)
            close(ends.peer)
            return [ends.output]
        }
        #expect(end == .socketEnded)
    }

    @Test("A reader that closes the output ends the bridge, although the server sends nothing.")
    func outputClosed() {
        let end = self.bridge { ends in
            close(ends.output)
            return [ends.input, ends.peer]
        }
        #expect(end == .outputClosed)
    }
}
