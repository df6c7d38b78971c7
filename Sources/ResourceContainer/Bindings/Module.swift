/// A group of bindings that a container installs together: all of them, or none if one of them is rejected.
///
/// ```swift
/// let storage = Module {
///     Bind(Database.self, lifetime: .singleton, Database.init)
///     Bind((any Store).self, alias: Database.self)
/// }
/// let container = try Container("shop") {
///     storage
///     Bind(Orders.self, Orders.init)
/// }
/// ```
public struct Module: Sendable {
    /// The bindings, in order.
    public let bindings: [BindingDeclaration]

    /// Creates a module of the bindings and modules in `content`.
    public init(@BindingsBuilder _ content: () -> [BindingDeclaration]) {
        self.bindings = content()
    }
}

/// A result builder that lists bindings and modules, with conditions and loops.
@resultBuilder
public enum BindingsBuilder {
    /// The declaration of one binding, and that of its fallback.
    public static func buildExpression<Value: Sendable>(_ bind: Bind<Value>) -> [BindingDeclaration] { bind.declarations }
    /// The bindings of a module.
    public static func buildExpression(_ module: Module) -> [BindingDeclaration] { module.bindings }
    /// The bindings of several expressions, in order.
    public static func buildBlock(_ parts: [BindingDeclaration]...) -> [BindingDeclaration] { parts.flatMap { $0 } }
    /// The bindings of an `if` without `else`.
    public static func buildOptional(_ part: [BindingDeclaration]?) -> [BindingDeclaration] { part ?? [] }
    /// The bindings of the first branch of a condition.
    public static func buildEither(first part: [BindingDeclaration]) -> [BindingDeclaration] { part }
    /// The bindings of the second branch of a condition.
    public static func buildEither(second part: [BindingDeclaration]) -> [BindingDeclaration] { part }
    /// The bindings of all iterations of a loop.
    public static func buildArray(_ parts: [[BindingDeclaration]]) -> [BindingDeclaration] { parts.flatMap { $0 } }
}

extension Container {
    /// Creates a container with bindings.
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
        self.init(name, environment: environment, options: options, fileID: fileID, line: line)
        do throws(ResourceError) {
            try self.add(bindings())
        } catch {
            // No caller receives this container, so no caller can close it.
            _ = self.engine.drop()
            throw error
        }
    }

    /// Adds all bindings of a module, or none if one of them throws.
    ///
    /// - Throws: ``ResourceError/Code/duplicateBinding``, ``ResourceError/Code/invalidBinding``.
    public func install(_ module: Module) throws(ResourceError) {
        try self.add(module.bindings)
    }
}
