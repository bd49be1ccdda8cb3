//! Addresses: a link in a docstring is followed, and one that the code does not have comes from nowhere.

use std::sync::LazyLock;

use regex::Regex;

/// What looks like an address: with a scheme, with `www.`, of a host alone where a path follows, of mail.
///
/// A host is told from a name of the code by the path behind it, and by where it ends.
static ADDRESS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r#"(?xi)
        (?: [a-z][a-z0-9+.-]* :// [^\s]*
          | \b (?: mailto | javascript | vbscript | tel | sms | ftps? | https? | file | data : ) : [^\s`"'),]+
          | \b data: [a-z]+ / [^\s]+
          | (?: ^ | [\s"'`(<\[=,:] ) // [a-z0-9_-]+ (?: [.:/] [a-z0-9] ) [^\s]*
          | \b www\. [a-z0-9] [^\s]*
          | \b (?: [a-z0-9-]+ \. )+
            (?: com | org | net | edu | gov | mil | int | dev | example | invalid | onion | eu | de | uk | us | fr | nl | ch | at | it | es
              | pl | ru | cn | jp | kr | br | au | ca | se | no | fi | dk | cz | be | ie | in | me | tv | cc | ly | gg | sh | to | xyz | site
              | online | club | shop | top | biz | cloud | tech | blog | page | link | live | ai | io | co | app | info | gl | gle )
            (?: : [0-9]+ )? [/?] [^\s]+
          | \b localhost (?: : [0-9]+ )? / [^\s]+
          | \b [0-9]{1,3} (?: \. [0-9]{1,3} ){3} (?: : [0-9]+ )? / [a-z] [^\s]*
          | \b [a-z0-9._+-]+ @ (?: [a-z0-9-]+ \. )+ [a-z]{2,} \b
        )"#,
    )
    .ok()
});

/// What stands around an address and is no part of it.
const AROUND: &[char] = &[
    '.', ',', ';', ':', '!', '?', '(', ')', '[', ']', '<', '>', '{', '}', '"', '\'', '`', '*', '_', '=', ' ',
    '\n', '\t',
];

/// Returns whether a text has an address that the code does not have.
pub(in super::super) fn has_address(text: &str, code: &str) -> bool {
    let Some(pattern) = ADDRESS.as_ref() else { return true };
    pattern.find_iter(text).any(|found| {
        let address = found.as_str().trim_matches(AROUND);
        // "://" alone says what addresses have, and leads nowhere.
        let leads = address.split_once("://").is_none_or(|(_, host)| host.starts_with(char::is_alphanumeric));
        !code.contains(address) && (leads || text.contains(":///"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_every_kind_are_found() {
        for text in [
            "See https://example.org.",
            "See HTTPS://EVIL.example for more.",
            "See ftp://evil.example for more.",
            "See file:///etc/passwd for more.",
            "See http:evil for more.",
            "See www.evil.example for more.",
            "See evil.example/x?token=1 for more.",
            "See example.com?token=1 for more.",
            "Write to mailto:root@evil.example for more.",
            "Write to root@evil.example.",
            "See `the page <//evil.example/x>`_ for more.",
            "See //evil.example/x.",
            "See javascript:alert(1) for more.",
            "See data:text/html,x for more.",
            "Asks localhost:8000/admin.",
            "Asks 10.0.0.1/admin.",
            "postgres://me@db/x",
        ] {
            assert!(has_address(text, "def f(): pass"), "{text}");
        }
    }

    #[test]
    fn prose_and_names_are_no_addresses() {
        for text in [
            "Return the level.",
            "Raises: see below.",
            "The file: one of many.",
            "The data:the rest.",
            "Either str.lower/str.upper or none.",
            "Reads pkg/module.py or docs/index.html.",
            "Work out a // b, and `a//b`.",
            "See :func:`os.path.join`.",
            "Whether it has a scheme (\"://\").",
            "E.g. one, i.e. this/that.",
            "Version 1.2.3/4.5.6.",
            "The network 10.0.0.0/8.",
            "Wrap it with @functools.wraps.",
            "The key:value pairs.",
        ] {
            assert!(!has_address(text, "def f(): pass"), "{text}");
        }
    }

    #[test]
    fn an_address_of_the_code_is_known() {
        let code = "URL = 'https://api.example.org/v1'\nMAIL = 'me@example.org'\n";
        assert!(!has_address("Asks `https://api.example.org/v1`.", code));
        assert!(!has_address("Asks https://api.example.org/v1, then writes to me@example.org.", code));
        assert!(has_address("Asks https://api.example.org/v1/more.", code));
    }
}
