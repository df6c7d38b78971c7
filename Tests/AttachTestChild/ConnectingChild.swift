import LocalSockets

/// A client that connects, and prints what it receives, for tests with another user.
enum ConnectingChild {
    static func run(_ path: String) {
        do throws(SystemError) {
            let stream = try UnixSocket.connected(to: path)
            var set = PollSet()
            _ = set.add(stream.number)
            set.wait(atMost: .seconds(2))
            var buffer = [UInt8](repeating: 0, count: 4096)
            var text = ""
            if case .bytes(let count) = stream.receive(into: &buffer) { text = String(decoding: buffer[..<count], as: UTF8.self) }
            AttachTestChild.say("received \(text)")
        } catch {
            AttachTestChild.say("error \(error.number)")
        }
    }
}
