"""Strings that tables get wrong, written for `tests/tables`: each is a text a page may print or a record may come to hold.

Grouped by what goes wrong with them. No names or addresses of anybody.
"""

FORMULAS = [
    "=1+1", "=SUM(A1:A9)", "+1+1", "-1+1", "@SUM(1)", "=cmd|' /C calc'!A0", '=HYPERLINK("http://nowhere.example","点我")',
    '=WEBSERVICE("http://nowhere.example")', "=DDE(\"a\";\"b\";\"c\")", "=1+1;", " =1+1", "\t=1+1", "\r=1+1", "\n=1+1", "\u3000=1+1", "\u00a0=1+1",
    '"=1+1"', "'=1+1", "''=1+1", "'", "''", "'原话'", "'\t表", "\t表", "\r表", ";=1+1", ",=1+1", "＝1+1", "＋1", "－1", "＠a", "“=1+1”", "-", "=", "+", "@",
    "--", "-任颖", "+86 000", "@所有人", "%0A=1+1", "|=1+1", "\ufeff=1+1", "\u200b=1+1", "\x00=1+1", "\x1b=1+1",
]

NUMBERS = [
    "0", "00", "007", "08123", "1e5", "1E5", "0x1F", "1_000", "1,000", "1.0", "1.10", ".5", "-0", "NaN", "nan", "inf", "-Infinity", "12345678901234567890",
    "110101190001010000", "0.1000000000000000055511151231257827", "5%", "￥5", "１２３", "①", "½", "〇", "9007199254740993", "1/2", "3-4", "1:30", "2²",
]

DATES = [
    "2023-06-06", "2023/6/6", "6/6", "6月6日", "2023年6月6日", "20230606", "16:49:09", "2023-06-06 16:49", "2023-06-06T16:49:09+08:00", "JUN6", "MARCH1", "1-2",
    "0000-00-00", "2023-02-30", "SEPT2", "星期三",
]

WORDS_OF_PROGRAMS = ["TRUE", "FALSE", "true", "null", "NULL", "None", "NA", "N/A", "#N/A", "#REF!", "#DIV/0!", "undefined", "nil", "\\N", "()", "[]", "{}"]

QUOTES_AND_BREAKS = [
    '"', '""', '"""', 'a"b', '"a"', '",', '","', '"\n"', "a,b", ",", ",,,", "a;b", "a:b;c:d", "a\tb", "a\nb", "a\r\nb", "a\rb", "\n", "\r\n", "\r", "a\n\nb", "a\n\r\nb\r",
    "\na", "a\n", "一行\n“二行”,\"三\"\r\n四行", "\\", "\\n", "\\\"", "a\\", "`", "''", "‘’", "「」", "『』", "«»", "\x85", "a\u2028b", "a\u2029b", "a\x0bb", "a\x0cb", "|", "\x1fa", "\x1ea",
]

SPACES = [" ", "  ", " a", "a ", "  a  ", "\t", "\ta", "a\t", "a  b", "\u3000", "\u3000一", "一\u3000", "\u00a0a\u00a0", "a\u200bb", "\u200b", "\u2060", "\ufeff", "\ufeffa", "a\ufeff", "\u200e", "\u061c", "\u00ad"]

CONTROLS = ["a\x00b", "\x00", "a\x00"] + [f"a{chr(code)}b" for code in (*range(1, 9), *range(14, 32), 127, *range(128, 160))] + ["".join(map(chr, range(32)))]

LETTERS = [
    "主题教育", "主題教育", "学思想 强党性 重实践 建新功", "任 颖", "阿依古丽·买买提", "㐀㐁", "𠀀𠮷𫟷", "\U0002ebf0\U00030000", "龥鿿", "ﾊﾝｶｸ", "ＡＢＣ", "é", "e\u0301", "가각힣", "ག", "ئۇيغۇر", "مرحبا", "שלום", "Ω≈ç√∫",
    "😀", "👩‍🔬", "👨‍👩‍👧‍👦", "🇨🇳", "1️⃣", "👍🏽", "\U0001f9d1\u200d\U0001f393", "\U0010ffff", "\U000f0000", "\ue000", "\uf8ff", "\ufffd", "\ufffe", "\uffff", "\ufdd0", "\U0001fffe", "z\u0351\u036b\u0343",
    "\u202e左右\u202c", "\u2066内\u2069", "a\u202eb", "\u200fعام\u200e", "\ufe0f", "❤️", "ﷺ", "ﬁ", "ß", "ı", "İ", "ſ",
]

MARKUP = [
    "_x000D_", "_x005F_", "_x005F_x000D_", "_x0041_", "_X000D_", "_x000d_", "_x000D", "a_x000D_b\r", "_xD83D_", "__x0001__", "_x主题教_", "<b>粗</b>", "</t>", "<![CDATA[x]]>", "]]>", "&amp;", "&", "&#13;", "&lt;", "<!--", "<script>alert(1)</script>", "%s%n",
    "{{7*7}}", "${7*7}", "'; DROP TABLE articles; --", "../../x", "http://nowhere.example/", "mailto:a@nowhere.example", "file:///x", "#", "# 注", "//", "/* */", "$$",
]

#: What a cell of a spreadsheet holds, to the unit, and one more; counted in UTF-16 (`32,767`).
LENGTHS = ["字" * 32_766, "字" * 32_767, "字" * 32_768, "😀" * 16_383, "😀" * 16_383 + "a", "😀" * 16_384, "\n" * 40_000, ("长\r\n" * 20_000), "a" * 200_000]

ALL = list(dict.fromkeys(FORMULAS + NUMBERS + DATES + WORDS_OF_PROGRAMS + QUOTES_AND_BREAKS + SPACES + CONTROLS + LETTERS + MARKUP + LENGTHS))
