//! pydoclint: `[tool.pydoclint]`, and its options in flake8's section; those of 0.12 (<https://jsh9.github.io/pydoclint/config_options.html>).

use super::draft::{Draft, Wish};
use super::gather::{Broken, Files};
use super::given::Given;
use super::globs::Matching;
use super::tool::{ToolOption, apply_all, each, nowhere, nowhere_when, silent};

/// What pydoclint looks for and docgate only where it is told to. DOC003 and DOC504 take an option there, too.
const ON: &[&str] = &[
    "DOC105", "DOC106", "DOC107", "DOC108", "DOC109", "DOC110", "DOC111", "DOC203", "DOC301", "DOC404",
    "DOC405", "DOC503",
];
const EXCEPTIONS: &[&str] = &["DOC501", "DOC502", "DOC503", "DOC504"];
const ATTRIBUTES: &[&str] = &["DOC601", "DOC602", "DOC603", "DOC604", "DOC605"];

pub(super) const OPTIONS: &[ToolOption] = &[
    each("style", "`style`", style),
    each("exclude", "`exclude`, where globs can say it", |given, draft| {
        // Its own default, and what docgate never looks at.
        let text = given.text()?;
        if !text.is_empty() && text != r"\.git|\.tox" {
            draft.exclude_expression(text, Matching::Anywhere, &given.place);
        }
        Ok(())
    }),
    each("arg-type-hints-in-signature", "`rules.arg-type-hints-in-signature`", |given, draft| {
        switch(given, "rules.arg-type-hints-in-signature", draft)
    }),
    each("type-hints-in-signature", "`rules.arg-type-hints-in-signature`", |given, draft| {
        switch(given, "rules.arg-type-hints-in-signature", draft)
    }),
    each("arg-type-hints-in-docstring", "`rules.arg-type-hints-in-docstring`", |given, draft| {
        switch(given, "rules.arg-type-hints-in-docstring", draft)
    }),
    each("type-hints-in-docstring", "`rules.arg-type-hints-in-docstring`", |given, draft| {
        switch(given, "rules.arg-type-hints-in-docstring", draft)
    }),
    each("check-arg-order", "`false`: DOC104 in `ignore`", |given, draft| {
        off_unless(given, &["DOC104"], draft)
    }),
    each(
        "skip-checking-short-docstrings",
        "`rules.short-docstrings`: `without-sections`, or `asked`",
        |given, draft| {
            let word = if given.switch()? { "without-sections" } else { "asked" };
            draft.set("rules.short-docstrings", word, &given.place);
            Ok(())
        },
    ),
    each("skip-checking-raises", "`true`: DOC501 to DOC504 in `ignore`", |given, draft| {
        if given.switch()? {
            draft.wish(EXCEPTIONS, Wish::Off, &given.place);
        }
        Ok(())
    }),
    nowhere_when(
        true,
        "skip-checking-private-functions",
        "what the docstring of a private function says is held against the code, too; it need not have one",
    ),
    each("allow-init-docstring", "`rules.allow-init-docstring`", |given, draft| {
        switch(given, "rules.allow-init-docstring", draft)
    }),
    each(
        "require-return-section-when-returning-nothing",
        "`rules.require-return-section-when-returning-nothing`",
        |given, draft| switch(given, "rules.require-return-section-when-returning-nothing", draft),
    ),
    each(
        "require-return-section-when-returning-none",
        "`rules.require-return-section-when-returning-nothing`",
        |given, draft| switch(given, "rules.require-return-section-when-returning-nothing", draft),
    ),
    each("check-return-types", "`false`: DOC203 in `ignore`", |given, draft| {
        off_unless(given, &["DOC203"], draft)
    }),
    each(
        "require-yield-section-when-yielding-nothing",
        "`rules.require-yield-section-when-yielding-nothing`",
        |given, draft| switch(given, "rules.require-yield-section-when-yielding-nothing", draft),
    ),
    each("check-yield-types", "`false`: DOC404 in `ignore`", |given, draft| {
        off_unless(given, &["DOC404"], draft)
    }),
    nowhere_when(false, "ignore-underscore-args", UNDERSCORES),
    nowhere_when(false, "ignore-underscore-only-args", UNDERSCORES),
    silent("ignore-private-args", "docgate asks for no parameter whose name begins with an underscore"),
    silent(
        "ignore-special-dunder-args",
        "docgate asks for no parameter whose name begins with an underscore",
    ),
    each(
        "check-class-attributes",
        "`rules.check-class-attributes = \"all\"`; `false`: DOC601 to DOC605 in `ignore`",
        |given, draft| {
            if given.switch()? {
                draft.set("rules.check-class-attributes", "all", &given.place);
            } else {
                draft.wish(ATTRIBUTES, Wish::Off, &given.place);
            }
            Ok(())
        },
    ),
    each(
        "should-document-private-class-attributes",
        "`rules.should-document-private-class-attributes`",
        |given, draft| switch(given, "rules.should-document-private-class-attributes", draft),
    ),
    each(
        "ignore-private-class-attributes",
        "the opposite of `rules.should-document-private-class-attributes`",
        |given, draft| {
            draft.set("rules.should-document-private-class-attributes", !given.switch()?, &given.place);
            Ok(())
        },
    ),
    nowhere_when(
        false,
        "ignore-underscore-only-class-attributes",
        "`rules.should-document-private-class-attributes` is about all names that begin with an underscore",
    ),
    nowhere_when(
        false,
        "ignore-special-dunder-class-attributes",
        "names such as `__slots__` are never asked for",
    ),
    each(
        "treat-property-methods-as-class-attributes",
        "`rules.treat-property-methods-as-class-attributes`",
        |given, draft| switch(given, "rules.treat-property-methods-as-class-attributes", draft),
    ),
    nowhere_when(
        true,
        "only-attrs-with-classvar-are-treated-as-class-attrs",
        "attributes count with any annotation, or none",
    ),
    nowhere_when(
        true,
        "require-inline-class-var-docs",
        "attributes are looked for in the docstring of the class",
    ),
    nowhere_when(
        false,
        "should-document-star-arguments",
        "a list of parameters has `*args` and `**kwargs`, too",
    ),
    silent("omit-stars-when-documenting-varargs", "`args` and `*args` are one to docgate"),
    each(
        "should-declare-assert-error-if-assert-statement-exists",
        "`true`: DOC504 in `extend-select`",
        |given, draft| {
            let wish = if given.switch()? { Wish::On } else { Wish::Off };
            draft.wish(&["DOC504"], wish, &given.place);
            Ok(())
        },
    ),
    each("check-style-mismatch", "`true`: DOC003 in `extend-select`", |given, draft| {
        let wish = if given.switch()? { Wish::On } else { Wish::Off };
        draft.wish(&["DOC003"], wish, &given.place);
        Ok(())
    }),
    nowhere_when(
        true,
        "check-arg-defaults",
        "DG102 compares the defaults that a docstring names, wherever they stand; none is asked for",
    ),
    nowhere("baseline", "its entries are texts of messages; `docgate baseline` records what docgate finds"),
    silent("generate-baseline", "`docgate baseline`"),
    silent("auto-regenerate-baseline", "`docgate baseline` drops what is gone"),
    silent("include-stub-files", "docgate looks at stubs, and what is in them owes no docstring"),
    silent("native-mode-noqa-location", "`# noqa` is heeded in both places"),
    silent("quiet", "about what is printed"),
    silent("show-filenames-in-every-violation-message", "about what is printed"),
    silent("config", "about how it is called"),
    silent("version", "about how it is called"),
    silent("help", "about how it is called"),
];

const UNDERSCORES: &str = "docgate asks for no parameter whose name begins with an underscore";

pub(super) fn read(files: &Files<'_>) -> Result<Option<Draft>, Broken> {
    let file = "pyproject.toml";
    let Some(given) = files.toml(file, &["tool", "pydoclint"])? else { return Ok(None) };
    let mut draft = Draft::default();
    usual(&mut draft, &format!("{file} [tool.pydoclint]"));
    apply_all(OPTIONS, &given, &mut draft);
    Ok(Some(draft))
}

/// Notes what pydoclint looks for unless it is told otherwise.
pub(super) fn usual(draft: &mut Draft, place: &str) {
    draft.wish(ON, Wish::On, &format!("{place}: pydoclint looks for it"));
}

fn switch(given: &Given, key: &'static str, draft: &mut Draft) -> Result<(), String> {
    // The old names take the word None for "not set".
    if given.word().is_ok_and(|word| word == "none") {
        return Ok(());
    }
    draft.set(key, given.switch()?, &given.place);
    Ok(())
}

fn off_unless(given: &Given, codes: &[&'static str], draft: &mut Draft) -> Result<(), String> {
    if !given.switch()? {
        draft.wish(codes, Wish::Off, &given.place);
    }
    Ok(())
}

/// Sets the style of docstrings.
pub(super) fn style(given: &Given, draft: &mut Draft) -> Result<(), String> {
    let word = given.word()?;
    if !["google", "numpy", "sphinx"].contains(&word.as_str()) {
        return Err(format!("{word:?} is no style that docgate knows by this name"));
    }
    draft.set("style", word.as_str(), &given.place);
    Ok(())
}
