//! No edit, however it came about, changes code; and those that docgate makes are always proven.

#![no_main]

use docgate::edit::{Edit, delete, insert, prove, replace};
use docgate::python::{ParsedFile, Span, code_digest, encode, parse};
use docgate_fuzz::{PIECES, number, program_of, text_of};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let mut data = data;
    let how = number(&mut data);
    let count = number(&mut data) % 4;
    let numbers: Vec<usize> = (0..count * 4).map(|_| number(&mut data)).collect();
    // The grammar takes much that Python does not; what docgate makes must be right in what both take.
    let text = if how & 1 == 0 { text_of(data) } else { program_of(data) };
    if encode(&text).is_err() {
        return;
    }
    let file = parse(&text);
    let edits: Vec<Edit> = if how & 1 == 0 {
        numbers.chunks(4).map(|four| any_edit(&file, four)).collect()
    } else {
        let mut chosen: Vec<usize> = numbers.iter().map(|number| number % file.definitions.len()).collect();
        chosen.sort_unstable();
        chosen.dedup();
        chosen.iter().zip(&numbers).filter_map(|(index, number)| own_edit(&file, *index, *number)).collect()
    };
    let proven = prove(&file, &edits);
    assert!(encode(&proven.text).is_ok(), "{proven:?}");
    let after = parse(&proven.text);
    assert_eq!(code_digest(&file.text), code_digest(&proven.text), "{proven:?}");
    assert!(after.errors.len() <= file.errors.len(), "{proven:?}");
    assert_eq!(after.definitions.len(), file.definitions.len(), "{proven:?}");
    for edit in &proven.edits {
        let Some(definition) = after.find(&edit.definition) else { continue };
        let reads = definition.docstring.as_ref().map(|literal| &literal.value);
        assert_eq!(reads, edit.value.as_ref(), "{proven:?}");
    }
    if how & 1 == 1 {
        assert!(file.errors.is_empty(), "{text:?}");
        // A deletion may turn out to be impossible; a text can always be written.
        let written = edits.iter().filter(|edit| edit.value.is_some()).map(|edit| &edit.definition);
        let dropped: Vec<&String> = proven.dropped.iter().map(|(name, _)| name).collect();
        assert!(!written.into_iter().any(|name| dropped.contains(&name)), "{text:?} {proven:?}");
    }
});

/// An edit anywhere, with anything.
fn any_edit(file: &ParsedFile, four: &[usize]) -> Edit {
    let length = file.text.len().max(1);
    let start = four[0] * 7 % length;
    let definition = &file.definitions[four[1] % file.definitions.len()];
    let text = PIECES[four[2] % PIECES.len()].to_owned();
    let value = (four[3] & 1 == 1).then(|| PIECES[four[3] / 2 % PIECES.len()].to_owned());
    let span = match (four[3] & 2, &definition.docstring) {
        (2, Some(literal)) => literal.span,
        _ => Span::new(start, (start + four[3] % 16).min(file.text.len())),
    };
    Edit { definition: definition.qualified_name.clone(), span, text, value }
}

/// An edit as docgate makes it.
fn own_edit(file: &ParsedFile, index: usize, number: usize) -> Option<Edit> {
    let definition = &file.definitions[index];
    let text: String = (0..3).map(|step| PIECES[(number + step * index) % PIECES.len()]).collect();
    if definition.broken {
        return None;
    }
    match &definition.docstring {
        Some(_) if number % 5 == 0 => delete(definition).ok(),
        Some(_) => replace(file, definition, &text).ok(),
        None => insert(file, definition, &text).ok(),
    }
}
