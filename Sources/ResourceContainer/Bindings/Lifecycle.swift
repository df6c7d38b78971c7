/// How instances of a binding are initialised and disposed.
public struct Lifecycle<Value: Sendable>: Sendable {
    private let fixed: LifecycleSteps<Value>?
    private let traits: TypeTraits<Value>
    /// Whether an instance needs no initialise to be in use, and a dispose all the same.
    let onlyDisposes: Bool

    private init(_ fixed: LifecycleSteps<Value>?, onlyDisposes: Bool = false) {
        self.fixed = fixed
        self.traits = TypeTraits()
        self.onlyDisposes = onlyDisposes
    }

    /// A ``Resource`` or ``SyncResource`` is initialised and disposed; any other value has no lifecycle. Decided per instance, so that
    /// a binding of a protocol or a base class does what its instance asks for.
    public static var automatic: Lifecycle {
        Lifecycle(nil)
    }

    /// A type that knows nothing of resources is given a lifecycle (the specification's `managed_resource`).
    ///
    /// - Parameters:
    ///   - onInitialize: makes the instance ready; a throw fails the request. Nil if it is ready as it is: then an instance that is bound
    ///     is disposed with its scope even if nobody asks for it.
    ///   - onDispose: releases what the instance holds; never runs cancelled.
    public static func managed(
        onInitialize: (@Sendable (Value) async throws -> Void)? = nil,
        onDispose: @escaping @Sendable (Value) async throws -> Void = { _ in }
    ) -> Lifecycle {
        Lifecycle(.asynchronous(initialize: onInitialize ?? { _ in }, dispose: onDispose), onlyDisposes: onInitialize == nil)
    }

    /// ``managed(onInitialize:onDispose:)`` whose steps need no suspension, so that a synchronous scope can use the binding.
    public static func managedSynchronously(
        onInitialize: (@Sendable (Value) throws -> Void)? = nil,
        onDispose: @escaping @Sendable (Value) throws -> Void = { _ in }
    ) -> Lifecycle {
        Lifecycle(.synchronous(initialize: onInitialize ?? { _ in }, dispose: onDispose), onlyDisposes: onInitialize == nil)
    }

    /// What instances have neither initialise nor dispose: those of somebody else.
    static var none: Lifecycle {
        Lifecycle(LifecycleSteps.none)
    }

    /// Whether instances will most likely have steps that may suspend.
    var isAsynchronous: Bool {
        if case .asynchronous = self.fixed ?? self.traits.steps { true } else { false }
    }

    /// `value` as the engine keeps it.
    func instance(_ value: Value, for handle: ResourceHandle) -> AnyInstance {
        let isExact = self.traits.describes(value)
        let steps = self.fixed ?? (isExact ? self.traits.steps : TypeTraits.steps(of: value))
        let isContextual = isExact ? self.traits.isContextual : true
        return Instance(handle: handle, value: value, steps: steps, contextual: isContextual ? value as? any ContextualResource : nil)
    }
}

/// The two steps of the instances of one binding.
enum LifecycleSteps<Value: Sendable>: Sendable {
    case none
    case synchronous(initialize: @Sendable (Value) throws -> Void, dispose: @Sendable (Value) throws -> Void)
    case asynchronous(initialize: @Sendable (Value) async throws -> Void, dispose: @Sendable (Value) async throws -> Void)
}

/// What the type of a binding tells about its instances, found out once: asking each instance costs more than all the rest of making it.
struct TypeTraits<Value: Sendable>: Sendable {
    /// The steps of values that are of exactly this type.
    let steps: LifecycleSteps<Value>
    /// Whether values of exactly this type want to know their container.
    let isContextual: Bool
    private let isClass: Bool
    /// Whether this is a struct, an enum or an actor that the questions below could be answered for; nothing is known of a protocol type.
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
        // A protocol type does not conform to a protocol itself: one that was found to conform is none.
        if case .none = self.steps { self.isKnown = self.isContextual } else { self.isKnown = true }
    }

    /// Whether `value` is of exactly this type, so that what is known of the type holds for it. An instance of a class is one word, which
    /// the bit cast takes as it is; a conversion would ask the runtime.
    func describes(_ value: Value) -> Bool {
        self.isClass ? type(of: unsafeBitCast(value, to: AnyObject.self)) == Value.self : self.isKnown
    }

    /// The steps of a value whose type is not the bound one.
    static func steps(of value: Value) -> LifecycleSteps<Value> {
        // The casts repeat what was found here for the same value; a mismatch cannot happen and does nothing.
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

    // `type` is `Value.self`, seen through a conformance: the bit casts below are from a type to itself.

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
