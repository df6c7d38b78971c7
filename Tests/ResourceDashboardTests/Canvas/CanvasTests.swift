import Testing

@testable import ResourceDashboard

@Suite("A canvas")
struct CanvasTests {
    @Test("a box has round corners, its title at the left and its remark at the right")
    func box() {
        var canvas = Canvas(size: Size(width: 30, height: 3))
        let inside = canvas.drawBox(canvas.bounds, title: "Pools 3", trailing: "60s", border: .plain)
        #expect(inside == Rect(x: 1, y: 1, width: 28, height: 1))
        #expect(
            TextRenderer.render(canvas) == """
                ╭─ Pools 3 ──────────── 60s ─╮
                │                            │
                ╰────────────────────────────╯

                """
        )
    }
}
