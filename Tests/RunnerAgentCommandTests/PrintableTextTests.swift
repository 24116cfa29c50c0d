import Testing

@testable import runner_agent

@Suite struct PrintableTextTests {
    @Test(arguments: [
        ("plain, äöü, 日本語", "plain, äöü, 日本語"),
        ("a\tb\nc", "a\tb c"),
        ("\u{1B}[31;1mred\u{1B}[0m", "red"),
        ("\u{1B}]0;title\u{07}after", "after"),
        ("\u{1B}]8;;https://example.com\u{1B}\\link\u{1B}]8;;\u{1B}\\", "link"),
        ("\u{1B}(Bset \u{1B}=keypad", "set keypad"),
        ("nul\u{00} bell\u{07} back\u{08} return\r del\u{7F}", "nul bell back return del"),
        ("c1 \u{9B}31m\u{85}", "c1 31m"),
        ("user\u{202E}txt.exe \u{2066}x\u{2069}\u{200F}\u{61C}", "usertxt.exe x"),
        ("two\u{2028}lines", "two lines"),
    ])
    func `leaves out what would act on a terminal`(text: String, shown: String) {
        #expect(PrintableText.line(text) == shown)
    }

    @Test(arguments: ["\u{1B}", "\u{1B}[", "\u{1B}[12", "\u{1B}]title", "\u{1B}P", "\u{1B}(", "\u{1B}\u{1B}[\u{1B}"])
    func `an escape sequence without its end does not reach the terminal`(text: String) {
        #expect(!PrintableText.line("before" + text).unicodeScalars.contains("\u{1B}"))
    }

    @Test func `an unterminated title does not hide what follows`() {
        #expect(PrintableText.line("\u{1B}]0;title and all the rest") == "0;title and all the rest")
    }
}
