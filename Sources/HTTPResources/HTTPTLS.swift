/// How an ``HTTPClientPool`` secures connections to https servers. The certificate of a server and its host name are always verified.
public struct HTTPTLS: Sendable, Hashable {
    /// A version of TLS.
    public enum Version: Sendable, Hashable {
        /// TLS 1.2.
        case tls12
        /// TLS 1.3.
        case tls13
    }

    /// A certificate that identifies the client to servers that require one.
    public struct ClientCertificate: Sendable, Hashable {
        /// The path of the certificate, in PEM format.
        public var certificate: String
        /// The path of its private key, in PEM format.
        public var key: String
        /// The password of the private key; nil if it is not encrypted.
        public var password: String?

        /// Creates a client certificate. The files are read when a connection is established.
        public init(certificate: String, key: String, password: String? = nil) {
            self.certificate = certificate
            self.key = key
            self.password = password
        }
    }

    /// The minimum version.
    public var minimumVersion: Version
    /// The path of a file in PEM format with the certificates of the trusted authorities; nil for those of the system.
    public var authorities: String?
    /// The client's certificate; nil for none.
    public var clientCertificate: ClientCertificate?

    /// Creates the settings. By default the authorities of the system are trusted, and the minimum version is 1.2.
    public init(minimumVersion: Version = .tls12, authorities: String? = nil, clientCertificate: ClientCertificate? = nil) {
        self.minimumVersion = minimumVersion
        self.authorities = authorities
        self.clientCertificate = clientCertificate
    }
}

extension HTTPTLS {
    /// The first invalid setting and the reason; nil if all are valid. The files are read when a connection is established.
    var fault: String? {
        let client = self.clientCertificate
        // A C string ends at its first NUL.
        let hasNUL = [self.authorities, client?.certificate, client?.key, client?.password].contains { $0?.utf8.contains(0) == true }
        return hasNUL ? "tls contains a path with a NUL or a password with one" : nil
    }
}

/// The password does not appear.
extension HTTPTLS.ClientCertificate: CustomStringConvertible, CustomReflectable {
    /// The path of the certificate.
    public var description: String {
        self.certificate
    }

    /// An empty mirror: the password is secret.
    public var customMirror: Mirror {
        Mirror(self, children: [])
    }
}
