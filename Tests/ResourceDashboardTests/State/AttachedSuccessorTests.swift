import ResourceContainer
import Testing

@testable import ResourceDashboard

@Suite("Successors of an attached process")
struct AttachedSuccessorTests {
    @Test("A process that ended before anything was seen of it is no neighbor, and the last process of its chain is its successor.")
    func unseen() {
        let next = ProcessID("4902")
        var last = ProcessRow.shop()
        last.id = next
        var first = ProcessRow.shop(.ended(at: nil, how: "closed"))
        first.successor = ProcessID("4901")
        var state = DashboardState.attached([first, .unseen("4901")])
        #expect(state.type(")").isEmpty)
        #expect(state.notice?.text == "there is no other process")
        #expect(state.type("R").isEmpty)
        #expect(state.notice?.text.hasSuffix("4901 took its place and ended before anything was seen of it") == true)
        state = DashboardState.attached([first, .unseen("4901", successor: next), last])
        #expect(state.type(")") == [.showProcess(next)])
        #expect(state.text.contains("shop is back as 4902: R"))
        #expect(state.type("R") == [.showProcess(next)])
        #expect(state.type("9G").isEmpty)
        #expect(state.press(.enter) == [.showProcess(next)])
    }

    @Test("The row of a process that ended before anything was seen of it leads nowhere, unless another one replaced it.")
    func unseenRow() {
        var state = DashboardState.attached([.shop(), .unseen("4901")], in: .processes)
        #expect(state.text.contains("ended 12:04:31, without goodbye     nothing was seen of it"))
        #expect(state.type("G").isEmpty)
        #expect(state.press(.enter).isEmpty)
        #expect(state.notice?.text == "shop 4901@web1 ended before anything was seen of it")
    }

    @Test("A chain of successors that returns to its beginning ends.")
    func circle() {
        var shop = ProcessRow.shop(.ended(at: nil, how: "closed"))
        shop.successor = ProcessID("4823")
        var mail = ProcessRow.mail()
        mail.successor = shop.id
        #expect([shop, mail].successor(of: shop.id) == mail.id)
        #expect([shop, mail].successor(of: ProcessID("1")) == nil)
    }
}
