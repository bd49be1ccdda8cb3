//! Where the cache lives.

use std::path::PathBuf;

use crate::env;

/// Returns the folder of the cache, or `None` when the environment names no place for it.
///
/// `DOCGATE_CACHE_DIR` wins. Then follow `docgate` below `XDG_CACHE_HOME` or `~/.cache`, and on Windows
/// `docgate\cache` below `LOCALAPPDATA`, which comes before the home folder there: git's shell sets `HOME`,
/// other shells do not, and both must find the same cache.
#[must_use]
pub fn default_folder() -> Option<PathBuf> {
    folder_from(env::read, cfg!(windows))
}

fn folder_from(read: impl Fn(&str) -> Option<String>, is_windows: bool) -> Option<PathBuf> {
    if let Some(folder) = read(env::CACHE_DIR) {
        return Some(PathBuf::from(folder));
    }
    // Relative paths in these variables are to be ignored: XDG Base Directory Specification, "Basics".
    let absolute = |name: &str| read(name).map(PathBuf::from).filter(|path| path.is_absolute());
    let xdg = || absolute(env::XDG_CACHE_HOME).map(|base| base.join("docgate"));
    let home = || absolute(env::HOME).map(|home| home.join(".cache").join("docgate"));
    let local = || absolute(env::LOCALAPPDATA).map(|base| base.join("docgate").join("cache"));
    if is_windows { xdg().or_else(local).or_else(home) } else { xdg().or_else(home).or_else(local) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(unix)]
    type Variables<'a> = &'a [(&'a str, &'a str)];

    #[cfg(unix)]
    #[test]
    fn the_first_variable_that_names_a_place_wins() {
        let own = (env::CACHE_DIR, "cache");
        let xdg = (env::XDG_CACHE_HOME, "/xdg");
        let home = (env::HOME, "/home/ada");
        let local = (env::LOCALAPPDATA, "/local");
        let relative = (env::XDG_CACHE_HOME, "xdg");
        let table: [(Variables, bool, Option<&str>); 8] = [
            (&[own, xdg, home, local], false, Some("cache")),
            (&[xdg, home, local], false, Some("/xdg/docgate")),
            (&[relative, home], false, Some("/home/ada/.cache/docgate")),
            (&[home, local], false, Some("/home/ada/.cache/docgate")),
            (&[home, local], true, Some("/local/docgate/cache")),
            (&[home], true, Some("/home/ada/.cache/docgate")),
            (&[local], false, Some("/local/docgate/cache")),
            (&[], false, None),
        ];
        for (variables, is_windows, expected) in table {
            let read = |name: &str| {
                variables.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned())
            };
            assert_eq!(folder_from(read, is_windows), expected.map(PathBuf::from), "{variables:?}");
        }
    }
}
