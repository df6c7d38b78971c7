import ResourceContainer
import ResourceRecording

/// The values that a connection and its shell exchange.
extension AttachConnection {
    /// The shell's next step.
    enum Step: Sendable {
        /// Begin the stream, and put its first lines into ``AttachConnection/outbox``.
        case begin(Opening)
        /// Run a command, and then call ``AttachConnection/take(_:)``.
        case run(AttachRequest)
        /// Encode a line, and put it into ``AttachConnection/outbox``.
        case write(Line)
        /// Close the connection.
        case close
    }

    /// The choice of a stream by the first line of the client.
    struct Opening: Sendable, Hashable {
        /// The content of the stream besides answers and beats; nil for none.
        var mode: AttachMode?
        /// The limit of the past; nil for none.
        var last: Duration?
        /// The number of the request; 0 if there was none.
        var request = 0
    }

    /// A line of the server.
    enum Line: Sendable, Hashable {
        case answer(AttachAnswer)
        case beat
        /// The figures of the process's monitor.
        case report
        /// The events and samples of the container since the last turn.
        case turn
        /// The next line that the flight recorder kept.
        case past
        case end(RecordingEnd)
    }

    /// The offers of the server besides the full stream.
    struct Offers: Sendable, Hashable {
        /// Whether there is a flight recorder.
        var past = false
        /// Whether a monitor of the program has figures that reach back before the connection.
        var figures = false
    }

    /// The state of the container's events, and of the round, on which the time of the next turn depends.
    struct Outlook: Sendable, Hashable {
        /// Whether something has happened since the last turn.
        var hasNews = false
        /// Whether events are missed, so that the turn takes a snapshot.
        var wouldMiss = false
        /// Whether this round has room for a snapshot. Otherwise the step is due in the next round.
        var mayTakeSnapshot = true
    }
}
