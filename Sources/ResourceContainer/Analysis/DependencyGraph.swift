/// An edge that was seen when a closure asked for what it needs.
struct ObservedEdge: Hashable, Sendable {
    let from: BindingID
    let to: BindingID
}

/// Which binding needs which: what the bindings declare, and what closures were seen to ask for.
public struct DependencyGraph: Sendable, Hashable, Codable {
    /// A binding.
    public struct Node: Sendable, Hashable, Codable {
        /// Its identity.
        public var id: BindingID
        /// `Database`, or `Database(primary)`.
        public var label: String
        /// How long its instances live; nil for an alias, whose instance is another binding's.
        public var lifetime: Lifetime?
        /// Where it was bound.
        public var place: SourcePlace
        /// Whether all that it needs is declared; what a closure asks for is only known once it has asked.
        public var isAnalysed: Bool
    }

    /// Why one binding leads to another.
    public enum Reason: String, Sendable, Hashable, Codable {
        /// A parameter of the way to make it.
        case declared
        /// A closure was seen to ask for it.
        case observed
        /// It is an alias of it.
        case alias
        /// It is used while the other cannot be made.
        case fallback
    }

    /// `from` needs `to`.
    public struct Edge: Sendable, Hashable, Codable {
        /// The binding that needs.
        public var from: BindingID
        /// The binding that is needed.
        public var to: BindingID
        /// Why.
        public var reason: Reason
    }

    /// The bindings, in the order they were made.
    public var nodes: [Node]
    /// The edges, by where they begin, then where they end.
    public var edges: [Edge]

    /// What a binding needs, in the order of binding.
    public func dependencies(of id: BindingID) -> [Node] {
        let needed = Set(self.edges.filter { $0.from == id }.map(\.to))
        return self.nodes.filter { needed.contains($0.id) }
    }

    /// What needs a binding, in the order of binding.
    public func dependents(of id: BindingID) -> [Node] {
        let needing = Set(self.edges.filter { $0.to == id }.map(\.from))
        return self.nodes.filter { needing.contains($0.id) }
    }

    /// The graph in the language of Graphviz.
    public var dot: String {
        var lines = ["digraph resources {", "  rankdir = LR;", "  node [shape = box];"]
        for node in self.nodes {
            let lifetime = node.lifetime?.label ?? "alias"
            let style = node.isAnalysed ? "solid" : "dashed"
            let label = "\(node.label.asName.escapedForDOT)\\n\(lifetime.escapedForDOT)"
            lines.append("  b\(node.id.rawValue) [label = \"\(label)\", style = \(style)];")
        }
        for edge in self.edges {
            let style =
                switch edge.reason {
                case .declared: ""
                case .observed: " [style = dashed]"
                case .alias: " [arrowhead = empty]"
                case .fallback: " [style = dotted, label = \"fallback\"]"
                }
            lines.append("  b\(edge.from.rawValue) -> b\(edge.to.rawValue)\(style);")
        }
        lines.append("}")
        return lines.joined(separator: "\n") + "\n"
    }

    /// The graph as an indented tree: what nothing needs stands at the margin, and under everything what it needs. A part that was shown
    /// before is shown as `…`, a way back to itself as `↻`.
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
                let line = "\(node.label.asName) [\(node.lifetime?.label ?? "alias")]\(reason)"
                lines.append(String(repeating: "  ", count: path.count) + line + (isCircle ? " ↻" : isRepeated ? " …" : ""))
                if isCircle || isRepeated { continue }
                shown.insert(id)
                for edge in (needs[id] ?? []).reversed() { stack.append((edge, edge.to, path + [id])) }
            }
        }

        for node in self.nodes where !needed.contains(node.id) { show(node.id) }
        // What is left hangs in circles that nothing outside leads to.
        for node in self.nodes where !shown.contains(node.id) { show(node.id) }
        return lines.joined(separator: "\n") + (lines.isEmpty ? "" : "\n")
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
        func add(_ from: Binding, _ key: KeyID, _ reason: DependencyGraph.Reason) {
            if let to = self.binding(key) { edges.insert(.init(from: from.id, to: to.id, reason: reason)) }
        }
        for binding in bindings {
            if case .alias(let stand) = binding.maker {
                add(binding, stand.key, .alias)
            } else {
                for dependency in binding.declaration.dependencies ?? [] {
                    let key = self.binding(dependency.key) == nil ? dependency.wrapped ?? dependency.key : dependency.key
                    add(binding, key, .declared)
                }
            }
            if let stand = binding.fallback { add(binding, stand.key, .fallback) }
        }
        for edge in self.observedEdges where isCurrent.contains(edge.from) && isCurrent.contains(edge.to) {
            edges.insert(.init(from: edge.from, to: edge.to, reason: .observed))
        }
        return DependencyGraph(
            nodes: bindings.map { binding in
                let isAlias = if case .alias = binding.maker { true } else { false }
                return DependencyGraph.Node(
                    id: binding.id,
                    label: self.label(of: binding),
                    lifetime: isAlias ? nil : binding.lifetime.asText,
                    place: binding.place,
                    isAnalysed: binding.declaration.dependencies != nil
                )
            },
            edges: edges.sorted { ($0.from, $0.to, $0.reason.rawValue) < ($1.from, $1.to, $1.reason.rawValue) }
        )
    }
}

extension Container {
    /// Which binding needs which. O(bindings + edges).
    public func graph() -> DependencyGraph {
        self.engine.locked { $0.graph() }
    }
}
