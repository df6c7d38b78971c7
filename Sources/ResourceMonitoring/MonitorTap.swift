import ResourceContainer

/// A source of monitor inputs: a container's events since the last read and, on a 250 ms grid of the container's time, samples of
/// figures that have no events.
///
/// A tap is for one consumer. It costs nothing between reads. A tap that is read too rarely misses events; the next input then contains
/// the number of missed events and a new snapshot.
public struct MonitorTap: Sendable {
    /// The snapshot that the first input follows.
    public var snapshot: ContainerSnapshot { self.subscription.snapshot }
    private let container: Container
    private let subscription: EventSubscription
    /// The last grid point at which a sample was taken, and the time of the last slow sample.
    private var step: Int64
    private var slowSampledAt: TimeSource.Instant?
    /// The row at which the sampling of use counts continues.
    private var usesCursor = 0

    /// The number of instances whose use count is read per sample.
    private static let useLimit = 4096
    /// The shortest time between slow samples.
    private static let slowInterval = Duration.seconds(1)

    /// Creates a tap that starts from the container's current state. Its samples include the container's known health.
    public init(_ container: Container) {
        self.init(container, continuing: nil)
    }

    /// Creates a tap that starts from a snapshot that was taken of the container earlier, if the events after it are still kept; otherwise
    /// from the container's current state.
    package init(_ container: Container, continuing shared: ContainerSnapshot?) {
        self.container = container
        self.subscription = shared.flatMap { container.subscribe(continuing: $0) } ?? container.subscribe()
        self.step = Activity.number(of: self.subscription.snapshot.time) - 1
    }

    /// Releases the memory of ``snapshot``, of which only the container's name, the number of the last event, and the time remain.
    package func releaseSnapshot() {
        self.subscription.releaseSnapshot()
    }

    /// Returns everything that happened since the last read.
    ///
    /// - Complexity: O(events); in addition O(pools) at a grid point, and O(resources and their dependencies) once per second.
    public mutating func next() -> MonitorInput {
        self.next(pools: self.isDue ? self.container.poolSamples() : nil)
    }

    /// Whether the next read takes samples.
    package var isDue: Bool {
        Activity.number(of: self.container.environment.time.now) > self.step
    }

    /// Whether an event or a change of sampled figures has happened since the last read. O(1), takes no snapshot.
    ///
    /// Changes of sampled figures count from the first call on.
    package var hasNews: Bool {
        self.subscription.hasNews
    }

    /// Whether the next read reports missed events and takes a snapshot. O(1).
    package var wouldMiss: Bool {
        self.subscription.wouldMiss
    }

    /// ``next()`` with pool samples that the caller took. A caller that holds a lock takes them before locking, since a pool may be
    /// application code. If `pools` is nil, nothing is sampled and ``isDue`` stays true. After missed events, the tap continues `shared` if the
    /// events after that snapshot are still kept.
    package mutating func next(pools: [PoolSample]?, continuing shared: ContainerSnapshot? = nil) -> MonitorInput {
        let batch = self.subscription.drain(orContinuing: shared)
        let now = self.container.environment.time.now
        // After missed events, slow figures are sampled again.
        if batch.snapshot != nil { self.slowSampledAt = nil }
        guard let pools, Activity.number(of: now) > self.step else { return MonitorInput(time: now, batch: batch) }
        self.step = Activity.number(of: now)
        let uses = self.container.uses(from: &self.usesCursor, limit: Self.useLimit)
        var samples = MonitorSamples(pools: pools, uses: uses.map { MonitorSamples.Uses(resource: $0.resource, uses: $0.uses) })
        if self.slowSampledAt.map({ now >= $0 + Self.slowInterval }) ?? true {
            self.slowSampledAt = now
            samples.slow = self.slow()
        }
        return MonitorInput(time: now, batch: batch, samples: samples)
    }

    /// Returns when something has happened since the last read, when `moment` is reached, or when the task is canceled.
    public func somethingHappens(before moment: TimeSource.Instant) async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { [subscription] in await subscription.next() }
            group.addTask { [container] in try? await container.environment.time.sleep(until: moment) }
            await group.next()
            group.cancelAll()
        }
    }

    /// Returns the first point of the 250 ms sampling grid after `time`.
    public static func nextStep(after time: TimeSource.Instant) -> TimeSource.Instant {
        Activity.nextStep(after: time)
    }

    private func slow() -> MonitorSamples.Slow {
        let books = self.container.books()
        return MonitorSamples.Slow(
            outliving: self.container.outliving(),
            forgottenScopes: self.container.forgottenScopes(),
            books: books.books,
            booksSequence: books.sequence,
            health: ContainerHealth.of(self.container)?.picture(of: self.container)
        )
    }
}
