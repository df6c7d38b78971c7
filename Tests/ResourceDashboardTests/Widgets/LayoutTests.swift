import Testing

@testable import ResourceDashboard

@Suite("Layout")
struct LayoutTests {
    private func total(_ lengths: [Int?], gap: Int = 0) -> Int {
        let shown = lengths.compactMap { $0 }
        return shown.reduce(0, +) + gap * max(0, shown.count - 1)
    }

    @Test("Flexible items share what is left over by weight.")
    func weights() {
        let lengths = Layout.divide(100, among: [.fixed(10), .flexible(5), .flexible(5, weight: 3)])
        #expect(lengths == [10, 25, 65])
    }

    @Test("If there is too little room, the item with the highest priority number goes first.")
    func priorities() {
        let items: [Extent] = [.fixed(10), .fixed(10, priority: 2), .fixed(10, priority: 1), .flexible(5)]
        #expect(Layout.divide(60, among: items, gap: 1) == [10, 10, 10, 27])
        #expect(Layout.divide(30, among: items, gap: 1) == [10, nil, 10, 8])
        #expect(Layout.divide(17, among: items, gap: 1) == [10, nil, nil, 6])
        #expect(Layout.divide(3, among: items, gap: 1) == [10, nil, nil, 5])
    }

    @Test("Items that can be shorter are shortened from the last to the first, flexible ones before others.")
    func shorter() {
        #expect(Layout.divide(12, among: [.content(10, minimum: 4), .content(8, minimum: 2)]) == [10, 2])
        #expect(Layout.divide(8, among: [.content(10, minimum: 4), .content(8, minimum: 2)]) == [6, 2])
        let item = Extent(minimum: 3, ideal: 20, weight: 1)
        #expect(Layout.divide(20, among: [item, .content(10, minimum: 4)]) == [10, 10])
    }

    @Test("The lengths fill the room if an item can grow, and never exceed it if every item can be omitted.")
    func sums() {
        let items: [Extent] = [
            .fixed(8, priority: 1), .content(30, minimum: 5, priority: 3), .flexible(12, priority: 2), .fixed(1, priority: 4),
            .flexible(3, weight: 2, priority: 5),
        ]
        for length in -5...200 {
            for gap in 0...2 {
                let lengths = Layout.divide(length, among: items, gap: gap)
                #expect(self.total(lengths, gap: gap) <= max(0, length))
                #expect(lengths.allSatisfy { $0 ?? 0 >= 0 })
                if lengths[2] != nil { #expect(self.total(lengths, gap: gap) == length) }
            }
        }
    }

    @Test("Rectangles of rows and columns are side by side and within the divided one.")
    func rectangles() {
        for size in 0...60 {
            let rect = Rect(x: 3, y: 5, width: size, height: size)
            let items: [Extent] = [.fixed(7), .flexible(4), .content(20, minimum: 2, priority: 1)]
            let (rows, columns) = (rect.rows(items).compactMap { $0 }, rect.columns(items).compactMap { $0 })
            for place in rows + columns { #expect(place.intersection(rect) == place || place.width * place.height == 0) }
            for (first, second) in zip(rows, rows.dropFirst()) where second.height > 0 { #expect(first.y + first.height == second.y) }
            for (first, second) in zip(columns, columns.dropFirst()) where second.width > 0 { #expect(first.x + first.width == second.x) }
        }
    }
}

@Suite("Columns of a table")
struct TableLayoutTests {
    private let columns = [
        TableColumn("NAME", "the name", .content(minimum: 6)), TableColumn("TEXT", "the text", .flexible(minimum: 5)),
        TableColumn("SIZE", "the size", priority: 1), TableColumn("WIDE", "only on wide screens", priority: 2, appearsFrom: 100),
    ]
    private let content = [10, 20, 8, 4]

    @Test("Columns are as wide as their content, and the flexible one takes the rest.")
    func roomy() {
        let (gap, widths) = Table.layout(self.columns, content: self.content, width: 60)
        #expect(gap == 2)
        #expect(widths == [10, 38, 8, nil])
    }

    @Test("A column for wide screens appears from its width on.")
    func wide() {
        let (gap, widths) = Table.layout(self.columns, content: self.content, width: 100)
        #expect(gap == 2)
        #expect(widths == [10, 72, 8, 4])
    }

    @Test("The gap is narrow before a cell is cut.")
    func gap() {
        let (gap, widths) = Table.layout(self.columns, content: self.content, width: 41)
        #expect(gap == 1)
        #expect(widths == [10, 21, 8, nil])
    }

    @Test("On narrow screens, first the flexible column is cut, then a column is omitted, then the first is cut.")
    func narrow() {
        #expect(Table.layout(self.columns, content: self.content, width: 30).widths == [10, 10, 8, nil])
        #expect(Table.layout(self.columns, content: self.content, width: 18).widths == [10, 7, nil, nil])
        #expect(Table.layout(self.columns, content: self.content, width: 13).widths == [7, 5, nil, nil])
    }

    @Test("No cell is cut while another column is wider than its content, at any width.")
    func neverWasteful() {
        for width in 1...200 {
            let widths = Table.layout(self.columns, content: self.content, width: width).widths
            let isCut = zip(widths, self.content).contains { width, content in width.map { $0 < content } ?? false }
            let isWide = zip(widths, self.content).contains { width, content in width.map { $0 > content } ?? false }
            #expect(!(isCut && isWide), "\(width) columns")
        }
    }
}
