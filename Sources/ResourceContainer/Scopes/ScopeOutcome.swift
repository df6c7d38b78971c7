/// The way in which the body of a scope ended.
///
/// The event of the scope's close carries it. A scope has no outcome if it was opened with `openScope`, or if it was closed before its body
/// ended: by the body itself, with an enclosing scope, or because the budget of a close was used up. ResourceHummingbird and ResourceFlyingFox
/// give the scope of a request the outcome of that request.
public enum ScopeOutcome: Sendable, Hashable {
    /// The body returned.
    case returned
    /// The body threw an error, or an eager instance that is created before the body could not be created.
    ///
    /// `type` is the name of the error's type and `text` its description, without passwords and control characters and of limited length.
    indirect case threw(type: String, text: String)
    /// The body threw `CancellationError` while its task was canceled.
    ///
    /// Any other error counts as thrown, even if the task was canceled. So does a `CancellationError` in a task that was not canceled.
    case canceled

    /// An outcome without its details. The raw value is its name in recordings, filters, and exported metrics.
    public enum Kind: String, Sendable, Hashable, Codable, CaseIterable {
        /// The body returned.
        case returned
        /// The body threw an error.
        case threw
        /// The body was canceled.
        case canceled
    }

    /// The outcome without its details.
    public var kind: Kind {
        switch self {
        case .returned: .returned
        case .threw: .threw
        case .canceled: .canceled
        }
    }

    /// Creates the outcome of a body that threw `error` in the calling task. Describes the error, which is user code, so the caller must hold
    /// no lock.
    package init(of error: any Error) {
        if error is CancellationError, Task.isCancelled {
            self = .canceled
        } else {
            let type = Swift.type(of: error)
            self = .threw(type: String(describing: type).asName, text: UserCode.text(of: error))
        }
    }
}

extension ScopeOutcome: CustomStringConvertible {
    /// The outcome in words, such as `threw MailError: refused`.
    public var description: String {
        switch self {
        case .returned: "returned"
        case .threw: "threw \(self.cause ?? "")"
        case .canceled: "canceled"
        }
    }

    /// The type and the text of the error that the body threw, such as `MailError: refused`; nil if it threw none.
    ///
    /// The type is not repeated before a text that begins with it, as that of an error without a description does.
    package var cause: String? {
        guard case .threw(let type, let text) = self else { return nil }
        return (text.isEmpty || text == type ? type : text.hasPrefix("\(type)(") ? text : "\(type): \(text)").asSentence
    }
}
