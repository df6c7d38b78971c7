/// A fault to inject into an instance of a binding, for demonstrations and tests. See ``Container/inject(_:into:)``.
public enum InjectedFault: Sendable, Hashable, Codable {
    /// The initialize step of the next instance throws ``InjectedFailure``.
    case failInitialize
    /// The initialize step of the next instance does not return before its timeout.
    case hangInitialize
    /// The initialize step of the next instance takes longer by this duration.
    case slowInitialize(Duration)
    /// The next dispose of an instance throws ``InjectedFailure`` after it has done its work.
    case failDispose
    /// The next dispose of an instance does its work and does not return before its timeout.
    case hangDispose

    /// The names in recordings, as version 1.0 of the format wrote them.
    private enum CodingKeys: String, CodingKey {
        case failInitialize = "failInitialise"
        case hangInitialize = "hangInitialise"
        case slowInitialize = "slowInitialise"
        case failDispose, hangDispose
    }

    /// The step of an instance that consumes the fault.
    var phase: ResourceEvent.Phase {
        switch self {
        case .failInitialize, .hangInitialize, .slowInitialize: .initialize
        case .failDispose, .hangDispose: .dispose
        }
    }
}

extension InjectedFault: CustomStringConvertible {
    /// The effect of the fault, such as `the next initialize fails`.
    public var description: String {
        switch self {
        case .failInitialize: "the next initialize fails"
        case .hangInitialize: "the next initialize hangs"
        case .slowInitialize(let duration): "the next initialize takes \(duration) longer"
        case .failDispose: "the next dispose fails"
        case .hangDispose: "the next dispose hangs"
        }
    }
}

/// The error of a step into which a failure was injected.
public struct InjectedFailure: Error, Sendable, Hashable, CustomStringConvertible {
    /// The step that failed.
    public let phase: ResourceEvent.Phase

    /// The step that failed, in words.
    public var description: String {
        "injected \(self.phase.rawValue) failure"
    }
}

/// The pending faults of a binding, in the order of injection.
final class FaultPlan: Sendable {
    private let faults = Lock<[InjectedFault]>([])

    func add(_ fault: InjectedFault) {
        self.faults.withLock { $0.append(fault) }
    }

    /// Removes and returns the first pending fault of a step.
    func take(_ phase: ResourceEvent.Phase) -> InjectedFault? {
        self.faults.withLock { faults in
            faults.firstIndex { $0.phase == phase }.map { faults.remove(at: $0) }
        }
    }
}

extension Engine {
    /// Applies the fault injected into the initialize step of an instance that a task of the container creates.
    func applyFault(_ making: Registry.Making) async throws {
        guard let fault = making.binding.faults?.take(.initialize) else { return }
        switch fault {
        case .hangInitialize: await self.sleepIgnoringCancellation(beyond: making.binding.options.initializeTimeout)
        case .slowInitialize(let duration): await self.sleepIgnoringCancellation(for: duration)
        default: throw InjectedFailure(phase: .initialize)
        }
    }

    /// Applies the fault injected into an initialize step that cannot suspend. Any fault makes it throw.
    func applyFaultSynchronously(_ making: Registry.Making) throws {
        if making.binding.faults?.take(.initialize) != nil { throw InjectedFailure(phase: .initialize) }
    }

    /// Applies the fault injected into the dispose step of an instance.
    func applyFault(_ disposal: Registry.Disposal) async throws {
        guard let fault = disposal.binding.faults?.take(.dispose) else { return }
        if case .hangDispose = fault { return await self.sleepIgnoringCancellation(beyond: disposal.binding.options.disposeTimeout) }
        throw InjectedFailure(phase: .dispose)
    }

    /// Applies the fault injected into a dispose step that cannot suspend. Any fault makes it throw.
    func applyFaultSynchronously(_ disposal: Registry.Disposal) throws {
        if disposal.binding.faults?.take(.dispose) != nil { throw InjectedFailure(phase: .dispose) }
    }

    /// Sleeps for slightly longer than a budget and ignores cancellation, to simulate a hang.
    private func sleepIgnoringCancellation(beyond budget: Duration) async {
        // Instants saturate where durations would overflow.
        await self.sleepIgnoringCancellation(until: self.now + budget + .seconds(1))
    }

    private func sleepIgnoringCancellation(for duration: Duration) async {
        await self.sleepIgnoringCancellation(until: self.now + duration)
    }

    private func sleepIgnoringCancellation(until instant: TimeSource.Instant) async {
        let end = Promise<Void>()
        let deadline = self.environment.time.schedule(at: instant) { end.fulfill(()) }
        await end.waitThroughCancellation()
        deadline.cancel()
    }
}

extension Container {
    /// Injects a fault into the next instance of a binding. The injection is an event; its consequences are reported like those of a real
    /// fault.
    ///
    /// - Throws: ``ResourceError/Code/unknownBinding``; ``ResourceError/Code/faultsNotAllowed`` if its ``BindingOptions/allowsFaults`` is
    ///   not set; ``ResourceError/Code/containerClosed``.
    public func inject(_ fault: InjectedFault, into binding: BindingID) throws(ResourceError) {
        let now = self.engine.now
        let (found, isOver) = self.engine.locked { ($0.key(binding), $0.isOver) }
        guard let found else {
            throw ResourceError(.unknownBinding, "container \(self.name) has no binding \(binding)")
        }
        if isOver { throw .containerClosed(self.name, key: found.shown.label, refused: "a fault for \(found.shown.label)") }
        guard let plan = found.faults else {
            throw ResourceError(
                .faultsNotAllowed,
                key: found.shown.label,
                "\(found.shown.label) does not allow faults: pass BindingOptions(allowsFaults: true) where it is bound (\(found.shown.location))"
            )
        }
        plan.add(fault)
        self.engine.locked { $0.log.append(.boxed(.faultInjected(fault)), scope: .root, binding: binding, at: now) }
    }
}
