import Foundation
import ResourceContainer

/// Files in both directions.
extension HTTPClientPool {
    /// Downloads the body of a response into a new file, in bounded memory.
    ///
    /// The file is created once the head of a response with a status of 200 to 299 has arrived. Only the user of the process can read and
    /// write it. A file or link that exists already is neither changed nor followed: the download fails. Other processes see the file grow;
    /// it is complete when this method returns, but not flushed to the device. If the download fails or is canceled, the file is removed
    /// before this method returns.
    ///
    /// - Parameters:
    ///   - address: The URL of an http or https server, or its text.
    ///   - path: The path of the file. Its directory must exist.
    ///   - query: Parameters that are appended to the query of the URL.
    ///   - headers: The headers of this request; they override those of the configuration.
    ///   - maximumSize: The maximum size of the file in bytes; nil for no limit. A larger response is canceled.
    ///   - timeout: The timeout of the whole download. Positive; nil for the configuration's until the head of the response has arrived,
    ///     and then only its `silenceTimeout`.
    ///   - fileID: The caller's source file, for samples and events.
    ///   - line: The caller's source line.
    /// - Returns: The size of the file, and the head of the response.
    /// - Throws: ``HTTPError``, with ``HTTPError/Code/unexpectedStatus`` unless the status is 200 to 299, and
    ///   ``HTTPError/Code/invalidRequest`` if the file cannot be created or written; `CancellationError`.
    public func download(
        _ address: some HTTPAddress,
        to path: String,
        query: HTTPParameters = [:],
        headers: [String: String] = [:],
        maximumSize: Int64? = nil,
        timeout: Duration? = nil,
        fileID: StaticString = #fileID,
        line: UInt = #line
    ) async throws -> HTTPDownload {
        let url = try address.url(adding: query)
        return try await self.withResponse(.get, url, headers: headers, timeout: timeout, fileID: fileID, line: line) { response in
            let response = try response.success()
            let size = try await self.write(response, to: path, maximumSize ?? .max)
            return HTTPDownload(path: path, size: size, status: response.status, headers: response.headers, url: response.url)
        }
    }

    /// Writes the body of a response into a new file. Returns its size.
    private func write(_ response: StreamedResponse, to path: String, _ maximumSize: Int64) async throws -> Int64 {
        let label = HTTPRequest.label(of: response.url)
        let tooLarge = HTTPError(
            .tooLarge,
            method: response.method.rawValue,
            url: label,
            status: response.status,
            "returned more than \(maximumSize) bytes and was canceled; raise maximumSize"
        )
        let channel = ByteChannel(bound: self.configuration.streamBufferSize)
        let result = Promise<Result<Int64, any Error>>()
        // Writing a file blocks its thread.
        self.environment.startApart {
            await FileDownload(path: path, method: response.method.rawValue, url: label).run(from: channel, result)
        }
        var size: Int64 = 0
        do {
            for try await chunk in response.body {
                size += Int64(chunk.count)
                if size > maximumSize { throw tooLarge }
                try await channel.send(chunk)
            }
            channel.finish()
        } catch {
            // If the file failed first, its error is the cause, and this one is not kept.
            channel.finish(error)
        }
        return try await result.waitThroughCancellation().get()
    }

    /// Uploads a file as the body of a request, in bounded memory, and returns the response, regardless of its status.
    ///
    /// The file must be a regular file. Its size when the request is sent is announced; a file that becomes shorter while it is sent is an
    /// error.
    ///
    /// - Parameters:
    ///   - path: The path of the file.
    ///   - address: The URL of an http or https server, or its text.
    ///   - method: The method of the request.
    ///   - query: Parameters that are appended to the query of the URL.
    ///   - headers: The headers of this request; they override those of the configuration. The default `Content-Type` is
    ///     `application/octet-stream`.
    ///   - timeout: The timeout of the whole request; nil for the configuration's. Positive.
    ///   - fileID: The caller's source file, for samples and events.
    ///   - line: The caller's source line.
    /// - Returns: The response, after redirects.
    /// - Throws: ``HTTPError``, with ``HTTPError/Code/invalidRequest`` if the file cannot be read; `CancellationError`.
    public func upload(
        _ path: String,
        to address: some HTTPAddress,
        method: Method = .put,
        query: HTTPParameters = [:],
        headers: [String: String] = [:],
        timeout: Duration? = nil,
        fileID: StaticString = #fileID,
        line: UInt = #line
    ) async throws -> Response {
        let url = try address.url(adding: query)
        return try await self.request(method, url, headers: headers, upload: .file(path), timeout: timeout, fileID: fileID, line: line)
    }
}
