//! Putting the entries of a section into another order.

use super::super::model::{Amendment, Wording};
use super::{Amender, order_of};

impl Amender<'_> {
    /// Puts the entries of a section into the order of `names`; those not named go last, as they stand.
    ///
    /// Entries swap places as they are written, blank lines between them stay. Nothing when they are in order, or
    /// when they are indented differently and would change their meaning by moving.
    #[must_use]
    pub fn reorder_entries(&self, section: usize, names: &[String]) -> Vec<Amendment> {
        let Some(section) = self.docstring.sections.get(section) else { return Vec::new() };
        let mut sorted: Vec<usize> = (0..section.entries.len()).collect();
        sorted.sort_by_key(|index| {
            let name = section.entries.get(*index).and_then(|entry| entry.names.first());
            name.and_then(|name| order_of(names, &name.value)).unwrap_or(usize::MAX)
        });
        let indentation = |index: usize| section.entries.get(index).map(|entry| self.indentation_of(entry));
        if (1..section.entries.len()).any(|index| indentation(index) != indentation(0)) {
            return Vec::new();
        }
        // A type that stands apart from its entry would stay behind.
        let spans: Option<Vec<_>> = section.entries.iter().map(|entry| self.whole_of(entry)).collect();
        let Some(spans) = spans else { return Vec::new() };
        let mut amendments = Vec::new();
        for (slot, source) in sorted.into_iter().enumerate() {
            let (Some(place), Some(moved)) = (spans.get(slot), spans.get(source)) else { continue };
            if slot != source {
                let text = moved.of(self.lines.text).to_owned();
                amendments.push(Amendment { span: *place, text, wording: Wording::Source });
            }
        }
        amendments
    }
}
