/// Bindings that belong together (the specification's `setup_resources`): installed in a container all at once, or not at all.
///
/// ```swift
/// let storage = Module {
///     Bind(Database.self, lifetime: .singleton, Database.init)
///     Bind((any Store).self, alias: ResourceKey(Database.self)) { $0 }
/// }
/// let container = try Container("shop") {
///     storage
///     Bind(Orders.self, Orders.init)
/// }
/// ```
public struct Module: Sendable {
    /// What it binds, in order.
    public let bindings: [BindingDeclaration]

    /// The bindings and modules that `content` lists.
    public init(@BindingsBuilder _ content: () -> [BindingDeclaration]) {
        self.bindings = content()
    }
}

/// Lists bindings and modules one after the other, with conditions and loops.
@resultBuilder
public enum BindingsBuilder {
    public static func buildExpression<Value: Sendable>(_ bind: Bind<Value>) -> [BindingDeclaration] { [bind.declaration] }
    public static func buildExpression(_ module: Module) -> [BindingDeclaration] { module.bindings }
    public static func buildBlock(_ parts: [BindingDeclaration]...) -> [BindingDeclaration] { parts.flatMap { $0 } }
    public static func buildOptional(_ part: [BindingDeclaration]?) -> [BindingDeclaration] { part ?? [] }
    public static func buildEither(first part: [BindingDeclaration]) -> [BindingDeclaration] { part }
    public static func buildEither(second part: [BindingDeclaration]) -> [BindingDeclaration] { part }
    public static func buildArray(_ parts: [[BindingDeclaration]]) -> [BindingDeclaration] { parts.flatMap { $0 } }
}

extension Container {
    /// A container with bindings.
    ///
    /// - Throws: ``ResourceError/Code/duplicateBinding``, ``ResourceError/Code/invalidBinding``.
    public convenience init(
        _ name: String = "app",
        environment: ResourceEnvironment = .system,
        options: ContainerOptions = ContainerOptions(),
        fileID: String = #fileID,
        line: UInt = #line,
        @BindingsBuilder bindings: () -> [BindingDeclaration]
    ) throws(ResourceError) {
        self.init(name: name, environment: environment, options: options, fileID: fileID, line: line)
        do throws(ResourceError) {
            try self.add(bindings())
        } catch {
            // Nobody will ever have it, and so nobody can close it.
            _ = self.engine.drop()
            throw error
        }
    }

    /// Adds the bindings of a module; all of them, or on an error none.
    ///
    /// - Throws: ``ResourceError/Code/duplicateBinding``, ``ResourceError/Code/invalidBinding``.
    public func install(_ module: Module) throws(ResourceError) {
        try self.add(module.bindings)
    }
}
