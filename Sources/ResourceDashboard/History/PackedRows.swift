import ResourceContainer
import ResourceMonitoring

/// The rows of an update, packed into a fifth of their size.
///
/// Packing is lossless: a row that would not decode to an equal row is stored unpacked.
struct PackedRows: Sendable {
    /// The data that rows of many updates share: texts and descriptions of bindings.
    struct Common: Sendable {
        fileprivate var table = TextTable(limit: 4096)
        fileprivate var bindings: [BindingSnapshot] = []
        /// The index of the newest stored snapshot of each binding.
        fileprivate var indices: [BindingID: Int] = [:]

        /// Returns the index of a binding's description, which excludes its figures.
        fileprivate mutating func index(of binding: BindingSnapshot) -> Int {
            var plain = binding
            plain.books = Books()
            if let known = self.indices[binding.id], self.bindings[known] == plain { return known }
            self.indices[binding.id] = self.bindings.count
            self.bindings.append(plain)
            return self.bindings.count - 1
        }
    }

    private let time: TimeSource.Instant
    private let bytes: [UInt8]
    private let counts: (bindings: Int, scopes: Int, resources: Int)
    /// The rows that are stored unpacked, by index.
    private var bindings: [Int: BindingRow] = [:]
    private var scopes: [Int: ScopeRow] = [:]
    private var resources: [Int: ResourceRow] = [:]

    /// Packs the rows of `update`.
    init(_ update: MonitorUpdate, _ common: inout Common) {
        var writer = FieldWriter(common.table)
        var origin = RowOrigin(time: update.time)
        for var row in update.bindings {
            var index = common.index(of: row.binding)
            writer.code(&index)
            writer.codeFigures(&row)
        }
        for var row in update.scopes { writer.code(&row, near: &origin) }
        for var row in update.resources { writer.code(&row, near: &origin) }
        self.time = update.time
        self.counts = (update.bindings.count, update.scopes.count, update.resources.count)
        self.bytes = writer.bytes.withUnsafeBufferPointer(Array.init)
        common.table = writer.table
        let read = self.unpacked(common)
        for (index, row) in update.bindings.enumerated() where row != read.bindings[index] { self.bindings[index] = row }
        for (index, row) in update.scopes.enumerated() where row != read.scopes[index] { self.scopes[index] = row }
        for (index, row) in update.resources.enumerated() where row != read.resources[index] { self.resources[index] = row }
    }

    /// The approximate size of the rows, in bytes.
    var weight: Int {
        self.bytes.count + self.bindings.count * Weight.binding + self.scopes.count * Weight.scope + self.resources.count * Weight.resource
    }

    /// Restores the rows into an update.
    func unpack(into update: inout MonitorUpdate, _ common: Common) {
        var read = self.unpacked(common)
        for (index, row) in self.bindings { read.bindings[index] = row }
        for (index, row) in self.scopes { read.scopes[index] = row }
        for (index, row) in self.resources { read.resources[index] = row }
        update.bindings = read.bindings
        update.scopes = read.scopes
        update.resources = read.resources
    }

    private func unpacked(_ common: Common) -> (bindings: [BindingRow], scopes: [ScopeRow], resources: [ResourceRow]) {
        var reader = FieldReader(self.bytes, texts: common.table.texts)
        var origin = RowOrigin(time: self.time)
        let bindings = (0..<self.counts.bindings).map { _ in
            var index = 0
            reader.code(&index)
            var row = BindingRow(binding: common.bindings[index])
            reader.codeFigures(&row)
            return row
        }
        let scopes = (0..<self.counts.scopes).map { _ in
            var row = ScopeRow.blank
            reader.code(&row, near: &origin)
            return row
        }
        let resources = (0..<self.counts.resources).map { _ in
            var row = ResourceRow.blank
            reader.code(&row, near: &origin)
            return row
        }
        return (bindings, scopes, resources)
    }
}
