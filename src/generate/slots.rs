//! Which pieces of prose a docstring misses.

use crate::python::{Definition, ParsedFile, Visibility, last_part};
use crate::rules::{Answer, Finding, Requirement, Slot};

use super::example;

/// The missing pieces of one docstring.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Slots {
    /// The summary; asked for only with the whole docstring.
    pub summary: bool,
    /// Parameters, with their stars, in the order of the signature.
    pub parameters: Vec<String>,
    /// What is returned.
    pub returns: bool,
    /// What is yielded.
    pub yields: bool,
    /// Exceptions, as the code names them.
    pub raises: Vec<String>,
    /// What comes beyond that.
    pub extra: ExtraSlots,
}

/// What may stay away, and is asked for only with the whole docstring.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ExtraSlots {
    /// A note.
    pub note: bool,
    /// An example.
    pub example: bool,
}

/// The public definitions whose new docstrings get more than rules ask for.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Extras {
    /// Those with an example.
    pub examples: Vec<Requirement>,
    /// Those with a note.
    pub notes: Vec<Requirement>,
}

impl Extras {
    /// Returns whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.examples.is_empty() && self.notes.is_empty()
    }
}

impl Slots {
    /// Collects the slots that findings ask for.
    #[must_use]
    pub fn of(definition: &Definition, findings: &[Finding]) -> Self {
        let mut slots = Self::default();
        for finding in findings {
            let Answer::Generate(slot) = &finding.answer else { continue };
            match slot {
                Slot::Docstring => return Self::whole(definition),
                Slot::Parameter(name) => push_new(&mut slots.parameters, name),
                Slot::Returns => slots.returns = true,
                Slot::Yields => slots.yields = true,
                Slot::Raises(exception) => push_new(&mut slots.raises, exception),
            }
        }
        slots
    }

    /// Lists everything that a complete docstring of the definition says.
    #[must_use]
    pub fn whole(definition: &Definition) -> Self {
        let mut slots = Self { summary: true, ..Self::default() };
        // A property reads like an attribute, and a dunder method is called in ways of its own.
        if !definition.kind.is_function() || definition.is_property() {
            return slots;
        }
        let signature = &definition.signature;
        for parameter in signature.callers_parameters() {
            if !parameter.name.starts_with('_') {
                push_new(&mut slots.parameters, &parameter.display_name());
            }
        }
        slots.yields = definition.body.yields.iter().any(|found| found.value);
        let annotated = signature.returns.is_some() && !signature.returns_nothing();
        let returns = definition.body.returned_value().is_some() || annotated && definition.body.is_stub();
        slots.returns = returns && !definition.body.is_generator() && !signature.returns_nothing();
        if !definition.body.is_stub() {
            for exception in definition.body.raises.iter().filter_map(|raise| raise.exception.as_ref()) {
                let known = |known: &String| last_part(known) == last_part(exception);
                if !slots.raises.iter().any(known) {
                    slots.raises.push(exception.clone());
                }
            }
        }
        slots
    }

    /// Adds what a new docstring gets beyond that.
    #[must_use]
    pub fn with(mut self, extras: &Extras, file: &ParsedFile, definition: &Definition) -> Self {
        let kind = Requirement::of(definition);
        let is_new = self.summary && definition.visibility == Visibility::Public;
        self.extra.note = is_new && extras.notes.contains(&kind);
        self.extra.example =
            is_new && extras.examples.contains(&kind) && example::may_have_one(file, definition);
        self
    }

    /// Returns whether nothing is missing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

fn push_new(list: &mut Vec<String>, item: &str) {
    if !list.iter().any(|known| known == item) {
        list.push(item.to_owned());
    }
}
