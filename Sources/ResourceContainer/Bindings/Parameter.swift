/// The argument that a binding takes with each request.
struct Parameter: Sendable {
    /// The type of the argument.
    let text: KeyText
    /// Makes the maker of one instance. Returns nil for an argument of another type.
    let maker: @Sendable (any Sendable) -> Maker?

    init<Argument: Sendable>(_ type: Argument.Type, _ maker: @escaping @Sendable (Argument) -> Maker) {
        self.text = KeyText(type, name: nil)
        self.maker = { argument in (argument as? Argument).map(maker) }
    }

    private init(_ text: KeyText) {
        self.text = text
        self.maker = { _ in nil }
    }

    /// The type of the argument without the closure and its captures.
    var withoutCaptures: Parameter {
        Parameter(self.text)
    }
}

/// An argument that a request passes.
final class RequestArgument: Sendable {
    let value: any Sendable
    let text: KeyText
    /// Whether a binding that takes no argument ignores it, as a fallback does.
    let isOptional: Bool

    init<Argument: Sendable>(_ value: Argument) {
        self.value = value
        self.text = KeyText(Argument.self, name: nil)
        self.isOptional = false
    }

    private init(optional argument: RequestArgument) {
        self.value = argument.value
        self.text = argument.text
        self.isOptional = true
    }

    /// The argument for a fallback, which may take none.
    var forFallback: RequestArgument {
        RequestArgument(optional: self)
    }
}

extension Registry {
    /// The binding for one request: `binding` with the maker that the argument of the request gives it.
    func applied(_ binding: Binding, _ parameter: Parameter, _ request: Request) throws(ResourceError) -> Binding {
        guard let argument = request.argument else { throw .missingArgument(parameter, binding, request.requestingScope) }
        guard let maker = parameter.maker(argument.value) else {
            throw .wrongArgument(argument, parameter, binding, request.requestingScope)
        }
        return Binding(binding, maker)
    }
}

extension ResourceError {
    fileprivate static func missingArgument(_ parameter: Parameter, _ binding: Binding, _ scope: Scope) -> ResourceError {
        ResourceError(
            .missingArgument,
            key: binding.label,
            scope: scope.name,
            "\(binding.label) (bound at \(binding.location)) takes an argument of the type \(parameter.text.label), and the request in scope "
                + "\(scope.path) passes none: call scope.get(\(binding.declaration.text.code), argument), or "
                + "resolver.get(\(binding.declaration.text.code), argument) inside the closure of a binding"
        )
    }

    fileprivate static func wrongArgument(
        _ argument: RequestArgument,
        _ parameter: Parameter,
        _ binding: Binding,
        _ scope: Scope
    ) -> ResourceError {
        ResourceError(
            .unexpectedArgument,
            key: binding.label,
            scope: scope.name,
            "\(binding.label) (bound at \(binding.location)) takes an argument of the type \(parameter.text.label), and the request in scope "
                + "\(scope.path) passes one of the type \(argument.text.label): convert it to \(parameter.text.label)"
        )
    }

    static func unexpectedArgument(_ argument: RequestArgument, _ binding: Binding, _ scope: Scope) -> ResourceError {
        let text = binding.declaration.text
        return ResourceError(
            .unexpectedArgument,
            key: binding.label,
            scope: scope.name,
            "\(binding.label) (bound at \(binding.location)) takes no argument, and the request in scope \(scope.path) passes one of the type "
                + "\(argument.text.label): call get(\(text.code)), or bind it with argument: \(argument.text.typeCode)"
        )
    }
}
