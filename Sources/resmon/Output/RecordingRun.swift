import UnixSignals

/// The running of a recorder until its time is over, a signal requests the end, or it fails.
enum RecordingRun {
    /// The reason for the end of a run.
    enum End: Sendable, Equatable {
        /// The time is over.
        case complete
        /// The recorded container or process has ended before.
        case ended
        /// This signal requested the end. The recording is complete up to that moment.
        case signal(Int32)
    }

    private enum Step: Sendable {
        case recorded(Result<Void, any Error>)
        case end(End)
    }

    /// Runs `record` and completes the recording by `stop`.
    ///
    /// - Parameters:
    ///   - length: the time to record; nil for no limit.
    ///   - signals: the signals that request the end.
    ///   - stop: makes `record` complete the recording and return.
    ///   - record: records until it is stopped, or until what it records has ended.
    /// - Returns: the reason for the end, or the error of `record`.
    static func run(
        for length: Duration?,
        _ signals: UnixSignalsSequence,
        stop: @escaping @Sendable () -> Void,
        _ record: @escaping @Sendable () async throws -> Void
    ) async -> Result<End, any Error> {
        await withTaskGroup(of: Step.self) { group in
            group.addTask {
                for await signal in signals { return .end(.signal(signal.rawValue)) }
                return .end(.complete)
            }
            if let length {
                group.addTask {
                    try? await Task.sleep(for: length)
                    return .end(.complete)
                }
            }
            group.addTask {
                do {
                    try await record()
                    return .recorded(.success(()))
                } catch {
                    return .recorded(.failure(error))
                }
            }
            var end: End?
            // The first step ends the recording. The recorder may still fail when it writes its last line.
            while let step = await group.next() {
                switch step {
                case .recorded(let result):
                    group.cancelAll()
                    return result.map { _ in end ?? .ended }
                case .end(let reason):
                    if end == nil { stop() }
                    end = end ?? reason
                }
            }
            return .success(end ?? .complete)
        }
    }
}
