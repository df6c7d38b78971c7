import ResourceContainer

@testable import ResourceRecording

/// The answers of commands on their way to a server.
final class Mailbag: Sendable {
    struct Letter: Sendable {
        let client: UInt64
        let answer: AttachAnswer
    }

    private let letters = Lock<[Letter]>([])

    func add(_ client: UInt64, _ answer: AttachAnswer) {
        self.letters.withLock { $0.append(Letter(client: client, answer: answer)) }
    }

    func take() -> [Letter] {
        self.letters.withLock { letters in
            defer { letters = [] }
            return letters
        }
    }
}
