public import Logging
import ResourceContainer

extension Logger.MetadataProvider {
    /// A provider of the current scope and request for every message that a task logs.
    ///
    /// The metadata of a message that is logged inside a scope of any container:
    ///
    /// - `scope` and `scope_id`: the name and the number of the current scope.
    /// - `request` and `request_id`: the name and the number of the innermost enclosing scope with the tag `requestTag`, if there is one.
    /// - `trace_id`: the distributed trace of the current scope, if the container has a tracer.
    ///
    /// A message outside of any scope gets none.
    ///
    /// ```swift
    /// LoggingSystem.bootstrap(StreamLogHandler.standardError, metadataProvider: .scope())
    /// ```
    ///
    /// - Parameter requestTag: The tag of the scopes that serve requests.
    /// - Complexity: O(depth of the scope) per message.
    public static func scope(requestTag: String = "request") -> Logger.MetadataProvider {
        Logger.MetadataProvider {
            guard let scope = Scope.current else { return [:] }
            var metadata: Logger.Metadata = ["scope": "\(scope.name)", "scope_id": "\(scope.id.rawValue)"]
            if let request = scope.innermost(tag: requestTag) {
                metadata["request"] = "\(request.name)"
                metadata["request_id"] = "\(request.id.rawValue)"
            }
            if let trace = scope.traceID { metadata["trace_id"] = "\(trace)" }
            return metadata
        }
    }
}

extension Scope {
    /// This scope or the innermost enclosing one with this tag; nil if there is none.
    fileprivate func innermost(tag: String) -> Scope? {
        var scope: Scope? = self
        while let candidate = scope {
            if candidate.tag == tag { return candidate }
            scope = candidate.parent
        }
        return nil
    }
}
