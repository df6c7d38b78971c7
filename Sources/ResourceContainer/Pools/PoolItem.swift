/// A box for an element, as the hub stores it. Inlinable, so that acquiring a lease needs no type metadata lookup.
@usableFromInline
final class PoolItem<Element: Sendable>: Sendable {
    @usableFromInline
    let element: Element

    init(_ element: Element) {
        self.element = element
    }

    /// Returns the element of a box. The hub's `make` hook must create only boxes of this type.
    @inlinable
    static func element(_ item: any PoolHub.Item) -> Element {
        unsafeDowncast(item, to: PoolItem<Element>.self).element
    }

    /// Returns the element of the box of a lease.
    @inlinable
    static func element(_ grant: PoolHub.Grant) -> Element {
        grant.item._withUnsafeGuaranteedRef { unsafeDowncast($0, to: PoolItem<Element>.self).element }
    }

    /// Adapts a hook of the generic pool to one of the hub.
    static func hook<Result>(_ hook: @escaping @Sendable (Element) async throws -> Result) -> PoolHub.Hook<Result> {
        { try await hook(Self.element($0)) }
    }

    /// Adapts an optional hook of the generic pool.
    static func optionalHook<Result>(_ hook: (@Sendable (Element) async throws -> Result)?) -> PoolHub.Hook<Result>? {
        guard let hook else { return nil }
        return Self.hook(hook)
    }

    /// Adapts a validation that throws for an unusable item to one that returns whether the item is usable.
    static func passing(_ validate: @escaping @Sendable (Element) async throws -> Void) -> @Sendable (Element) async throws -> Bool {
        { element in
            try await validate(element)
            return true
        }
    }
}
