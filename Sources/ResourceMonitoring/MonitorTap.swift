import ResourceContainer

/// Draws from a container what a monitor is told: the events since the last time and, at points of a grid of 250 ms of the container's time,
/// what no event tells.
///
/// For one consumer. Costs nothing while it is not asked; asked too rarely, it misses events, and says so with a new picture.
public struct MonitorTap: Sendable {
    /// The picture that the first input follows.
    public var snapshot: ContainerSnapshot { self.subscription.snapshot }
    private let container: Container
    private let subscription: EventSubscription
    /// The last point of the grid at which was sampled, and when the slow samples were taken last.
    private var step: Int64
    private var lookedAt: TimeSource.Instant?
    /// Where the sampling of uses stopped last.
    private var usesCursor = 0

    /// How many instances are asked for their use at each sample.
    private static let useLimit = 4096
    /// How far slow samples stand apart, at least.
    private static let slowInterval = Duration.seconds(1)

    /// A tap at `container`, from now on. What is known of the container's health goes with it, whoever asks for it.
    public init(_ container: Container) {
        self.container = container
        self.subscription = container.subscribe()
        self.step = Activity.number(of: self.subscription.snapshot.time) - 1
    }

    /// What happened since the last time. O(events), and at a point of the grid O(pools), once a second O(checked resources).
    public mutating func next() -> MonitorInput {
        self.next(pools: self.isDue ? self.container.poolSamples() : nil)
    }

    /// Whether the next draw is one with samples.
    package var isDue: Bool {
        Activity.number(of: self.container.environment.time.now) > self.step
    }

    /// ``next()`` with the figures of the pools, which may be a user's own: who draws under a lock asks them before. Without them nothing is
    /// sampled, and the next draw is due.
    package mutating func next(pools: [PoolSample]?) -> MonitorInput {
        let batch = self.subscription.drain()
        let now = self.container.environment.time.now
        // After a gap what lasts is looked at anew.
        if batch.snapshot != nil { self.lookedAt = nil }
        guard let pools, Activity.number(of: now) > self.step else { return MonitorInput(time: now, batch: batch) }
        self.step = Activity.number(of: now)
        let uses = self.container.uses(from: &self.usesCursor, limit: Self.useLimit)
        var samples = MonitorSamples(pools: pools, uses: uses.map { MonitorSamples.Uses(resource: $0.resource, uses: $0.uses) })
        if self.lookedAt.map({ now >= $0 + Self.slowInterval }) ?? true {
            self.lookedAt = now
            samples.slow = self.slow()
        }
        return MonitorInput(time: now, batch: batch, samples: samples)
    }

    /// Returns when something has happened since the last time, at `moment` at the latest, or when the task is cancelled.
    public func somethingHappens(before moment: TimeSource.Instant) async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { [subscription] in await subscription.next() }
            group.addTask { [container] in try? await container.environment.time.sleep(until: moment) }
            await group.next()
            group.cancelAll()
        }
    }

    /// The first point of the sampling grid after `time`.
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
