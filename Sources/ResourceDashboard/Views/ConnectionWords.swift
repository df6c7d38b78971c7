import ResourceContainer

/// The presentation of a connection. The status bar and the view of the processes use it, so that they agree.
extension Mark {
    /// Creates the mark of a connection, with times of day by `clock`, the clock of the process's data.
    init(_ connection: ConnectionStatus, _ clock: WallClock) {
        switch connection {
        case .connecting: self.init(.pending, "connecting", .stateInitializing)
        case .live: self.init(.full, "live", .stateReady)
        case .silent(let duration): self.init(.warning, "silent for \(Format.age(duration))", .healthDegraded)
        case .reconnecting(let duration): self.init(.pending, "reconnecting\(Self.next(duration))", .healthDegraded)
        case .ended(let time, let how):
            let parts = ["ended\(time.map { " \(clock.time($0))" } ?? "")", how].filter { !$0.isEmpty }
            self.init(.failure, parts.joined(separator: ", "), .stateFailed)
        case .refused(let reason): self.init(.failure, "refused: \(reason)", .stateFailed)
        }
    }

    /// The time until the next attempt, in whole seconds; nothing while it is under way.
    private static func next(_ duration: Duration) -> String {
        let nanoseconds = duration.wholeNanoseconds
        return nanoseconds <= 0 ? "" : ", next in \((nanoseconds - 1) / 1_000_000_000 + 1)s"
    }
}
