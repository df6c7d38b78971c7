/// An element as the hub keeps it. Inlinable, so that a lease looks no type up at run time.
@usableFromInline
final class PoolItem<Element: Sendable>: Sendable {
    @usableFromInline
    let element: Element

    init(_ element: Element) {
        self.element = element
    }

    /// The element in a box of a hub whose `make` puts nothing else in its boxes.
    @inlinable
    static func element(_ item: any PoolHub.Item) -> Element {
        unsafeDowncast(item, to: PoolItem<Element>.self).element
    }

    /// A hook of the hub's that runs one of the shell's.
    static func hook<Result>(_ hook: @escaping @Sendable (Element) async throws -> Result) -> PoolHub.Hook<Result> {
        { try await hook(Self.element($0)) }
    }

    static func optionalHook<Result>(_ hook: (@Sendable (Element) async throws -> Result)?) -> PoolHub.Hook<Result>? {
        guard let hook else { return nil }
        return Self.hook(hook)
    }
}
