import CCurl
import Foundation

/// An easy handle of libcurl, with the options that are the same for all transfers of a client. It is used for one transfer at a time.
///
/// It is confined to the thread of its loop.
final class CurlEasy {
    let easy: UnsafeMutableRawPointer
    let settings: CurlSettings
    let sockets: CurlSockets
    /// The transfer, which receives the callbacks; nil between transfers.
    var transfer: CurlHandle?
    /// The message of libcurl about a failure.
    private let message: UnsafeMutablePointer<CChar>
    /// Whether libcurl accepts the settings of TLS.
    private var refusal: CURLcode?
    /// The options of the last transfer; nil if they are not known.
    var options: CurlOptions?
    /// The URL of the last transfer; nil if it is not known.
    var address: String?
    /// The headers of the last transfer, to which libcurl refers.
    var headers: UnsafeMutablePointer<curl_slist>?
    private var forbidsReuse = false
    /// The proxy of the last origin.
    private var proxy: (origin: Origin, choice: ProxyChoice?)?

    /// Returns nil if there is no memory.
    init?(_ settings: CurlSettings, _ sockets: CurlSockets) {
        guard let easy = curl_easy_init() else { return nil }
        self.easy = easy
        self.settings = settings
        self.sockets = sockets
        self.message = .allocate(capacity: Int(CURL_ERROR_SIZE))
        self.message.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
        self.setOptions()
        self.setCallbacks()
    }

    /// Releases the handle, which must not be part of a multi handle.
    func release() {
        curl_easy_cleanup(self.easy)
        curl_slist_free_all(self.headers)
        self.message.deallocate()
    }

    /// The message of libcurl about the failure of the last transfer; empty if there is none.
    var failureText: String {
        String(cString: self.message)
    }

    /// Prepares the handle for another transfer. Returns the code of libcurl if it refuses the client's settings.
    func begin(_ transfer: CurlHandle) -> CURLcode? {
        self.transfer = transfer
        self.message[0] = 0
        if self.forbidsReuse {
            ccurl_set_long(self.easy, CURLOPT_FORBID_REUSE, 0)
            self.forbidsReuse = false
        }
        return self.refusal
    }

    /// Closes the connection at the end of this transfer.
    func forbidReuse() {
        ccurl_set_long(self.easy, CURLOPT_FORBID_REUSE, 1)
        self.forbidsReuse = true
    }

    /// Returns the proxy of requests to `origin`; nil for none.
    func proxy(for origin: Origin) -> ProxyChoice? {
        if let proxy, proxy.origin == origin { return proxy.choice }
        let choice = self.settings.proxies.choice(for: origin)
        self.proxy = (origin, choice)
        return choice
    }

    private func setOptions() {
        ccurl_set_long(self.easy, CURLOPT_NOSIGNAL, 1)
        ccurl_set_quick_exit(self.easy)
        ccurl_set_pointer(self.easy, CURLOPT_ERRORBUFFER, self.message)
        // Unretained: the loop keeps this object until the easy handle is released.
        ccurl_set_pointer(self.easy, CURLOPT_PRIVATE, Unmanaged.passUnretained(self).toOpaque())
        // The client's own limits apply; 0 would be the default of 300 s.
        ccurl_set_long(self.easy, CURLOPT_CONNECTTIMEOUT_MS, Int(Int32.max))
        ccurl_set_long(self.easy, CURLOPT_DNS_CACHE_TIMEOUT, self.settings.dnsCacheSeconds)
        ccurl_set_long(self.easy, CURLOPT_TCP_KEEPALIVE, 1)
        ccurl_set_long(self.easy, CURLOPT_PATH_AS_IS, 1)
        ccurl_set_long(self.easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1)
        let usesHTTP2 = self.settings.usesHTTP2 && CurlLibrary.hasHTTP2
        ccurl_set_long(self.easy, CURLOPT_HTTP_VERSION, usesHTTP2 ? ccurl_http_2_with_tls : ccurl_http_1_1)
        // The client has read the environment. An empty text keeps libcurl from reading it.
        ccurl_set_text(self.easy, CURLOPT_NOPROXY, "")
        let codes = [ccurl_allow_http_only(self.easy), self.setTLS(self.settings.tls)]
        self.refusal = codes.first { $0 != CURLE_OK }
    }

    private func setTLS(_ tls: HTTPTLS) -> CURLcode {
        ccurl_set_long(self.easy, CURLOPT_SSLVERSION, tls.minimumVersion == .tls13 ? ccurl_tls_1_3 : ccurl_tls_1_2)
        if let authorities = tls.authorities {
            let code = ccurl_set_text(self.easy, CURLOPT_CAINFO, authorities)
            if code != CURLE_OK { return code }
            // Otherwise the authorities of the system are trusted, too.
            ccurl_set_text(self.easy, CURLOPT_CAPATH, nil)
        }
        guard let client = tls.clientCertificate else { return CURLE_OK }
        let code = ccurl_set_text(self.easy, CURLOPT_SSLCERT, client.certificate)
        if code != CURLE_OK { return code }
        if let password = client.password { ccurl_set_text(self.easy, CURLOPT_KEYPASSWD, password) }
        return ccurl_set_text(self.easy, CURLOPT_SSLKEY, client.key)
    }

    /// The object of an easy handle that this class has created.
    static func of(_ easy: UnsafeMutableRawPointer) -> CurlEasy? {
        ccurl_private(easy).map { Unmanaged<CurlEasy>.fromOpaque($0).takeUnretainedValue() }
    }

    /// The transfer of a callback with this context.
    private static func transfer(_ context: UnsafeMutableRawPointer?) -> CurlHandle? {
        context.flatMap { Unmanaged<CurlEasy>.fromOpaque($0).takeUnretainedValue().transfer }
    }

    private func setCallbacks() {
        // Unretained: the loop keeps this object until the easy handle is released.
        let context = Unmanaged.passUnretained(self).toOpaque()
        ccurl_on_header(
            self.easy,
            { bytes, size, count, context in
                guard let bytes, let transfer = CurlEasy.transfer(context) else { return 0 }
                return transfer.receive(line: UnsafeRawBufferPointer(start: bytes, count: size * count)) ? size * count : 0
            },
            context
        )
        ccurl_on_write(
            self.easy,
            { bytes, size, count, context in
                guard let bytes, let transfer = CurlEasy.transfer(context) else { return 0 }
                return transfer.receive(part: UnsafeRawBufferPointer(start: bytes, count: size * count))
            },
            context
        )
        ccurl_on_read(
            self.easy,
            { buffer, size, count, context in
                guard let buffer, let transfer = CurlEasy.transfer(context) else { return ccurl_read_abort }
                return transfer.read(into: UnsafeMutableRawBufferPointer(start: buffer, count: size * count))
            },
            context
        )
        ccurl_on_seek(
            self.easy,
            { context, offset, origin in
                // A transfer that cannot seek fails. libcurl must not read instead.
                origin == SEEK_SET && CurlEasy.transfer(context)?.seek(to: Int64(offset)) == true ? CURL_SEEKFUNC_OK : CURL_SEEKFUNC_FAIL
            },
            context
        )
        ccurl_on_prereq(
            self.easy,
            { context, remote, local, remotePort, localPort in
                guard let remote, let local, let transfer = CurlEasy.transfer(context) else { return 1 }
                let ends = ConnectionTable.Ends(
                    local: String(cString: local),
                    localPort: localPort,
                    remote: String(cString: remote),
                    remotePort: remotePort
                )
                return transfer.send(over: ends) ? 0 : 1
            },
            context
        )
        ccurl_on_open(
            self.easy,
            { context, _, address in
                guard let address, let transfer = CurlEasy.transfer(context) else { return -1 }
                return transfer.openSocket(address)
            },
            context
        )
        // Unretained: the loop keeps the table until all connections are closed.
        ccurl_on_close(
            self.easy,
            { context, socket in
                if let context { Unmanaged<CurlSockets>.fromOpaque(context).takeUnretainedValue().table.close(socket) }
                return ccurl_close_socket(socket)
            },
            Unmanaged.passUnretained(self.sockets).toOpaque()
        )
    }
}
