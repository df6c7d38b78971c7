/// Something to go wrong on purpose, so that one sees what becomes of it: see ``Container/inject(_:into:)``.
public enum InjectedFault: Sendable, Hashable, Codable {
    /// The next instance throws in its initialise.
    case failInitialise
    /// The next instance does not come back from its initialise until its budget is over.
    case hangInitialise
    /// The initialise of the next instance takes this much longer.
    case slowInitialise(Duration)
    /// The next dispose of an instance throws, after it has done its work.
    case failDispose
    /// The next dispose of an instance does its work and does not come back until its budget is over.
    case hangDispose

    /// Which step of an instance it waits for.
    var phase: ResourceEvent.Phase {
        switch self {
        case .failInitialise, .hangInitialise, .slowInitialise: .initialise
        case .failDispose, .hangDispose: .dispose
        }
    }
}

extension InjectedFault: CustomStringConvertible {
    public var description: String {
        switch self {
        case .failInitialise: "the next initialise fails"
        case .hangInitialise: "the next initialise hangs"
        case .slowInitialise(let duration): "the next initialise takes \(duration) longer"
        case .failDispose: "the next dispose fails"
        case .hangDispose: "the next dispose hangs"
        }
    }
}

/// What an instance throws that was told to fail.
public struct InjectedFailure: Error, Sendable, Hashable, CustomStringConvertible {
    /// The step that failed.
    public let phase: ResourceEvent.Phase

    public var description: String {
        "this \(self.phase.rawValue) was told to fail"
    }
}

/// The faults that wait for the next instances of a binding, in the order they were injected.
final class FaultPlan: Sendable {
    private let faults = Lock<[InjectedFault]>([])

    func add(_ fault: InjectedFault) {
        self.faults.withLock { $0.append(fault) }
    }

    /// Takes the first fault that waits for this step.
    func take(_ phase: ResourceEvent.Phase) -> InjectedFault? {
        self.faults.withLock { faults in
            faults.firstIndex { $0.phase == phase }.map { faults.remove(at: $0) }
        }
    }
}

extension Engine {
    /// What was injected into the initialise of an instance that a task of the container's own makes.
    func suffer(_ making: Registry.Making) async throws {
        guard let fault = making.binding.faults?.take(.initialise) else { return }
        switch fault {
        case .hangInitialise: await self.deafly(beyond: making.binding.options.initializeTimeout)
        case .slowInitialise(let duration): await self.deafly(wait: duration)
        default: throw InjectedFailure(phase: .initialise)
        }
    }

    /// The same where nothing may suspend: whatever the fault, the instance fails.
    func sufferSynchronously(_ making: Registry.Making) throws {
        if making.binding.faults?.take(.initialise) != nil { throw InjectedFailure(phase: .initialise) }
    }

    /// What was injected into the dispose of an instance.
    func suffer(_ disposal: Registry.Disposal) async throws {
        guard let fault = disposal.binding.faults?.take(.dispose) else { return }
        if case .hangDispose = fault { return await self.deafly(beyond: disposal.binding.options.disposeTimeout) }
        throw InjectedFailure(phase: .dispose)
    }

    /// The same where nothing may suspend.
    func sufferSynchronously(_ disposal: Registry.Disposal) throws {
        if disposal.binding.faults?.take(.dispose) != nil { throw InjectedFailure(phase: .dispose) }
    }

    /// Waits until a budget is over and a little longer, deaf to cancellation, as what hangs is.
    private func deafly(beyond budget: Duration) async {
        // Moments saturate where durations would overflow.
        await self.deafly(until: self.now + budget + .seconds(1))
    }

    private func deafly(wait duration: Duration) async {
        await self.deafly(until: self.now + duration)
    }

    private func deafly(until instant: TimeSource.Instant) async {
        let end = Promise<Void>()
        let deadline = self.environment.time.schedule(at: instant) { end.fulfil(()) }
        await end.waitThroughCancellation()
        deadline.cancel()
    }
}

extension Container {
    /// Lets the next instance of a binding go wrong in one of its steps. Told in an event, once injected; what follows is told as if it had
    /// happened by itself.
    ///
    /// - Throws: ``ResourceError/Code/unknownBinding``; ``ResourceError/Code/faultsNotAllowed`` if its ``BindingOptions/allowsFaults`` is
    ///   not set; ``ResourceError/Code/containerClosed``.
    public func inject(_ fault: InjectedFault, into binding: BindingID) throws(ResourceError) {
        let now = self.engine.now
        let (found, isOver) = self.engine.locked { ($0.key(binding), $0.isOver) }
        guard let found else {
            throw ResourceError(.unknownBinding, "there is no \(binding) in \(self.name)")
        }
        if isOver { throw .containerClosed(self.name, key: found.shown.label, refused: "a fault for \(found.shown.label)") }
        guard let plan = found.faults else {
            throw ResourceError(
                .faultsNotAllowed,
                key: found.shown.label,
                "\(found.shown.label) takes no faults: say BindingOptions(allowsFaults: true) where it is bound (\(found.shown.place))"
            )
        }
        plan.add(fault)
        self.engine.locked { $0.log.append(.boxed(.faultInjected(fault)), scope: .root, binding: binding, at: now) }
    }
}
