import Foundation

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

/// Foundation's client.
final class FoundationClient: Contender {
    let name = "URLSession"
    private let url: URL
    private let large: URL
    private let session: URLSession

    /// Counts the bytes of one download. URLSession calls it on one queue.
    private final class Counter: NSObject, URLSessionDataDelegate, @unchecked Sendable {
        var size = 0
        var continuation: CheckedContinuation<Int, any Error>?

        func urlSession(_ session: URLSession, dataTask: URLSessionDataTask, didReceive data: Data) {
            self.size += data.count
        }

        func urlSession(_ session: URLSession, task: URLSessionTask, didCompleteWithError error: (any Error)?) {
            if let error { self.continuation?.resume(throwing: error) } else { self.continuation?.resume(returning: self.size) }
        }
    }

    init(_ target: Target) throws {
        self.url = try target.url(target.small)
        self.large = try target.url(target.large)
        let configuration = URLSessionConfiguration.ephemeral
        configuration.httpMaximumConnectionsPerHost = Target.limit
        configuration.urlCache = nil
        self.session = URLSession(configuration: configuration)
    }

    func run(_ count: Int, inFlight: Int) async throws -> [UInt64] {
        try await latencies(count, inFlight: inFlight) { try await self.session.data(from: self.url).0.count }
    }

    func download() async throws -> Int {
        let counter = Counter()
        let session = URLSession(configuration: .ephemeral, delegate: counter, delegateQueue: nil)
        defer { session.finishTasksAndInvalidate() }
        return try await withCheckedThrowingContinuation { continuation in
            // Before the task starts.
            counter.continuation = continuation
            session.dataTask(with: self.large).resume()
        }
    }

    func close() async throws {
        self.session.finishTasksAndInvalidate()
    }
}
