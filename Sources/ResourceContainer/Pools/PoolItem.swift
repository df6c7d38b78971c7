/// An element as the hub keeps it.
final class PoolItem<Element: Sendable>: Sendable {
    let element: Element

    init(_ element: Element) {
        self.element = element
    }

    /// The element in a box of a hub whose `make` puts nothing else in its boxes.
    @inline(__always)
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

extension PoolStateMachine.Borrower {
    /// The calling task.
    @inline(__always)
    init(_ fileID: StaticString, _ line: UInt, in context: ResourceContext?) {
        self.init(
            fileID: fileID,
            line: line,
            scope: context?.callersScope,
            task: withUnsafeCurrentTask { UInt(bitPattern: $0?.hashValue ?? 0) }
        )
    }
}
