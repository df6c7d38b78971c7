/// How instances of a binding are initialised and disposed.
public struct Lifecycle<Value: Sendable>: Sendable {
    let steps: @Sendable (Value) -> LifecycleSteps

    /// A ``Resource`` or ``SyncResource`` is initialised and disposed; any other value has no lifecycle. Decided per instance, so that
    /// a binding of a protocol or a base class does what its instance asks for.
    public static var automatic: Lifecycle {
        Lifecycle { value in
            if let resource = value as? any SyncResource {
                .synchronous(initialize: { try resource.initialize() }, dispose: { try resource.dispose() })
            } else if let resource = value as? any Resource {
                .asynchronous(initialize: { try await resource.initialize() }, dispose: { try await resource.dispose() })
            } else {
                .none
            }
        }
    }

    /// A type that knows nothing of resources is given a lifecycle (the specification's `managed_resource`).
    ///
    /// - Parameters:
    ///   - onInitialize: makes the instance ready; a throw fails the request.
    ///   - onDispose: releases what the instance holds; never runs cancelled.
    public static func managed(
        onInitialize: @escaping @Sendable (Value) async throws -> Void = { _ in },
        onDispose: @escaping @Sendable (Value) async throws -> Void = { _ in }
    ) -> Lifecycle {
        Lifecycle { value in
            .asynchronous(initialize: { try await onInitialize(value) }, dispose: { try await onDispose(value) })
        }
    }

    /// ``managed(onInitialize:onDispose:)`` whose steps need no suspension, so that a synchronous scope can use the binding.
    public static func managedSynchronously(
        onInitialize: @escaping @Sendable (Value) throws -> Void = { _ in },
        onDispose: @escaping @Sendable (Value) throws -> Void = { _ in }
    ) -> Lifecycle {
        Lifecycle { value in
            .synchronous(initialize: { try onInitialize(value) }, dispose: { try onDispose(value) })
        }
    }
}

/// The two steps of one instance.
enum LifecycleSteps: Sendable {
    case none
    case synchronous(initialize: @Sendable () throws -> Void, dispose: @Sendable () throws -> Void)
    case asynchronous(initialize: @Sendable () async throws -> Void, dispose: @Sendable () async throws -> Void)
}
