import ResourceContainer
import ResourceDashboard
import ResourceSimulation
import Testing

@testable import ResourceDashboardTesting

@Suite("Script parsing")
struct ScriptTests {
    @Test(
        "Each word of a script is a step.",
        arguments: [
            ("", []),
            ("3", [.key(Key("3"))]),
            (" 3\n\t/  ", [.key(Key("3")), .key(Key("/"))]),
            ("Enter esc TAB S-Tab", [.key(Key(.enter)), .key(Key(.escape)), .key(Key(.tab)), .key(Key(.tab, .shift))]),
            (
                "C-d C-D A-x Space PgDn f5",
                [
                    .key(Key(.character("d"), .control)), .key(Key(.character("d"), .control)), .key(Key(.character("x"), .alt)),
                    .key(Key(" ")),
                    .key(Key(.pageDown)), .key(Key(.function(5))),
                ]
            ),
            ("j*3", [.key(Key("j")), .key(Key("j")), .key(Key("j"))]),
            ("* **2", [.key(Key("*")), .key(Key("*")), .key(Key("*"))]),
            ("' a", [.key(Key("'")), .key(Key("a"))]),
            ("'", [.key(Key("'"))]),
            ("'type:Db* life>1s' \"it's\" \"\"", [.type("type:Db* life>1s"), .type("it's"), .type("")]),
            (
                "wait 2s wait 250ms wait 1m30s wait 0s",
                [
                    .wait(.seconds(2)), .wait(.milliseconds(250)), .wait(.seconds(90)), .wait(.zero),
                ]
            ),
            ("paste 'x y' click 12,3 resize 80x24", [.paste("x y"), .click(x: 12, y: 3), .resize(Size(width: 80, height: 24))]),
        ] as [(String, [ScriptStep])]
    )
    func steps(_ script: String, _ steps: [ScriptStep]) throws {
        #expect(try ScriptParser.steps(of: script) == steps)
    }

    @Test("The description of a step parses as that step.")
    func descriptions() throws {
        let steps: [ScriptStep] = [
            .key(Key(.character("d"), .control)), .key(Key(" ")), .type("it's"), .type(" x"), .type("type:Db*"), .paste("a b"),
            .click(x: 1, y: 2),
            .resize(Size(width: 40, height: 10)), .wait(.milliseconds(90_250)), .wait(.zero),
        ]
        for step in steps { #expect(try ScriptParser.steps(of: "\(step)") == [step]) }
        #expect(ScriptStep.wait(.milliseconds(90_250)).description == "wait 1m30s250ms")
    }

    @Test("Every key of the key table can be written in a script.")
    func allKeys() throws {
        for key in CommandInfo.all.flatMap(\.keys) { #expect(try ScriptParser.steps(of: key.name) == [.key(key)]) }
    }

    @Test(
        "A mistake is reported with its position and the accepted forms.",
        arguments: [
            ("3 Entr", 3, "'Entr' is not a key: "),
            ("**", 1, "'**' is not a key: "),
            ("/ 'type", 3, "the text that begins here has no closing '"),
            ("wait", 1, "wait requires a duration, such as 250ms, 2s or 1m30s"),
            ("wait two", 6, "'two' is not a duration: "),
            ("wait 2", 6, "'2' is not a duration: "),
            ("wait 99999999999999999999s", 6, "is not a duration: "),
            ("wait 25h", 6, "is not a duration: "),
            ("j*0", 1, "'j*0': a key is pressed 1 to 1000 times"),
            ("paste text", 7, "the text to paste must be in quotes: 'text'"),
            ("click 12", 7, "'12' is not valid: give a column and a row, counted from 0, such as 12,3"),
            ("resize -1x5", 8, "'-1x5' is not valid: "),
        ]
    )
    func mistakes(_ script: String, _ position: Int, _ text: String) throws {
        let error = try #require(#expect(throws: ScriptError.self) { try ScriptParser.steps(of: script) })
        #expect(error.description.hasPrefix("the script \"\(script)\" cannot be played: at character \(position): "))
        #expect(error.description.contains(text))
    }

    @Test("No step is played if any of the scripts has a mistake.")
    func allOrNothing() async throws {
        let session = DashboardSession(Container(environment: ResourceEnvironment(time: ManualTime().source)))
        await #expect(throws: ScriptError.self) { try await session.play("3", "Entr") }
        #expect(session.frames.isEmpty)
    }
}
