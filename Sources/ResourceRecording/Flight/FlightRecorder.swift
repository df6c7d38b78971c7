import ResourceContainer
import ResourceMonitoring

/// A recorder of a container's last minutes in memory, from which a recording can be saved after something has happened.
///
/// It keeps the encoded lines of a recording in a ring. A snapshot of the container is among them every few seconds, and the oldest lines
/// are dropped up to a snapshot, so the kept lines are always a valid recording. Recording never delays the container. The memory of the
/// lines is limited: if events occur so fast that the limit is reached, less time is kept (``isShortened``).
///
/// The recorder is a subscriber of the container and costs what one costs. Run it with ``run()``, or call ``turn()`` at your own pace. A
/// ``FlightSaving`` makes it save by itself.
public final class FlightRecorder: Sendable {
    /// The reader of the container. A call takes it out of the state while it uses it, so that no lock is held while the container and its
    /// pools are read.
    private struct Source: Sendable {
        var tap: MonitorTap
        var stream: RecordingStream
        var watch: FlightWatch?
        /// Whether a line could not be encoded, which is reported once.
        var hasFailed = false
    }

    private struct State: Sendable {
        /// Nil while a call reads the container, and when the recorder has ended.
        var source: Source?
        /// Whether the recorder has ended, so that no further source is kept.
        var isOver = false
        /// Whether a save or a removal of old files is under way.
        var isActing = false
    }

    /// The time to keep.
    public let keeping: Duration
    /// The most memory of the kept lines, in bytes.
    public let limit: Int
    private let container: Container
    private let header: RecordingHeader
    private let files: FlightFiles?
    private let log: @Sendable (String) -> Void
    private let store: FlightStore
    private let state: Lock<State>

    /// Creates a recorder that starts from the container's current state.
    ///
    /// - Parameters:
    ///   - container: The container to record.
    ///   - keeping: The time to keep. At most a few seconds more are kept, or a minute if snapshots of the container are large.
    ///   - limit: The most memory of the kept lines, in bytes. A container whose snapshot exceeds it cannot be recorded.
    ///   - header: The origin of the recordings and the display of their times. The recorder sets the container's name. Nil is the header of
    ///     a program that runs now.
    ///   - saving: The occasions on which the recorder saves by itself; nil for none.
    ///   - log: Called with a sentence for each file that the recorder saves by itself, and for each error of that.
    public init(
        _ container: Container,
        keeping: Duration = .seconds(600),
        atMost limit: Int = 64 << 20,
        header: RecordingHeader? = nil,
        saving: FlightSaving? = nil,
        log: @escaping @Sendable (String) -> Void = { _ in }
    ) {
        let tap = MonitorTap(container)
        let snapshot = tap.snapshot
        var header = header ?? RecordingHeader(ofProgramOn: container.environment.time)
        header.container = snapshot.container
        var stream = RecordingStream()
        var ring = FlightRing(keeping: keeping, limit: limit, at: snapshot.time)
        // A recording begins with its header. The one kept here belongs to no excerpt, which has its own.
        _ = try? stream.header(header, at: snapshot.time)
        if let picture = try? stream.picture(snapshot) { ring.begin(FlightLine(picture, at: stream.time)) }
        let watch = saving.map { FlightWatch($0, from: snapshot, rules: header.rules) }
        tap.releaseSnapshot()
        self.keeping = ring.keeping
        self.limit = ring.limit
        self.container = container
        self.header = header
        self.files = saving.map { FlightFiles($0, container: snapshot.container) }
        self.log = log
        self.store = FlightStore(ring)
        self.state = Lock(State(source: Source(tap: tap, stream: stream, watch: watch)))
    }

    // MARK: State

    /// The time from the first kept line to the last one; zero if nothing is kept. It can exceed ``keeping`` by the time between two
    /// snapshots.
    public var reach: Duration {
        self.store.read(\.reach)
    }

    /// Whether less than ``keeping`` is kept because the limit was reached, as in a storm of events.
    public var isShortened: Bool {
        self.store.read(\.isShortened)
    }

    /// The approximate memory of the lines, in bytes: those that are kept, and those that a save has still to write. At most ``limit``.
    public var memory: Int {
        self.store.read(\.weight)
    }

    /// The number of snapshots taken since the recorder was created.
    var pictureCount: UInt64 {
        self.store.read(\.begun)
    }

    // MARK: Recording

    /// Keeps everything that has happened since the last turn, and saves if the policy requires it now.
    ///
    /// Use it to record at your own pace; ``run()`` calls it periodically. A file is written on the calling thread. The call does nothing
    /// while another call of this recorder reads the container, and after ``run()`` has returned.
    ///
    /// - Complexity: O(events); O(container) for a snapshot.
    public func turn() {
        if let act = self.advance().act { self.perform(act) }
    }

    /// Records until its task is canceled, or until the container is closed and its last events are kept.
    ///
    /// The recorder reads the container at most four times per second while events occur, and once per second otherwise, and a last time
    /// when it ends. Files are written on a separate thread; the method returns after the last one is written. After that, the recorder
    /// keeps nothing more and no longer subscribes to the container. The kept lines can still be saved.
    public func run() async {
        let time = self.container.environment.time
        let pace = RecordingPace()
        let bell = self.container.subscribeWithoutSnapshot()
        var file: Promise<Void>?
        var hasAll = false
        while !Task.isCancelled {
            bell.skip()
            let isOver = bell.isOver
            let (moment, isRead, act) = self.advance()
            if let act { file = self.begin(act) }
            // The last events are kept only if this call read them.
            hasAll = isOver && isRead
            if hasAll { break }
            try? await time.sleep(until: pace.due(after: moment, hasNews: true))
            await self.somethingHappens(bell, before: pace.due(after: moment, hasNews: false))
        }
        // A program cancels the recorder right after it has closed the container.
        if !hasAll, let act = self.advance().act { file = self.begin(act) }
        if let file { await file.waitThroughCancellation() }
        if let last = self.end() { await self.begin(last).waitThroughCancellation() }
    }

    /// Ends the recording, and with it the subscription. Returns the save that was put off, if there is one.
    private func end() -> FlightWatch.Act? {
        let (last, source) = self.state.withLock { state -> (FlightWatch.Act?, Source?) in
            let last = state.source?.watch?.last()
            if last != nil { state.isActing = true }
            state.isOver = true
            return (last, state.source.take())
        }
        // Its subscription ends without the lock.
        withExtendedLifetime(source) {}
        return last
    }

    private func somethingHappens(_ bell: EventSubscription, before moment: TimeSource.Instant) async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await bell.next() }
            group.addTask { [container] in try? await container.environment.time.sleep(until: moment) }
            await group.next()
            group.cancelAll()
        }
    }

    /// Keeps everything since the last turn. Returns the time up to which the container is recorded, whether no other call is reading it, and
    /// the act that is due now.
    private func advance(acts: Bool = true) -> (time: TimeSource.Instant, isRead: Bool, act: FlightWatch.Act?) {
        let isActing = self.state.withLock { $0.isActing }
        // Taken without another reference, so that its figures are changed in place.
        guard var source = self.state.withLock({ $0.source.take() }) else {
            return (self.container.environment.time.now, self.state.withLock { $0.isOver }, nil)
        }
        let time = self.read(&source)
        let act = acts && !isActing ? source.watch?.due(at: time) : nil
        self.state.withLock { [source] state in
            if !state.isOver { state.source = source }
            if act != nil { state.isActing = true }
        }
        return (time, true, act)
    }

    private func read(_ source: inout Source) -> TimeSource.Instant {
        let pools = source.tap.isDue ? self.container.poolSamples() : nil
        let input = source.tap.next(pools: pools)
        source.watch?.take(input)
        do {
            try self.keep(input, &source)
        } catch {
            // The lines after a missing one would not follow from the lines before it.
            self.store.change { $0.clear(at: input.time) }
            if !source.hasFailed { self.report("the flight recorder starts again: a line cannot be encoded: \(error)") }
            source.hasFailed = true
        }
        return input.time
    }

    private func keep(_ input: MonitorInput, _ source: inout Source) throws {
        // Without a snapshot before it, an input is not needed: the next snapshot includes it.
        if self.store.read({ !$0.segments.isEmpty }) {
            let line = FlightLine(try source.stream.input(input), at: input.time)
            self.store.change { $0.append(line) }
        }
        let isDue = source.stream.isPictureDue
        guard self.store.read({ $0.isPictureDue(at: input.time, inRecording: isDue) }) else { return }
        guard let bytes = try source.stream.picture(self.container.snapshot()) else { return }
        let picture = FlightLine(bytes, at: source.stream.time)
        self.store.change { $0.begin(picture) }
    }

    // MARK: Saving

    /// Saves the last `duration` as a recording, up to the present. The recorder continues.
    ///
    /// The recording begins with the snapshot at or before the wanted beginning, and is complete in itself. It takes at most three quarters
    /// of ``limit``, so that the recorder continues while it is written. The file is created with mode 0600, and removed again if it cannot
    /// be written completely. An existing file is not changed; a device or a pipe is written to.
    ///
    /// - Parameters:
    ///   - duration: The time to save; nil saves everything that is kept.
    ///   - path: The path of the new file, where a leading `~` is the home directory; `-` is standard output.
    /// - Throws: ``RecordingError`` if nothing is kept, if the file cannot be created or written, or if events occur so fast that lines are
    ///   dropped before they are written.
    public func save(last duration: Duration? = nil, to path: String) throws(RecordingError) {
        let excerpt: FlightExcerpt
        let file: OutputFile
        do {
            excerpt = try self.excerpt(last: duration)
        } catch {
            throw RecordingError("cannot save to '\(path)': \(error.description)")
        }
        do {
            file = try OutputTarget(path).begin(mode: 0o600)
        } catch {
            let isThere = error.kind == .exists
            throw RecordingError("cannot save to '\(path)': \(isThere ? "it already exists and is left unchanged" : error.reason)")
        }
        try excerpt.write(to: file)
    }

    /// Begins an excerpt of the last `duration`, or of everything that is kept, up to the present.
    ///
    /// - Parameter header: The header of the excerpt; nil is that of the recorder.
    /// - Throws: ``RecordingError`` with the reason if nothing is kept.
    package func excerpt(last duration: Duration? = nil, header: RecordingHeader? = nil) throws(RecordingError) -> FlightExcerpt {
        _ = self.advance(acts: false)
        return try self.store.excerpt(last: duration, header: header ?? self.header)
    }

    // MARK: Saving by itself

    /// Performs `act` on a thread that it may block.
    private func begin(_ act: FlightWatch.Act) -> Promise<Void> {
        let done = Promise<Void>()
        self.container.environment.startApart {
            self.perform(act)
            done.fulfill(())
        }
        return done
    }

    private func perform(_ act: FlightWatch.Act) {
        defer { self.state.withLock { $0.isActing = false } }
        guard let files else { return }
        do {
            switch act {
            case .save(let reason):
                let excerpt = try self.excerpt()
                let file = try files.begin(for: reason, at: self.unixSeconds(at: excerpt.end))
                try excerpt.write(to: file)
                self.report("the last \((excerpt.end - excerpt.beginning).brief) are saved to \(file.name): \(reason.text)")
                try files.dropOld(at: self.unixSeconds(at: excerpt.end))
            case .dropOld:
                try files.dropOld(at: self.unixSeconds(at: self.container.environment.time.now))
            }
        } catch {
            self.report(error.description)
        }
    }

    private func report(_ sentence: String) {
        UserCode.begins()
        self.log(sentence)
    }

    private func unixSeconds(at time: TimeSource.Instant) -> Int64 {
        self.header.clockOriginNanoseconds.addingSaturated(time.nanoseconds) / 1_000_000_000
    }
}
