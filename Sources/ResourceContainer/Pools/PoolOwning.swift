/// A resource that creates and closes pools itself, so that no binding of theirs exists. The container samples them under the identity of the
/// resource.
package protocol PoolOwning: ContextualResource {
    /// The pools as one, for their figures and events; nil if separate bindings create the pools. Must be a stored value: it is read under the
    /// container's lock.
    var ownedPool: (any SampledPool)? { get }
}

/// Returns the pool whose figures are those of `value`: the value itself, or the pool that it owns.
func sampledPool(of value: some Sendable) -> (any SampledPool)? {
    (value as? any SampledPool) ?? (value as? any PoolOwning)?.ownedPool
}
