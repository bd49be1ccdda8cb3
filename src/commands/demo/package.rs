//! The files of the demo, from `examples/`.

/// A path in the scratch repository and what the file holds.
pub(super) type File = (&'static str, &'static str);

macro_rules! example {
    ($folder:literal, $path:literal) => {
        ($path, include_str!(concat!("../../../examples/", $folder, $path)))
    };
}

/// The package before the change.
pub(super) const BASE: &[File] = &[
    example!("", "lighthouse/__init__.py"),
    example!("", "lighthouse/lamp.py"),
    example!("", "lighthouse/logbook.py"),
    example!("", "lighthouse/signals.py"),
    example!("", "lighthouse/tides.py"),
    example!("", "lighthouse/weather.py"),
];

/// The files that the staged change touches.
pub(super) const STAGED: &[File] = &[
    example!("change/", "lighthouse/lamp.py"),
    example!("change/", "lighthouse/signals.py"),
    example!("change/", "lighthouse/tides.py"),
];

/// The file with an edit that is not staged.
pub(super) const UNSTAGED: &[File] = &[example!("unstaged/", "lighthouse/tides.py")];

/// What the canned server answers.
pub(super) const ANSWERS: &str = include_str!("../../../examples/answers.json");
