import CCurl
import Foundation

extension CurlHandle {
    /// Sets the options of this transfer. Returns the failure if libcurl refuses one.
    func configure() -> HTTPFailure? {
        let easy = self.handle.easy
        // Not all that libcurl supports: other formats expand a few bytes into gigabytes. With nil, it decompresses nothing.
        ccurl_set_text(easy, CURLOPT_ACCEPT_ENCODING, self.isDecompressed ? "gzip, deflate" : nil)
        ccurl_set_text(easy, CURLOPT_PROXY, self.proxy?.url ?? "")
        ccurl_set_long(easy, CURLOPT_FORBID_REUSE, 0)
        let codes = [
            self.handle.begin(self) ?? CURLE_OK,
            ccurl_set_text(easy, CURLOPT_URL, self.request.address),
            self.setMethod(easy),
            self.setHeaders(easy),
        ]
        return codes.first { $0 != CURLE_OK }.flatMap { self.failure($0) }
    }

    private func setMethod(_ easy: UnsafeMutableRawPointer) -> CURLcode {
        let method = self.request.method
        // Undoes the options of the last transfer.
        ccurl_set_long(easy, CURLOPT_HTTPGET, 1)
        if method == .head { ccurl_set_long(easy, CURLOPT_NOBODY, 1) }
        let canHaveBody = method != .get && method != .head
        // Methods that usually have a body state its size even if it is empty.
        if canHaveBody, self.body != nil || [.post, .put, .patch].contains(method) {
            ccurl_set_long(easy, CURLOPT_UPLOAD, 1)
            ccurl_set_size(easy, CURLOPT_INFILESIZE_LARGE, self.body.map { $0.length ?? -1 } ?? 0)
        }
        return ccurl_set_text(easy, CURLOPT_CUSTOMREQUEST, canHaveBody ? method.rawValue : nil)
    }

    private func setHeaders(_ easy: UnsafeMutableRawPointer) -> CURLcode {
        var lines = self.request.headers.sorted { $0.key < $1.key }.map { name, value in
            // A colon without a value would remove a header that libcurl adds.
            value.allSatisfy { $0 == " " || $0 == "\t" } ? "\(name);" : "\(name): \(value)"
        }
        // libcurl would wait up to a second for the permission to send a large body.
        if self.request.headers["expect"] == nil { lines.append("Expect:") }
        if self.request.headers["user-agent"] == nil { lines.append("User-Agent: HTTPResources") }
        for line in lines {
            guard let longer = curl_slist_append(self.headers, line) else { return CURLE_OUT_OF_MEMORY }
            self.headers = longer
        }
        return ccurl_set_headers(easy, self.headers)
    }
}
