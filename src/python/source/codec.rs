//! The encodings besides UTF-8 that source may declare, with the meaning that Python gives to their bytes.
//!
//! The tables are those of the WHATWG Encoding Standard, from the crate `encoding_rs`. Python's differ in places:
//! what the two read differently, or what only one of them has, is refused in both directions. The test
//! `encodings` asks `CPython` about every character of every row.

use encoding_rs::Encoding;

/// An encoding of Python's standard library.
#[derive(Debug)]
pub(in crate::python) struct Codec {
    /// The module of Python's package `encodings`, and the names that lead to it.
    names: &'static [&'static str],
    /// How it is read.
    pub(in crate::python) reading: Reading,
    /// Characters on which the tables differ, both ends included.
    doubtful: &'static [(char, char)],
    /// Says of the bytes of one character whether Python has it, too; `None` where it has all.
    shared: Option<fn(&[u8]) -> bool>,
}

/// How the bytes of an encoding are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::python) enum Reading {
    /// As UTF-8, under another name.
    Utf8,
    /// Byte by byte as the first 256 characters of Unicode.
    Latin1,
    /// Not at all, but for bytes below 128, which are ASCII.
    AsciiOnly,
    /// By a table.
    Table(&'static Encoding),
}

impl Codec {
    /// Finds a codec by the name in a declaration.
    pub(in crate::python) fn of(declared: &str) -> Option<&'static Self> {
        let name = normal(declared);
        CODECS.iter().find(|codec| codec.names.contains(&name.as_str()))
    }

    /// Decodes bytes; `None` when they are not in the table.
    pub(in crate::python) fn decode(&self, bytes: &[u8]) -> Option<String> {
        let text = match self.reading {
            Reading::Utf8 => std::str::from_utf8(bytes).ok()?.to_owned(),
            Reading::Latin1 => bytes.iter().map(|byte| char::from(*byte)).collect(),
            Reading::AsciiOnly => std::str::from_utf8(bytes).ok().filter(|text| text.is_ascii())?.to_owned(),
            Reading::Table(table) => {
                table.decode_without_bom_handling_and_without_replacement(bytes)?.into_owned()
            }
        };
        Some(text)
    }

    /// Encodes text; `None` when a character is not in the table, or Python would read another one.
    pub(in crate::python) fn encode(&self, text: &str) -> Option<Vec<u8>> {
        match self.reading {
            Reading::Utf8 => Some(text.as_bytes().to_vec()),
            Reading::Latin1 => {
                text.chars().map(|character| u8::try_from(u32::from(character)).ok()).collect()
            }
            Reading::AsciiOnly => text.is_ascii().then(|| text.as_bytes().to_vec()),
            Reading::Table(table) => {
                if !text.chars().all(|character| character.is_ascii() || self.is_certain(table, character)) {
                    return None;
                }
                let (bytes, _, is_incomplete) = table.encode(text);
                // Two characters may share bytes; then only one of them comes back.
                let comes_back = table.decode_without_bom_handling_and_without_replacement(&bytes).as_deref()
                    == Some(text);
                (!is_incomplete && comes_back).then(|| bytes.into_owned())
            }
        }
    }

    fn is_certain(&self, table: &'static Encoding, character: char) -> bool {
        if self.doubtful.iter().any(|(first, last)| (*first..=*last).contains(&character)) {
            return false;
        }
        let Some(shared) = self.shared else { return true };
        shared(&table.encode(character.encode_utf8(&mut [0; 4])).0)
    }
}

/// Spells a name as Python looks it up: in lower case, with one `_` between its parts. The tokenizer itself cuts off what
/// Emacs puts behind Latin-1, as in `latin-1-unix`.
fn normal(declared: &str) -> String {
    let head: String = declared.chars().take(12).collect::<String>().to_ascii_lowercase().replace('_', "-");
    let is_latin = ["latin-1", "iso-8859-1", "iso-latin-1"]
        .iter()
        .any(|name| head.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with('-')));
    if is_latin {
        return "latin_1".to_owned();
    }
    let lower = declared.to_ascii_lowercase();
    let parts: Vec<&str> = lower.split(['-', '_']).filter(|part| !part.is_empty()).collect();
    parts.join("_")
}

const fn table(names: &'static [&'static str], table: &'static Encoding) -> Codec {
    Codec { names, reading: Reading::Table(table), doubtful: &[], shared: None }
}

const fn plain(names: &'static [&'static str], reading: Reading) -> Codec {
    Codec { names, reading, doubtful: &[], shared: None }
}

/// Windows code pages: the standard reads bytes without a character as control characters, Python not at all.
const fn windows(names: &'static [&'static str], table: &'static Encoding) -> Codec {
    Codec { names, reading: Reading::Table(table), doubtful: &[('\u{80}', '\u{9f}')], shared: None }
}

/// What JIS X 0208 and Microsoft's version of it read differently.
const JAPANESE: &[(char, char)] =
    &[('\u{80}', '\u{9f}'), ('∥', '∥'), ('－', '－'), ('～', '～'), ('￠', '￢')];

/// What newer versions of GBK and GB 18030 moved out of the private area or took up.
const CHINESE: &[(char, char)] = &[
    ('\u{1f9}', '\u{1f9}'),
    ('\u{1e3f}', '\u{1e3f}'),
    ('€', '€'),
    ('\u{2e80}', '\u{2fff}'),
    ('\u{303e}', '\u{303e}'),
    ('\u{3400}', '\u{4dbf}'),
    ('\u{9fb4}', '\u{9fbb}'),
    ('\u{e000}', '\u{f8ff}'),
    ('\u{fe10}', '\u{fe19}'),
];

const CODECS: &[Codec] = &[
    plain(&["utf_8", "u8", "utf", "utf8", "utf8_ucs2", "utf8_ucs4", "cp65001"], Reading::Utf8),
    plain(
        &[
            "latin_1",
            "8859",
            "cp819",
            "csisolatin1",
            "ibm819",
            "iso8859",
            "iso8859_1",
            "iso_8859_1",
            "iso_8859_1_1987",
            "iso_ir_100",
            "l1",
            "latin",
            "latin1",
        ],
        Reading::Latin1,
    ),
    plain(
        &["ascii", "646", "cp367", "csascii", "ibm367", "iso646_us", "iso_ir_6", "us", "us_ascii"],
        Reading::AsciiOnly,
    ),
    table(
        &["iso8859_2", "csisolatin2", "iso_8859_2", "iso_8859_2_1987", "iso_ir_101", "l2", "latin2"],
        encoding_rs::ISO_8859_2,
    ),
    table(
        &["iso8859_3", "csisolatin3", "iso_8859_3", "iso_8859_3_1988", "iso_ir_109", "l3", "latin3"],
        encoding_rs::ISO_8859_3,
    ),
    table(
        &["iso8859_4", "csisolatin4", "iso_8859_4", "iso_8859_4_1988", "iso_ir_110", "l4", "latin4"],
        encoding_rs::ISO_8859_4,
    ),
    table(
        &["iso8859_5", "csisolatincyrillic", "cyrillic", "iso_8859_5", "iso_8859_5_1988", "iso_ir_144"],
        encoding_rs::ISO_8859_5,
    ),
    table(
        &[
            "iso8859_6",
            "arabic",
            "asmo_708",
            "csisolatinarabic",
            "ecma_114",
            "iso_8859_6",
            "iso_8859_6_1987",
            "iso_ir_127",
        ],
        encoding_rs::ISO_8859_6,
    ),
    table(
        &[
            "iso8859_7",
            "csisolatingreek",
            "ecma_118",
            "elot_928",
            "greek",
            "greek8",
            "iso_8859_7",
            "iso_8859_7_1987",
            "iso_ir_126",
        ],
        encoding_rs::ISO_8859_7,
    ),
    table(
        &["iso8859_8", "csisolatinhebrew", "hebrew", "iso_8859_8", "iso_8859_8_1988", "iso_ir_138"],
        encoding_rs::ISO_8859_8,
    ),
    Codec {
        names: &["iso8859_9", "csisolatin5", "iso_8859_9", "iso_8859_9_1989", "iso_ir_148", "l5", "latin5"],
        reading: Reading::Table(encoding_rs::WINDOWS_1254),
        doubtful: &[],
        shared: Some(|bytes| bytes.iter().all(|byte| *byte >= 0xa0)),
    },
    table(
        &["iso8859_10", "csisolatin6", "iso_8859_10", "iso_8859_10_1992", "iso_ir_157", "l6", "latin6"],
        encoding_rs::ISO_8859_10,
    ),
    table(&["iso8859_13", "iso_8859_13", "l7", "latin7"], encoding_rs::ISO_8859_13),
    table(
        &["iso8859_14", "iso_8859_14", "iso_8859_14_1998", "iso_celtic", "iso_ir_199", "l8", "latin8"],
        encoding_rs::ISO_8859_14,
    ),
    table(&["iso8859_15", "iso_8859_15", "l9", "latin9"], encoding_rs::ISO_8859_15),
    table(
        &["iso8859_16", "iso_8859_16", "iso_8859_16_2001", "iso_ir_226", "l10", "latin10"],
        encoding_rs::ISO_8859_16,
    ),
    table(&["koi8_r", "cskoi8r"], encoding_rs::KOI8_R),
    Codec {
        names: &["koi8_u"],
        reading: Reading::Table(encoding_rs::KOI8_U),
        doubtful: &[('Ў', 'Ў'), ('ў', 'ў')],
        shared: None,
    },
    table(&["cp866", "866", "csibm866", "ibm866"], encoding_rs::IBM866),
    table(&["mac_roman", "macintosh", "macroman"], encoding_rs::MACINTOSH),
    table(&["mac_cyrillic", "maccyrillic"], encoding_rs::X_MAC_CYRILLIC),
    windows(&["cp874"], encoding_rs::WINDOWS_874),
    windows(&["cp1250", "1250", "windows_1250"], encoding_rs::WINDOWS_1250),
    windows(&["cp1251", "1251", "windows_1251"], encoding_rs::WINDOWS_1251),
    windows(&["cp1252", "1252", "windows_1252"], encoding_rs::WINDOWS_1252),
    windows(&["cp1253", "1253", "windows_1253"], encoding_rs::WINDOWS_1253),
    windows(&["cp1254", "1254", "windows_1254"], encoding_rs::WINDOWS_1254),
    Codec {
        names: &["cp1255", "1255", "windows_1255"],
        reading: Reading::Table(encoding_rs::WINDOWS_1255),
        doubtful: &[('\u{80}', '\u{9f}'), ('\u{5ba}', '\u{5ba}')],
        shared: None,
    },
    windows(&["cp1256", "1256", "windows_1256"], encoding_rs::WINDOWS_1256),
    windows(&["cp1257", "1257", "windows_1257"], encoding_rs::WINDOWS_1257),
    windows(&["cp1258", "1258", "windows_1258"], encoding_rs::WINDOWS_1258),
    Codec {
        names: &["euc_jp", "eucjp", "ujis", "u_jis"],
        reading: Reading::Table(encoding_rs::EUC_JP),
        doubtful: JAPANESE,
        shared: Some(|bytes| !matches!(bytes, [0xad | 0xf9..=0xfc, ..])),
    },
    Codec {
        names: &["shift_jis", "csshiftjis", "shiftjis", "sjis", "s_jis", "x_mac_japanese"],
        reading: Reading::Table(encoding_rs::SHIFT_JIS),
        doubtful: JAPANESE,
        shared: Some(|bytes| !matches!(bytes, [0x80 | 0x87 | 0xed..=0xee | 0xf0..=0xfc, ..])),
    },
    table(&["cp932", "932", "ms932", "mskanji", "ms_kanji"], encoding_rs::SHIFT_JIS),
    Codec {
        names: &[
            "euc_kr",
            "euckr",
            "korean",
            "ksc5601",
            "ks_c_5601",
            "ks_c_5601_1987",
            "ksx1001",
            "ks_x_1001",
            "x_mac_korean",
        ],
        reading: Reading::Table(encoding_rs::EUC_KR),
        // The filler begins a sequence of eight bytes in Python.
        doubtful: &[('\u{3164}', '\u{3164}')],
        shared: Some(|bytes| bytes.iter().all(|byte| *byte >= 0xa1)),
    },
    table(&["cp949", "949", "ms949", "uhc"], encoding_rs::EUC_KR),
    Codec {
        names: &["gbk", "936", "cp936", "ms936"],
        reading: Reading::Table(encoding_rs::GBK),
        doubtful: CHINESE,
        shared: None,
    },
    Codec {
        names: &[
            "gb2312",
            "chinese",
            "csiso58gb231280",
            "euc_cn",
            "euccn",
            "eucgb2312_cn",
            "gb2312_1980",
            "gb2312_80",
            "iso_ir_58",
            "x_mac_simp_chinese",
        ],
        reading: Reading::Table(encoding_rs::GBK),
        doubtful: &[
            ('·', '·'),
            ('\u{144}', '\u{144}'),
            ('\u{148}', '\u{148}'),
            ('\u{1f9}', '\u{1f9}'),
            ('\u{251}', '\u{251}'),
            ('\u{261}', '\u{261}'),
            ('\u{1e3f}', '\u{1e3f}'),
            ('—', '—'),
            ('€', '€'),
            ('ⅰ', 'ⅹ'),
            ('\u{e000}', '\u{f8ff}'),
            ('\u{fe10}', '\u{fe4f}'),
        ],
        shared: Some(|bytes| matches!(bytes, [0xa1..=0xa9 | 0xb0..=0xf7, 0xa1..=0xff])),
    },
    Codec {
        names: &["gb18030", "gb18030_2000"],
        reading: Reading::Table(encoding_rs::GB18030),
        doubtful: &[
            ('\u{1e3f}', '\u{1e3f}'),
            ('\u{9fb4}', '\u{9fbb}'),
            ('\u{e000}', '\u{f8ff}'),
            ('\u{fe10}', '\u{fe19}'),
        ],
        shared: None,
    },
    plain(
        &[
            "big5",
            "big5hkscs",
            "cp437",
            "cp720",
            "cp737",
            "cp775",
            "cp850",
            "cp852",
            "cp855",
            "cp856",
            "cp857",
            "cp858",
            "cp860",
            "cp861",
            "cp862",
            "cp863",
            "cp865",
            "cp869",
            "cp950",
            "cp1006",
            "cp1125",
            "euc_jis_2004",
            "euc_jisx0213",
            "hp_roman8",
            "iso8859_11",
            "johab",
            "koi8_t",
            "kz1048",
            "mac_croatian",
            "mac_greek",
            "mac_iceland",
            "mac_latin2",
            "mac_romanian",
            "mac_turkish",
            "palmos",
            "ptcp154",
            "tis_620",
        ],
        Reading::AsciiOnly,
    ),
];
