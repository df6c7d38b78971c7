import Foundation

/// A body of a request in memory, and its type.
struct HTTPPayload: Sendable {
    let data: Data
    let contentType: String

    /// Encodes `value` as JSON.
    ///
    /// - Throws: ``HTTPError/Code/invalidRequest``. The error contains the coding path, but no content.
    init(json value: some Encodable, _ encoder: JSONEncoder) throws(HTTPError) {
        do {
            self.data = try encoder.encode(value)
        } catch {
            var reason = "\(type(of: error))"
            if case EncodingError.invalidValue(_, let context) = error {
                let path = context.codingPath.map(\.stringValue).joined(separator: ".")
                reason = "\(path.isEmpty ? "its root" : path) has a value that JSON cannot represent"
            }
            throw HTTPError(
                .invalidRequest,
                method: nil,
                url: nil,
                "a body of type \(type(of: value)) cannot be encoded as JSON: \(reason); change the value, or configure the encoder"
            )
        }
        self.contentType = "application/json"
    }

    /// Encodes parameters as a form.
    init(form: HTTPParameters) {
        self.data = Data(form.asForm.utf8)
        self.contentType = "application/x-www-form-urlencoded"
    }

    /// Returns `headers` with the type of this body, unless they have one.
    func headers(_ headers: [String: String]) -> [String: String] {
        if headers.keys.contains(where: { $0.lowercased() == "content-type" }) { return headers }
        return headers.merging(["Content-Type": self.contentType]) { own, _ in own }
    }
}
