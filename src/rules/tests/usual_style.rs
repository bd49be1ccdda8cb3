//! The style of the repository is asked for only where it decides something.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::docstring::Style;
use crate::rules::{Settings, UsualStyle};

use super::cases::{lines, only};

/// Returns the settings of a repository in numpydoc style, and how often somebody asked.
fn asked() -> (Settings, Arc<AtomicUsize>) {
    let count = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&count);
    let usual_style = UsualStyle::new(move || {
        counted.fetch_add(1, Ordering::Relaxed);
        Some(Style::Numpy)
    });
    (Settings { usual_style: usual_style.into(), ..only(&["DOC", "DG207"]) }, count)
}

#[test]
fn nobody_is_asked_for_what_shows_its_style_or_reads_the_same_in_all() {
    for text in [
        "def f():\n    pass\n",
        "def f():\n    \"\"\"Summary.\"\"\"\n",
        "def f():\n    \"\"\"Summary.\n\n    Words: and more words.\n    \"\"\"\n",
        "def f(x):\n    \"\"\"S.\n\n    Args:\n        x: One.\n    \"\"\"\n",
        // The module shows what the other docstring does not.
        "def f(x):\n    \"\"\"S.\n\n    Args:\n        x: One.\n    \"\"\"\ndef g():\n    \"\"\"S.\n\n    Title\n    -----\n    W.\n    \"\"\"\n",
    ] {
        let (settings, count) = asked();
        lines("a.py", text, None, &settings);
        assert_eq!(count.load(Ordering::Relaxed), 0, "{text}");
    }
}

#[test]
fn who_has_to_know_asks_once() {
    let unclear = "S.\n\n    Rules:\n        One.\n    ";
    let text = format!("def f():\n    \"\"\"{unclear}\"\"\"\ndef g():\n    \"\"\"{unclear}\"\"\"\n");
    let (settings, count) = asked();
    lines("a.py", &text, None, &settings);
    lines("b.py", &text, None, &settings);
    assert_eq!(count.load(Ordering::Relaxed), 1);
}
