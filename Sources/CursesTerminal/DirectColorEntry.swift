import CNCurses

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The terminal entry for 24-bit colors, passed to curses as text. Without the package ncurses-term a machine has no such entry.
///
/// It is xterm-256color with `RGB`, 2^24 colors, and `setaf`/`setab` with 38;2 and 48;2; numbers 0 to 7 are palette colors. It has no keys,
/// because the program decodes them itself. It has no repeat capability and no background color erase, because not every terminal with
/// 24-bit colors supports them. Compiled by `tic -x` and printed by `infocmp -x -Q2`.
enum DirectColorEntry {
    /// The terminal type of the entry.
    static let name = "resmon-direct"

    /// Runs `body` while curses can find the entry.
    ///
    /// Sets the environment variable `TERMINFO` for that time, and restores it afterward.
    static func whileKnown<Result>(_ body: () -> Result) -> Result {
        let before = getenv("TERMINFO").map { String(cString: $0) }
        setenv("TERMINFO", Self.text, 1)
        defer {
            if let before { setenv("TERMINFO", before, 1) } else { unsetenv("TERMINFO") }
        }
        return body()
    }

    /// Whether curses accepts an entry as text: version 6.1 and later, depending on its build options.
    static var isTaken: Bool {
        Self.whileKnown { cn_look_up(Self.name).colors == 1 << 24 }
    }

    private static let text = """
        b64:HgI0AA8ADwBpAYgCcmVzbW9uLWRpcmVjdHwyNC1iaXQgY29sb3Igb24gYSB0ZXJtaW5hbCBsaWtlIHh0ZXJtAAABAAABAAAAAAAAAAAAAQBQAAAA____\
        _xgAAAD_____________________________________________________AAAAAQAAAQD__wAAAgAEAP__FQAdACEAJQD__zAAQQBDAEcATgD__1AAXQD_\
        _2EA__9lAGkA_____20A__9xAHYA__9_AP_______4QAiQCOAJMAnACgAKcA_____7AAtgD_____________________vAD_________________________\
        _________________________________________________________________8AAyAD__________________________________9AA___TANwA5QDu\
        AP__9wAAAQkB__8SAf____________________________8bAR4BKQEsAS4BMQH_____________________________________jgH__________8MByQH_\
        ________________________________________________________________________________________________________________________\
        ________________________________________________________________________________________________________________________\
        ____________________________________________________________________zwH_________________________________________________\
        _______________________UAf__________________________________3QH_________________________________________________________\
        ____________________________________________________________________4gE1AgcADQAbWyVpJXAxJWQ7JXAyJWRyABtbSBtbMkoAG1tLABtb\
        SgAbWyVpJXAxJWRHABtbJWklcDElZDslcDIlZEgACgAbW0gAG1s_MjVsAAgAG1s_MTJsG1s_MjVoABtbQwAbW0EAG1tQABtbTQAbKDAAG1sxbQAbWz8xMDQ5\
        aAAbWzJtABtbN20AG1s3bQAbWzRtABtbJXAxJWRYABsoQgAbKEIbW20AG1s_MTA0OWwAG1syN20AG1syNG0AG1tMABtbPzFsGz4AG1s_MWgbPQAbRQAbWyVw\
        MSVkUAAbWyVwMSVkTQAbWyVwMSVkQgAbWyVwMSVkQAAbWyVwMSVkTAAbWyVwMSVkRAAbWyVwMSVkQwAbWyVwMSVkQQAbOAAbWyVpJXAxJWRkABs3AAoAG00A\
        JT8lcDkldBsoMCVlGyhCJTsbWzAlPyVwNiV0OzElOyU_JXA1JXQ7MiU7JT8lcDIldDs0JTslPyVwMSVwMyV8JXQ7NyU7JT8lcDQldDs1JTslPyVwNyV0Ozgl\
        O20AYGBhYWZmZ2dpaWpqa2tsbG1tbm5vb3BwcXFycnNzdHR1dXZ2d3d4eHl5enp7e3x8fX1-fgAbWz83aAAbWz83bAAbWzFLABtbMzk7NDltABtbM20AG1sl\
        PyVwMSV7OH0lPCV0MyVwMSVkJWUzODsyOyVwMSV7NjU1MzZ9JS8lZDslcDElezI1Nn0lLyV7MjU1fSUmJWQ7JXAxJXsyNTV9JSYlZCU7bQAbWyU_JXAxJXs4\
        fSU8JXQ0JXAxJWQlZTQ4OzI7JXAxJXs2NTUzNn0lLyVkOyVwMSV7MjU2fSUvJXsyNTV9JSYlZDslcDElezI1NX0lJiVkJTttAAEAAAAAAAEABAABAAAAUkdC\
        AA==
        """
}
