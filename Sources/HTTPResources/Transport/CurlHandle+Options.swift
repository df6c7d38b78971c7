import CCurl
import Foundation

/// The options that requests have in common with each other. An easy handle keeps them, so that only changed ones are set again.
struct CurlOptions: Equatable {
    let method: HTTPClientPool.Method
    let hasBody: Bool
    /// Whether libcurl decompresses the body of the response.
    let isDecompressed: Bool
    /// The URL of the proxy; empty for none.
    let proxy: String
    let headers: [String: String]

    /// Whether a body is announced. Methods that usually have one state its size even if it is empty.
    var isUpload: Bool {
        self.canHaveBody && (self.hasBody || [.post, .put, .patch].contains(self.method))
    }

    var canHaveBody: Bool {
        self.method != .get && self.method != .head
    }

    /// The lines of the headers, as libcurl takes them.
    var lines: [String] {
        var lines = self.headers.sorted { $0.key < $1.key }.map { name, value in
            // A colon without a value would remove a header that libcurl adds.
            value.allSatisfy { $0 == " " || $0 == "\t" } ? "\(name);" : "\(name): \(value)"
        }
        // libcurl would wait up to a second for the permission to send a large body.
        if self.headers["expect"] == nil { lines.append("Expect:") }
        if self.headers["user-agent"] == nil { lines.append("User-Agent: HTTPResources") }
        return lines
    }
}

extension CurlHandle {
    /// Sets the options of this transfer. Returns the failure if libcurl refuses one.
    func configure() -> HTTPFailure? {
        let options = CurlOptions(
            method: self.request.method,
            hasBody: self.body != nil,
            isDecompressed: self.isDecompressed,
            proxy: self.proxy?.url ?? "",
            headers: self.request.headers
        )
        var code = self.handle.begin(self) ?? CURLE_OK
        if code == CURLE_OK { code = self.handle.set(options) }
        if code == CURLE_OK { code = self.handle.set(address: self.request.address) }
        if options.isUpload {
            ccurl_set_size(self.handle.easy, CURLOPT_INFILESIZE_LARGE, self.body.map { $0.length ?? -1 } ?? 0)
        }
        return code == CURLE_OK ? nil : self.failure(code)
    }
}

extension CurlEasy {
    func set(address: String) -> CURLcode {
        if address == self.address { return CURLE_OK }
        let code = ccurl_set_text(self.easy, CURLOPT_URL, address)
        self.address = code == CURLE_OK ? address : nil
        return code
    }

    /// Sets the options that differ from those of the last transfer.
    func set(_ options: CurlOptions) -> CURLcode {
        let last = self.options
        if options == last { return CURLE_OK }
        // Unknown until all of them are set.
        self.options = nil
        if options.isDecompressed != last?.isDecompressed {
            // Not all that libcurl supports: other formats expand a few bytes into gigabytes. With nil, it decompresses nothing.
            ccurl_set_text(self.easy, CURLOPT_ACCEPT_ENCODING, options.isDecompressed ? "gzip, deflate" : nil)
        }
        if options.proxy != last?.proxy { ccurl_set_text(self.easy, CURLOPT_PROXY, options.proxy) }
        var code = self.setMethod(options)
        if code == CURLE_OK, options.headers != last?.headers { code = self.setHeaders(options.lines) }
        if code == CURLE_OK { self.options = options }
        return code
    }

    private func setMethod(_ options: CurlOptions) -> CURLcode {
        // Undoes the options of the last transfer.
        ccurl_set_long(self.easy, CURLOPT_HTTPGET, 1)
        if options.method == .head { ccurl_set_long(self.easy, CURLOPT_NOBODY, 1) }
        if options.isUpload { ccurl_set_long(self.easy, CURLOPT_UPLOAD, 1) }
        return ccurl_set_text(self.easy, CURLOPT_CUSTOMREQUEST, options.canHaveBody ? options.method.rawValue : nil)
    }

    private func setHeaders(_ lines: [String]) -> CURLcode {
        ccurl_set_headers(self.easy, nil)
        curl_slist_free_all(self.headers)
        self.headers = nil
        for line in lines {
            guard let longer = curl_slist_append(self.headers, line) else { return CURLE_OUT_OF_MEMORY }
            self.headers = longer
        }
        return ccurl_set_headers(self.easy, self.headers)
    }
}
