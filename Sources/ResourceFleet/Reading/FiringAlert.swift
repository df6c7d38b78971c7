/// A firing alert of a process.
package struct FiringAlert: Sendable, Hashable, Comparable {
    /// The name of the rule.
    package var name: String
    /// The severity that the rule gives it; empty without one.
    package var severity: String
    /// The pool, or the key of a binding, that it is about. Empty without one.
    package var subject: String
    /// The annotation with the summary; empty if the server has none.
    package var summary: String
    /// The annotation with the command that opens the right screen; empty if the server has none.
    package var attach: String

    package init(name: String, severity: String = "", subject: String = "", summary: String = "", attach: String = "") {
        self.name = name
        self.severity = severity
        self.subject = subject
        self.summary = summary
        self.attach = attach
    }

    /// The order of the alerts of a row.
    package static func < (left: FiringAlert, right: FiringAlert) -> Bool {
        (left.name, left.subject) < (right.name, right.subject)
    }
}
