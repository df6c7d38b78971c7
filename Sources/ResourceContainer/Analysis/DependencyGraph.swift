/// A dependency between two bindings that was observed when a closure resolved it.
struct ObservedEdge: Hashable, Sendable {
    let from: BindingID
    let to: BindingID
}

/// The dependencies between the bindings of a container: the declared ones, and those observed when closures ran.
public struct DependencyGraph: Sendable, Hashable, Codable {
    /// A binding of the graph.
    public struct Node: Sendable, Hashable, Codable {
        /// The identity of the binding.
        public var id: BindingID
        /// The displayed key, such as `Database` or `Database(primary)`.
        public var label: String
        /// The lifetime of the instances. Nil for an alias, which has no instances.
        public var lifetime: Lifetime?
        /// The source location of the binding.
        public var location: CodeLocation
        /// The kind of a binding that is a value of a scope or takes an argument; nil for the others.
        public var form: BindingSnapshot.Form?
        /// Whether all dependencies are declared. The dependencies of a closure that uses a ``Resolver`` are known only after it ran.
        public var isAnalyzed: Bool
    }

    /// The origin of an edge.
    public enum Reason: String, Sendable, Hashable, Codable {
        /// The dependency is a parameter of the binding.
        case declared
        /// A parameter of the binding is a ``Provider`` of the dependency.
        case provider
        /// A closure was observed to resolve the dependency.
        case observed
        /// The binding is an alias of the other.
        case alias
        /// The other binding is the fallback.
        case fallback
    }

    /// A dependency: `from` needs `to`.
    public struct Edge: Sendable, Hashable, Codable {
        /// The binding that has the dependency.
        public var from: BindingID
        /// The binding that it depends on.
        public var to: BindingID
        /// The origin of the dependency.
        public var reason: Reason
    }

    /// The bindings, in the order in which their keys were first bound.
    public var nodes: [Node]
    /// The edges, ordered by `from`, then `to`.
    public var edges: [Edge]

    /// The bindings that a binding depends on, in the order of ``nodes``. O(nodes + edges).
    public func dependencies(of id: BindingID) -> [Node] {
        let needed = Set(self.edges.filter { $0.from == id }.map(\.to))
        return self.nodes.filter { needed.contains($0.id) }
    }

    /// The bindings that depend on a binding, in the order of ``nodes``. O(nodes + edges).
    public func dependents(of id: BindingID) -> [Node] {
        let needing = Set(self.edges.filter { $0.to == id }.map(\.from))
        return self.nodes.filter { needing.contains($0.id) }
    }

    /// The graph in the DOT language of Graphviz.
    public var dot: String {
        var lines = ["digraph resources {", "  rankdir = LR;", "  node [shape = box];"]
        for node in self.nodes {
            let lifetime = node.lifetimeLabel
            let style = node.isAnalyzed ? "solid" : "dashed"
            let label = "\(node.label.asName.escapedForDOT)\\n\(lifetime.escapedForDOT)"
            lines.append("  b\(node.id.rawValue) [label = \"\(label)\", style = \(style)];")
        }
        for edge in self.edges {
            let style =
                switch edge.reason {
                case .declared: ""
                case .provider: " [style = dashed, label = \"provider\"]"
                case .observed: " [style = dashed]"
                case .alias: " [arrowhead = empty]"
                case .fallback: " [style = dotted, label = \"fallback\"]"
                }
            lines.append("  b\(edge.from.rawValue) -> b\(edge.to.rawValue)\(style);")
        }
        lines.append("}")
        return lines.joined(separator: "\n") + "\n"
    }

    /// The graph as an indented tree. Bindings that nothing depends on are at the margin, with their dependencies below them. A subtree
    /// that was already printed is abbreviated as `…`, and a cycle as `↻`.
    public var text: String {
        var byID: [BindingID: Node] = [:]
        for node in self.nodes { byID[node.id] = node }
        var needs: [BindingID: [Edge]] = [:]
        for edge in self.edges { needs[edge.from, default: []].append(edge) }
        let needed = Set(self.edges.map(\.to))
        var lines: [String] = []
        var shown: Set<BindingID> = []

        // An explicit stack: a chain can be longer than the thread's stack is deep.
        func show(_ root: BindingID) {
            var stack: [(edge: Edge?, id: BindingID, path: [BindingID])] = [(nil, root, [])]
            while let (edge, id, path) = stack.popLast() {
                guard let node = byID[id] else { continue }
                let reason = edge.map { $0.reason == .declared ? "" : " (\($0.reason.rawValue))" } ?? ""
                let isCircle = path.contains(id)
                let isRepeated = !isCircle && shown.contains(id) && !(needs[id] ?? []).isEmpty
                let line = "\(node.label.asName) [\(node.lifetimeLabel)]\(reason)"
                lines.append(String(repeating: "  ", count: path.count) + line + (isCircle ? " ↻" : isRepeated ? " …" : ""))
                if isCircle || isRepeated { continue }
                shown.insert(id)
                for edge in (needs[id] ?? []).reversed() { stack.append((edge, edge.to, path + [id])) }
            }
        }

        for node in self.nodes where !needed.contains(node.id) { show(node.id) }
        // The remaining bindings form cycles that no other binding leads to.
        for node in self.nodes where !shown.contains(node.id) { show(node.id) }
        return lines.joined(separator: "\n") + (lines.isEmpty ? "" : "\n")
    }
}

extension DependencyGraph.Node {
    /// The lifetime in words; for a value of a scope, where it comes from.
    fileprivate var lifetimeLabel: String {
        switch self.form {
        case .value:
            if case .tagged(let tag) = self.lifetime { "value of \(tag.asName)" } else { "value" }
        case .parameterized: "\(self.lifetime?.label ?? "alias"), with argument"
        case nil: self.lifetime?.label ?? "alias"
        }
    }
}

extension String {
    fileprivate var escapedForDOT: String {
        var result = String.UnicodeScalarView()
        for scalar in self.unicodeScalars {
            if scalar == "\"" || scalar == "\\" { result.append("\\") }
            result.append(scalar)
        }
        return String(result)
    }
}

extension Registry {
    func graph() -> DependencyGraph {
        var edges: Set<DependencyGraph.Edge> = []
        let bindings = self.currentBindings
        let isCurrent = Set(bindings.map(\.id))
        func add(_ from: Binding, _ to: Binding?, _ reason: DependencyGraph.Reason) {
            if let to { edges.insert(.init(from: from.id, to: to.id, reason: reason)) }
        }
        for binding in bindings {
            if case .alias(let target) = binding.maker {
                add(binding, self.binding(target.key), .alias)
            } else {
                for dependency in binding.declaration.dependencies ?? [] {
                    let reason: DependencyGraph.Reason = dependency.link == .provider ? .provider : .declared
                    for needed in self.bindings(for: dependency, in: nil) { add(binding, needed, reason) }
                }
            }
            if let fallback = binding.fallback { add(binding, self.binding(fallback.key), .fallback) }
        }
        for edge in self.observedEdges where isCurrent.contains(edge.from) && isCurrent.contains(edge.to) {
            edges.insert(.init(from: edge.from, to: edge.to, reason: .observed))
        }
        return DependencyGraph(
            nodes: bindings.map { binding in
                DependencyGraph.Node(
                    id: binding.id,
                    label: self.label(of: binding),
                    lifetime: binding.isAlias ? nil : binding.lifetime.asText,
                    location: binding.location,
                    form: binding.form,
                    isAnalyzed: binding.declaration.dependencies != nil
                )
            },
            edges: edges.sorted { ($0.from, $0.to, $0.reason.rawValue) < ($1.from, $1.to, $1.reason.rawValue) }
        )
    }
}

extension Container {
    /// The dependencies between the bindings of the container. O(bindings + edges).
    public func graph() -> DependencyGraph {
        self.engine.locked { $0.graph() }
    }
}
