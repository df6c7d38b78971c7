/// The displayed names of types, as short as is unambiguous.
///
/// A type is identified by its path, such as `Shop.Orders.Config`, and named `Config` while no other type has that short name. Two types
/// with the same short name each get as much of their path as distinguishes them, also in generic arguments: `Pool<Orders.Config>`.
package struct TypeNames: Sendable {
    /// The paths of the types that share a short name, in order of insertion.
    private var paths: [String: [String]] = [:]
    /// The name of each type, by its path.
    private var names: [String: String] = [:]

    package init() {}

    /// Adds a type. Returns whether the names of other types may have changed.
    package mutating func insert(_ path: String) -> Bool {
        guard self.names[path] == nil else { return false }
        let short = TypePath(path).short
        self.names[path] = short
        self.paths[short, default: []].append(path)
        guard let same = self.paths[short], same.count > 1 else { return false }
        for (path, name) in zip(same, TypePath.names(of: same.map(TypePath.init))) { self.names[path] = name }
        return true
    }

    /// The name of an added type, or `path` itself if the type was not added.
    package func name(of path: String) -> String {
        self.names[path] ?? path
    }
}

/// The path of a type in parts: qualified names, such as `Shop.Orders.Config`, and the characters between them.
private struct TypePath {
    private enum Part: Equatable {
        case name([Substring])
        case other(Substring)
    }

    private var parts: [Part] = []

    init(_ path: String) {
        var rest = path[...]
        while let first = rest.first {
            let isName = !Self.separates(first)
            let end = rest.firstIndex { Self.separates($0) == isName } ?? rest.endIndex
            let text = rest[..<end]
            // A suffix after a generic argument, such as `.Inner` of `Outer<Int>.Inner`, belongs to the name before it.
            if isName, text.first != "." { self.parts.append(.name(Self.components(text))) } else { self.parts.append(.other(text)) }
            rest = rest[end...]
        }
    }

    private static func separates(_ character: Character) -> Bool {
        " <>(),[]&:->?!".contains(character)
    }

    /// Splits a qualified name. A final `Type` or `Protocol`, as in `Shop.Order.Type`, denotes a metatype and stays with the component
    /// before it.
    private static func components(_ text: Substring) -> [Substring] {
        var components = text.split(separator: ".")
        if components.count > 1, let last = components.last, last == "Type" || last == "Protocol" {
            components.removeLast()
            components[components.count - 1] = components[components.count - 1] + "." + last
        }
        return components
    }

    /// The type without its module and the types around it.
    var short: String {
        self.name { _ in 1 }
    }

    private func name(_ length: (Int) -> Int) -> String {
        self.parts.indices.map { index in
            switch self.parts[index] {
            case .name(let components): components.suffix(length(index)).joined(separator: ".")
            case .other(let text): String(text)
            }
        }.joined()
    }

    private func components(_ index: Int) -> [Substring] {
        if self.parts.indices.contains(index), case .name(let components) = self.parts[index] { components } else { [] }
    }

    /// The names of different types with the same short name. Each part is as long as distinguishes the types in that part.
    static func names(of types: [TypePath]) -> [String] {
        let parts = types.map(\.parts.count).max() ?? 0
        let lengths = (0..<parts).map { index in
            let all = types.map { $0.components(index) }
            let different = Set(all).count
            var length = 1
            while Set(all.map { $0.suffix(length) }).count < different { length += 1 }
            return length
        }
        return types.map { $0.name { lengths[$0] } }
    }
}

/// The paths of the bound types of a container.
///
/// Types with equal paths, private to different files or local to functions, get a number as suffix, because reflection offers nothing else
/// that distinguishes them.
struct TypePaths: Sendable {
    private var paths: [ObjectIdentifier: String] = [:]
    private var taken: [String: Int] = [:]

    /// The path of a type with the reflected name `reflected`.
    mutating func path(of type: ObjectIdentifier, reflected: String) -> String {
        if let path = self.paths[type] { return path }
        let plain = Self.plain(reflected)
        let number = (self.taken[plain] ?? 0) + 1
        self.taken[plain] = number
        let path = number == 1 ? plain : "\(plain)~\(number)"
        self.paths[type] = path
        return path
    }

    /// The reflected name without the addresses of private and local contexts, which differ between runs.
    private static func plain(_ reflected: String) -> String {
        let mark = "(unknown context at "
        guard reflected.contains("(unknown") else { return reflected }
        var result = ""
        var rest = reflected[...]
        while let first = rest.first {
            if rest.hasPrefix(mark), let end = rest.firstIndex(of: ")") {
                rest = rest[rest.index(after: end)...]
                if rest.first == "." { rest = rest.dropFirst() }
            } else {
                result.append(first)
                rest = rest.dropFirst()
            }
        }
        return result
    }
}
