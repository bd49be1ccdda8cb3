//! Catching panics without their message on the terminal.
//!
//! sled panics on some damaged files. The cache deals with that, and says so in a sentence; "thread 'main'
//! panicked" in front of it would only frighten.

use std::cell::Cell;
use std::panic::{self, AssertUnwindSafe};
use std::sync::Once;
use std::thread;

/// Runs foreign code; a panic in it becomes `None` and prints nothing.
///
/// What the code was working on must not be used afterwards.
pub(super) fn catch<T>(work: impl FnOnce() -> T) -> Option<T> {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let usual = panic::take_hook();
        panic::set_hook(Box::new(move |panic| {
            if !is_expected() {
                usual(panic);
            }
        }));
    });
    let before = EXPECTED.replace(true);
    let result = panic::catch_unwind(AssertUnwindSafe(work));
    EXPECTED.set(before);
    result.ok()
}

thread_local! {
    static EXPECTED: Cell<bool> = const { Cell::new(false) };
}

/// Returns whether a panic on this thread is dealt with: inside [`catch`], or on one of sled's own threads.
fn is_expected() -> bool {
    EXPECTED.get() || thread::current().name().is_some_and(|name| name.starts_with("sled-"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_becomes_nothing() {
        assert_eq!(catch(|| 7), Some(7));
        assert_eq!(catch(|| panic!("damaged")), None::<()>);
        assert!(!is_expected());
    }
}
