/// What types are called where people read it: as short as tells them apart.
///
/// A type is known by its path, `Shop.Orders.Config`. While no other type has the same short name it is called `Config`; of two such types
/// each gets as much of its path as makes the difference, in generic arguments too: `Pool<Orders.Config>`.
package struct TypeNames: Sendable {
    /// The paths of the types that have one short name, in the order in which they were met.
    private var paths: [String: [String]] = [:]
    /// What each type is called, by its path.
    private var names: [String: String] = [:]

    package init() {}

    /// Takes in a type. Returns whether this changes the name of another one.
    package mutating func insert(_ path: String) -> Bool {
        guard self.names[path] == nil else { return false }
        let short = TypePath(path).short
        self.names[path] = short
        self.paths[short, default: []].append(path)
        guard let same = self.paths[short], same.count > 1 else { return false }
        for (path, name) in zip(same, TypePath.names(of: same.map(TypePath.init))) { self.names[path] = name }
        return true
    }

    /// The name of a type that was taken in; the whole path of another one.
    package func name(of path: String) -> String {
        self.names[path] ?? path
    }
}

/// The path of a type in parts: names that stand in modules and types, `Shop.Orders.Config`, and what stands between such names.
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
            // What follows a generic argument, `.Inner` of `Outer<Int>.Inner`, belongs to the name before it.
            if isName, text.first != "." { self.parts.append(.name(Self.components(text))) } else { self.parts.append(.other(text)) }
            rest = rest[end...]
        }
    }

    private static func separates(_ character: Character) -> Bool {
        " <>(),[]&:->?!".contains(character)
    }

    /// `Type` and `Protocol`, as in `Shop.Order.Type`, say what is meant of the type before them.
    private static func components(_ text: Substring) -> [Substring] {
        var components = text.split(separator: ".")
        if components.count > 1, let last = components.last, last == "Type" || last == "Protocol" {
            components.removeLast()
            components[components.count - 1] = components[components.count - 1] + "." + last
        }
        return components
    }

    /// The type without the modules and types that it stands in.
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

    /// The names of different types that have the same short name: each part is as long as tells apart what differs there.
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

/// The paths of the types that a container has bindings of.
///
/// Two types of one path - private to different files, or local to functions - get a number behind it: nothing that a program knows of
/// itself names them apart.
struct TypePaths: Sendable {
    private var paths: [ObjectIdentifier: String] = [:]
    private var taken: [String: Int] = [:]

    /// The path of a type, from what reflection says of it.
    mutating func path(of type: ObjectIdentifier, reflected: String) -> String {
        if let path = self.paths[type] { return path }
        let plain = Self.plain(reflected)
        let number = (self.taken[plain] ?? 0) + 1
        self.taken[plain] = number
        let path = number == 1 ? plain : "\(plain)~\(number)"
        self.paths[type] = path
        return path
    }

    /// The path without the addresses that stand for private and local contexts, which differ from run to run.
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
