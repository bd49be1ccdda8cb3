//! D214, D215, D405 to D414, D416, D420: how the headings of sections are written and set apart.

use crate::python::Span;

use super::super::{Convention, Conventions, Finding, Rule, Subject};
use super::remedies::Mended;
use super::sections::{Heading, Layout};
use super::{Answer, Row, Text, judged, laid, section_remedies as remedies};

/// A heading that is looked at, with what is around it.
pub(super) struct Sight<'s, 'a> {
    pub(super) text: &'s Text<'a>,
    layout: Layout,
    pub(super) heading: &'s Heading,
    /// All headings of the docstring.
    headings: &'s [Heading],
    /// The furthest place that a heading above has in the order.
    reached: Option<u8>,
    is_last: bool,
}

impl<'a> Sight<'_, 'a> {
    pub(super) fn row(&self) -> Row<'a> {
        self.text.rows.get(self.heading.row).copied().unwrap_or(Row { start: 0, text: "" })
    }

    pub(super) fn title(&self) -> &'a str {
        self.heading.title.of(self.text.source)
    }

    pub(super) fn below(&self) -> &[Row<'a>] {
        self.text.below(self.heading)
    }

    /// Returns whether the docstring has no other heading.
    pub(super) fn is_only_one(&self) -> bool {
        self.headings.len() == 1
    }

    /// Returns whether a heading stands on a line.
    pub(super) fn is_heading(&self, row: usize) -> bool {
        self.headings.iter().any(|heading| heading.row == row)
    }

    /// Returns the blank lines right below the heading, and the first line that is none.
    fn first_below(&self) -> (usize, Option<Row<'a>>) {
        let blank = self.below().iter().take_while(|row| row.is_blank()).count();
        (blank, self.below().get(blank).copied())
    }

    /// Returns the underline, and how many blank lines stand above it.
    pub(super) fn underline(&self) -> Option<(usize, Row<'a>)> {
        let (blank, first) = self.first_below();
        // What fills in a template may follow: `-----%(more)s`.
        let row = first.filter(|row| {
            let hyphens = row.text.trim().split("%(").next().unwrap_or("");
            !hyphens.is_empty() && hyphens.bytes().all(|mark| mark == b'-')
        })?;
        Some((blank, row))
    }
}

/// Asks each heading of a docstring the same; the answer is the place and the message.
fn each(
    rule: &Rule,
    subject: &Subject<'_>,
    mend: impl Fn(&Sight<'_, '_>) -> Mended,
    ask: impl Fn(&Sight<'_, '_>) -> Option<(Span, String)>,
) -> Vec<Finding> {
    let Some(text) = judged(subject) else { return Vec::new() };
    let shown = subject.settings.options.conventions == Conventions::OfStyle;
    let layout = match subject.convention() {
        Some(Convention::Google) => Layout::Google,
        // Where nobody has chosen it, a docstring with nothing but `Examples:` is none of numpydoc's.
        Some(Convention::Numpy) if shown && text.has_plain_headings() => Layout::Google,
        Some(Convention::Numpy) => Layout::Numpy,
        _ => text.shown_layout(),
    };
    let headings = text.headings(layout);
    let mut findings = Vec::new();
    let mut reached = None;
    for (index, heading) in headings.iter().enumerate() {
        let sight = Sight { text, layout, heading, headings, reached, is_last: index + 1 == headings.len() };
        reached = reached.max(heading.known().rank(layout));
        let Some((span, message)) = ask(&sight) else { continue };
        let about = Some(sight.title().to_owned());
        findings.push(subject.finding(rule, span, message).answered_by(laid(subject, mend(&sight)), about));
    }
    findings
}

/// D214: a heading is indented deeper than the docstring.
pub(in crate::rules) fn overindented(rule: &Rule, subject: &Subject<'_>) -> Vec<Finding> {
    each(rule, subject, remedies::dedented, |sight| {
        let found = sight.row().indentation().len();
        // Where all lines are, that is D208's.
        let mut others = sight.text.rows.iter().skip(1).filter(|row| !row.is_blank());
        let deeper = found > sight.text.before.len() && others.any(|row| row.indentation().len() < found);
        let message = format!("the heading `{}` is indented deeper than the docstring", sight.title());
        deeper.then_some((sight.heading.title, message))
    })
}

/// D215: an underline is indented deeper than the docstring.
pub(in crate::rules) fn underline_overindented(rule: &Rule, subject: &Subject<'_>) -> Vec<Finding> {
    each(rule, subject, remedies::underline_dedented, |sight| {
        let (_, row) = sight.underline()?;
        let deeper = row.indentation().len() > sight.text.before.len();
        let message = format!("the underline of `{}` is indented deeper than the docstring", sight.title());
        deeper.then_some((row.trimmed(), message))
    })
}

/// D405: a title is not written with capital letters.
pub(in crate::rules) fn capital(rule: &Rule, subject: &Subject<'_>) -> Vec<Finding> {
    each(rule, subject, remedies::titled, |sight| {
        let wanted = sight.heading.known().name;
        let message = format!("the heading `{}` should be written `{wanted}`", sight.title());
        // `TODO` is a mark that editors look for, and the other one is written as PEP 257 writes it.
        let is_right = sight.title() == wanted || ["TODO", "Keyword arguments"].contains(&sight.title());
        (!is_right).then_some((sight.heading.title, message))
    })
}

/// D406: something stands behind a title on its line.
pub(in crate::rules) fn line_end(rule: &Rule, subject: &Subject<'_>) -> Vec<Finding> {
    each(rule, subject, remedies::line_end, |sight| {
        let follows = sight.layout == Layout::Numpy && !sight.text.behind(sight.heading).is_empty();
        let behind = sight.text.behind(sight.heading);
        let message = format!("`{behind}` stands behind the heading `{}` on its line", sight.title());
        follows.then_some((sight.heading.title, message))
    })
}

/// D407: a heading is not underlined.
pub(in crate::rules) fn dashes(rule: &Rule, subject: &Subject<'_>) -> Vec<Finding> {
    each(
        rule,
        subject,
        |sight| remedies::underlined(sight, subject.file.line_ending()),
        |sight| {
            let missing = sight.layout == Layout::Numpy && sight.underline().is_none();
            let message = format!("the heading `{}` is not underlined with hyphens", sight.title());
            missing.then_some((sight.heading.title, message))
        },
    )
}

/// D408: an underline does not stand right below its title.
pub(in crate::rules) fn underline_place(rule: &Rule, subject: &Subject<'_>) -> Vec<Finding> {
    each(rule, subject, remedies::underline_moved, |sight| {
        let (blank, row) = sight.underline()?;
        let message = format!("the underline of `{}` does not stand right below it", sight.title());
        (blank > 0).then_some((row.trimmed(), message))
    })
}

/// D409: an underline is not as long as its title.
pub(in crate::rules) fn underline_length(rule: &Rule, subject: &Subject<'_>) -> Vec<Finding> {
    each(rule, subject, remedies::underline_of_length, |sight| {
        let (_, row) = sight.underline().filter(|(_, row)| !row.text.contains('%'))?;
        let (found, wanted) = (row.text.trim().len(), sight.title().len());
        let message = format!("the underline of `{}` has {found} hyphens, not {wanted}", sight.title());
        (found != wanted).then_some((row.trimmed(), message))
    })
}

/// D410: no blank line stands behind a section that another one follows.
pub(in crate::rules) fn blank_after(rule: &Rule, subject: &Subject<'_>) -> Vec<Finding> {
    each(
        rule,
        subject,
        |sight| remedies::blank_after(sight, subject.file.line_ending()),
        |sight| {
            let apart = sight.below().last().is_some_and(|row| row.is_blank());
            let message = format!("no blank line stands behind the section `{}`", sight.title());
            (!sight.is_last && !apart).then_some((sight.heading.title, message))
        },
    )
}

/// D411: no blank line stands before a heading.
pub(in crate::rules) fn blank_before(rule: &Rule, subject: &Subject<'_>) -> Vec<Finding> {
    each(
        rule,
        subject,
        |sight| Some(remedies::blank_before(sight, subject.file.line_ending())),
        |sight| {
            let before = sight.heading.row.checked_sub(1).and_then(|row| sight.text.rows.get(row));
            let message = format!("no blank line stands before the heading `{}`", sight.title());
            before.is_none_or(|row| !row.is_blank()).then_some((sight.heading.title, message))
        },
    )
}

/// D412: blank lines stand between a heading and what is below it.
pub(in crate::rules) fn blank_under(rule: &Rule, subject: &Subject<'_>) -> Vec<Finding> {
    each(rule, subject, remedies::closed_up, |sight| {
        let (mut blank, mut first) = sight.first_below();
        if sight.underline().is_some() {
            let rest = sight.below().get(blank + 1..).unwrap_or_default();
            blank = rest.iter().take_while(|row| row.is_blank()).count();
            first = rest.get(blank).copied();
        }
        // A directive of reStructuredText needs the blank line above it.
        let is_directive = remedies::is_directive(first?.text);
        let message = format!("blank lines stand between the heading `{}` and its text", sight.title());
        (blank > usize::from(is_directive)).then_some((sight.heading.title, message))
    })
}

/// D413: no blank line stands behind the last section.
pub(in crate::rules) fn blank_after_last(rule: &Rule, subject: &Subject<'_>) -> Vec<Finding> {
    each(
        rule,
        subject,
        |sight| remedies::blank_after_last(sight, subject.file.line_ending()),
        |sight| {
            let blank = sight.below().iter().rev().take_while(|row| row.is_blank()).count();
            // The line of the closing quotes is one of them where it is indented.
            let wanted = if sight.text.closes_unindented() { 1 } else { 2 };
            let message = format!("no blank line stands behind the last section, `{}`", sight.title());
            (sight.is_last && blank < wanted).then_some((sight.heading.title, message))
        },
    )
}

/// D414: nothing stands below a heading.
pub(in crate::rules) fn empty(rule: &Rule, subject: &Subject<'_>) -> Vec<Finding> {
    each(rule, subject, remedies::removed, |sight| {
        let underline = sight.underline().map_or(0, |(blank, _)| blank + 1);
        let is_empty = sight.below().iter().skip(underline).all(|row| row.is_blank());
        let message = format!("the section `{}` is empty", sight.title());
        is_empty.then_some((sight.heading.title, message))
    })
    .into_iter()
    // A title is a word that somebody wrote, and may be the beginning of more.
    .map(|mut finding| {
        if let Answer::Repair(remedy) = finding.answer {
            finding.answer = Answer::UnsafeRepair(remedy);
        }
        finding
    })
    .collect()
}

/// D416: a title does not end with a colon.
pub(in crate::rules) fn colon(rule: &Rule, subject: &Subject<'_>) -> Vec<Finding> {
    each(rule, subject, remedies::with_colon, |sight| {
        let missing = sight.layout == Layout::Google && sight.text.behind(sight.heading) != ":";
        let message = format!("no colon ends the heading `{}`", sight.title());
        missing.then_some((sight.heading.title, message))
    })
}

/// D420: a section stands behind one that should follow it.
pub(in crate::rules) fn order(rule: &Rule, subject: &Subject<'_>) -> Vec<Finding> {
    each(
        rule,
        subject,
        |sight| remedies::ordered(sight.text, sight.headings, sight.layout),
        |sight| {
            let rank = sight.heading.known().rank(sight.layout)?;
            let message = format!("the section `{}` belongs before one above it", sight.title());
            (sight.reached > Some(rank)).then_some((sight.heading.title, message))
        },
    )
}
