/// The resolution of the parameters of a binding's closure.
extension Resolver {
    /// Resolves a parameter like `get(_:)`, with two exceptions. An optional parameter is nil if nothing is bound for it, or if its value
    /// is one that no scope provides. A ``Provider`` and ``All`` are made for this resolver.
    ///
    /// - Parameter mayBeIndirect: Whether the parameter can be a ``Provider`` or ``All``. The dynamic cast that finds them costs as much as
    ///   the rest.
    nonisolated(nonsending) func dependency<Value: Sendable>(_ key: ResourceKey<Value>, mayBeIndirect: Bool) async throws -> Value {
        if mayBeIndirect, let indirect = Value.self as? any IndirectDependency.Type {
            return Self.value(try await indirect.make(name: key.name, self))
        }
        do {
            return try await self.get(key)
        } catch let error as ResourceError where error.code == .notBound && error.key == key.label {
            guard let optional = Value.self as? any OptionalDependency.Type else { throw error }
            let wrapped = KeyID(type: optional.wrappedType, name: key.name)
            guard self.engine.isBound(wrapped, in: self.owner) else { return Self.value(optional.make(nil)) }
            do {
                let query = Engine.Query(key: wrapped, requestingScope: self.owner, requester: self.requester)
                return Self.value(optional.make(try await self.engine.instance(query, text: key.text).erased))
            } catch let error as ResourceError where error.code == .missingValue { return Self.value(optional.make(nil)) }
        } catch let error as ResourceError where error.code == .missingValue && error.key == key.label {
            guard let optional = Value.self as? any OptionalDependency.Type else { throw error }
            return Self.value(optional.make(nil))
        }
    }

    /// Resolves a parameter in a synchronous closure. See ``dependency(_:mayBeIndirect:)``.
    @available(*, noasync)
    @_disfavoredOverload
    func dependency<Value: Sendable>(_ key: ResourceKey<Value>, mayBeIndirect: Bool) throws -> Value {
        if mayBeIndirect, let indirect = Value.self as? any IndirectDependency.Type {
            return Self.value(try indirect.makeSynchronously(name: key.name, self))
        }
        do {
            return try self.engine.resolveSynchronously(key, in: self.owner, for: self.requester)
        } catch let error as ResourceError where error.code == .notBound && error.key == key.label {
            guard let optional = Value.self as? any OptionalDependency.Type else { throw error }
            let wrapped = KeyID(type: optional.wrappedType, name: key.name)
            guard self.engine.isBound(wrapped, in: self.owner) else { return Self.value(optional.make(nil)) }
            do {
                let query = Engine.Query(key: wrapped, requestingScope: self.owner, requester: self.requester)
                return Self.value(optional.make(try self.engine.instanceSynchronously(query, text: key.text).erased))
            } catch let error as ResourceError where error.code == .missingValue { return Self.value(optional.make(nil)) }
        } catch let error as ResourceError where error.code == .missingValue && error.key == key.label {
            guard let optional = Value.self as? any OptionalDependency.Type else { throw error }
            return Self.value(optional.make(nil))
        }
    }

    /// A parameter that was made through its metatype, as its type.
    private static func value<Value>(_ value: Any) -> Value {
        guard let value = value as? Value else { preconditionFailure("a parameter is made with the metatype of its type") }
        return value
    }
}

/// An optional parameter, for which a binding may be missing. The conformance of `Optional` is unconditional because a type is tested for
/// it at run time.
protocol OptionalDependency {
    static var wrappedType: ObjectIdentifier { get }
    static func make(_ value: (any Sendable)?) -> Any
}

extension Optional: OptionalDependency {
    static var wrappedType: ObjectIdentifier {
        ObjectIdentifier(Wrapped.self)
    }

    static func make(_ value: (any Sendable)?) -> Any {
        value.flatMap { $0 as? Wrapped } as Any
    }
}
