/// The initialize and dispose steps that the instances of a binding go through.
public struct Lifecycle<Value: Sendable>: Sendable {
    private let fixed: LifecycleSteps<Value>?
    private let traits: TypeTraits<Value>
    /// Whether an instance needs no initialize step and still has to be disposed.
    let onlyDisposes: Bool

    private init(_ fixed: LifecycleSteps<Value>?, onlyDisposes: Bool = false) {
        self.fixed = fixed
        self.traits = TypeTraits()
        self.onlyDisposes = onlyDisposes
    }

    /// Uses the steps of a ``Resource`` or ``SyncResource``. Other values have no lifecycle.
    ///
    /// The choice is made for each instance, so that a binding of a protocol or a base class uses the steps of the concrete type.
    public static var automatic: Lifecycle {
        Lifecycle(nil)
    }

    /// A lifecycle for a type that conforms to neither ``Resource`` nor ``SyncResource``.
    ///
    /// - Parameters:
    ///   - onInitialize: Makes the instance ready. If it throws, the request fails. Pass nil for an instance that needs no initialization;
    ///     an instance bound with such a lifecycle is disposed with its scope even if it is never requested.
    ///   - onDispose: Releases what the instance holds. It never runs in a canceled task.
    public static func managed(
        onInitialize: (@Sendable (Value) async throws -> Void)? = nil,
        onDispose: @escaping @Sendable (Value) async throws -> Void = { _ in }
    ) -> Lifecycle {
        Lifecycle(.asynchronous(initialize: onInitialize ?? { _ in }, dispose: onDispose), onlyDisposes: onInitialize == nil)
    }

    /// A lifecycle whose steps do not suspend, so that a synchronous scope can use the binding. See ``managed(onInitialize:onDispose:)``.
    public static func managedSynchronously(
        onInitialize: (@Sendable (Value) throws -> Void)? = nil,
        onDispose: @escaping @Sendable (Value) throws -> Void = { _ in }
    ) -> Lifecycle {
        Lifecycle(.synchronous(initialize: onInitialize ?? { _ in }, dispose: onDispose), onlyDisposes: onInitialize == nil)
    }

    /// The lifecycle of instances that the container does not own: no steps.
    static var none: Lifecycle {
        Lifecycle(LifecycleSteps.none)
    }

    /// Whether the steps of instances may suspend, as far as the static type shows.
    var isAsynchronous: Bool {
        if case .asynchronous = self.fixed ?? self.traits.steps { true } else { false }
    }

    /// Wraps `value` for the engine.
    func instance(_ value: Value, for handle: ResourceHandle) -> AnyInstance {
        let isExact = self.traits.describes(value)
        let steps = self.fixed ?? (isExact ? self.traits.steps : TypeTraits.steps(of: value))
        let isContextual = isExact ? self.traits.isContextual : value is any ContextualResource
        return Instance(handle: handle, value: value, steps: steps, isContextual: isContextual)
    }
}

/// The initialize and dispose steps of the instances of one binding.
enum LifecycleSteps<Value: Sendable>: Sendable {
    case none
    case synchronous(initialize: @Sendable (Value) throws -> Void, dispose: @Sendable (Value) throws -> Void)
    case asynchronous(initialize: @Sendable (Value) async throws -> Void, dispose: @Sendable (Value) async throws -> Void)
}

/// The properties of a bound type that decide the steps of its instances. They are computed once per binding, because a dynamic cast for
/// each instance costs more than the rest of its creation.
struct TypeTraits<Value: Sendable>: Sendable {
    /// The steps of values that are of exactly this type.
    let steps: LifecycleSteps<Value>
    /// Whether values of exactly this type conform to `ContextualResource`.
    let isContextual: Bool
    private let isClass: Bool
    /// Whether this is a struct, enum or actor with a known conformance. Nothing is known of a protocol type.
    private let isKnown: Bool

    init() {
        let contextual = Value.self as? any ContextualResource.Type
        self.isContextual = contextual != nil
        self.isClass = Value.self is AnyClass
        if let type = Value.self as? any SyncResource.Type {
            self.steps = Self.synchronous(type)
        } else if let type = Value.self as? any Resource.Type {
            self.steps = Self.asynchronous(type)
        } else {
            self.steps = .none
        }
        // A protocol type does not conform to a protocol. A type with a conformance is therefore a concrete type.
        if case .none = self.steps { self.isKnown = self.isContextual } else { self.isKnown = true }
    }

    /// Whether `value` is of exactly this type, so that the traits of the type apply to it. A class instance is one word, which the bit
    /// cast copies; a conversion would call the runtime.
    func describes(_ value: Value) -> Bool {
        self.isClass ? type(of: unsafeBitCast(value, to: AnyObject.self)) == Value.self : self.isKnown
    }

    /// The steps of a value whose dynamic type differs from the bound type.
    static func steps(of value: Value) -> LifecycleSteps<Value> {
        // The casts in the closures repeat the checks here for the same value, so they cannot fail.
        if value is any SyncResource {
            .synchronous(
                initialize: { try ($0 as? any SyncResource)?.initialize() },
                dispose: { try ($0 as? any SyncResource)?.dispose() }
            )
        } else if value is any Resource {
            .asynchronous(
                initialize: { try await ($0 as? any Resource)?.initialize() },
                dispose: { try await ($0 as? any Resource)?.dispose() }
            )
        } else {
            .none
        }
    }

    // `type` is `Value.self` seen through a conformance, so the bit casts below convert a type to itself.

    private static func synchronous<R: SyncResource>(_ type: R.Type) -> LifecycleSteps<Value> {
        .synchronous(
            initialize: { try unsafeBitCast($0, to: R.self).initialize() },
            dispose: { try unsafeBitCast($0, to: R.self).dispose() }
        )
    }

    private static func asynchronous<R: Resource>(_ type: R.Type) -> LifecycleSteps<Value> {
        .asynchronous(
            initialize: { try await unsafeBitCast($0, to: R.self).initialize() },
            dispose: { try await unsafeBitCast($0, to: R.self).dispose() }
        )
    }
}
