//! The files around one: what it imports, its package, what that imports, and the modules beside it.

use super::find::Lead;
use super::{Found, Inquiry};
use crate::change::RepoPath;
use crate::python::definition::ParsedFile;

impl<'a> Inquiry<'a> {
    /// Returns other files that are near the one that asks, the nearest first: its package, what it imports, what its
    /// package imports, and of those that are listed the ones in its folder.
    ///
    /// Who uses a file cannot be found without going through the whole tree. These are where it is likely, at the cost of
    /// at most `most` files.
    #[must_use]
    pub fn neighbours(&self, most: usize, listed: &[RepoPath]) -> Vec<Found<'a>> {
        let mut found: Vec<Found<'a>> = Vec::new();
        let own = self.own(0);
        let package = self.module_of(own.path.folder());
        let package = package.filter(|package| package.path != own.path);
        self.add_imports_of((&own.path, &own.file), most.saturating_sub(1), &mut found);
        if let Some(package) = package {
            let (path, file) = (package.path.clone(), package.file.clone());
            if found.iter().all(|known| known.path != path) {
                found.insert(0, package);
            }
            self.add_imports_of((&path, &file), most, &mut found);
        }
        let folder = own.path.folder();
        let beside = listed.iter().filter(|path| path.folder() == folder && **path != own.path);
        for path in beside {
            if found.len() >= most {
                break;
            }
            if found.iter().all(|known| known.path != *path) {
                found.extend(self.file_of(path));
            }
        }
        found
    }

    fn add_imports_of(
        &self,
        (path, file): (&RepoPath, &ParsedFile),
        most: usize,
        found: &mut Vec<Found<'a>>,
    ) {
        for import in file.imports.all() {
            if found.len() >= most {
                return;
            }
            let module = match self.lead(path, &import.origin("")) {
                Lead::Module(module) => Some(module),
                Lead::To(step) => {
                    let (path, name) = (step.path.clone(), step.name.clone());
                    let found = self.look_up(step).ok().map(|found| Found { index: 0, ..found });
                    // A package that imports its own modules gives their names away before they are there.
                    found.or_else(|| self.module_in(&path, &name)).or_else(|| self.file_of(&path))
                }
                Lead::Nowhere(_) => None,
            };
            let is_new = |module: &Found<'a>| {
                module.path != self.own(0).path && found.iter().all(|known| known.path != module.path)
            };
            found.extend(module.filter(is_new));
        }
    }
}
