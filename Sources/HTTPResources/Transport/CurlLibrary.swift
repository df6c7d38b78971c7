import CCurl

/// The state of libcurl in this process.
enum CurlLibrary {
    /// The result of the initialization, which happens once.
    static let isInitialized = ccurl_global_init() == CURLE_OK
    static let hasHTTP2 = Self.isInitialized && ccurl_has_http2()
}
