//! The Azure CLI as a program: where it may be found, how long it may run, and how much it may say.
//!
//! A hook runs in a repository that others wrote. No folder of it is searched for `az`, nor the one where docgate runs, nor any
//! that is named relative to it, not even by the shell that the crate starts (it starts it in `/bin`); and what runs too long
//! ends with all its children.

use std::ffi::{OsStr, OsString};
use std::io;
use std::path::{Component, Path, PathBuf};
use std::process::{Output, Stdio};

use azure_identity::Executor;
use tokio::io::{AsyncRead, AsyncReadExt as _};
use tokio::process::Command;

/// The most that is read of each of its streams.
const LARGEST_OUTPUT: u64 = 256 * 1024;

#[cfg(windows)]
const NAMES: &[&str] = &["az.cmd", "az.exe", "az.bat"];
#[cfg(not(windows))]
const NAMES: &[&str] = &["az"];

/// The folders in which programs are looked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Folders(Vec<PathBuf>);

impl Folders {
    /// Reads a `PATH`, without folders that depend on where docgate runs, and without those whose Azure CLI would be one of the
    /// repository.
    pub(super) fn of(path: &OsStr, here: Option<&Path>, repository: Option<&Path>) -> Self {
        let real = |path: &Path| path.canonicalize().ok();
        let here = here.and_then(real);
        let repository = repository.and_then(real);
        let is_trusted = |folder: &PathBuf| {
            let is_here = here.is_some() && real(folder) == here;
            let is_of = |root: &PathBuf| NAMES.iter().any(|name| leads_through(&folder.join(name), root));
            folder.is_absolute() && !is_here && !repository.as_ref().is_some_and(is_of)
        };
        Self(std::env::split_paths(path).filter(is_trusted).collect())
    }

    /// Returns whether the Azure CLI is in one of them.
    pub(super) fn have_azure_cli(&self) -> bool {
        self.0.iter().any(|folder| NAMES.iter().any(|name| folder.join(name).is_file()))
    }

    fn joined(&self) -> OsString {
        // What was split at the separator can be joined with it.
        std::env::join_paths(&self.0).unwrap_or_default()
    }
}

/// Returns whether the way to a path leads through a folder, which is named without links; whoever owns the folder chooses where
/// its links lead to.
fn leads_through(path: &Path, root: &Path) -> bool {
    /// As many links the system follows at most.
    const MOST_LINKS: usize = 40;
    let mut way = path.to_owned();
    for _ in 0..=MOST_LINKS {
        let mut walked = PathBuf::new();
        let mut rest = way.components();
        let link = rest.by_ref().find_map(|part| {
            match part {
                Component::ParentDir => drop(walked.pop()),
                part => walked.push(part),
            }
            if walked.starts_with(root) { Some(None) } else { walked.read_link().ok().map(Some) }
        });
        match link {
            None => return false,
            Some(None) => return true,
            Some(Some(target)) => {
                walked.pop();
                way = walked.join(target).join(rest.as_path());
            }
        }
    }
    true
}

/// Why the program gave no answer.
#[derive(Debug, thiserror::Error)]
pub(super) enum ProgramError {
    /// It is nowhere.
    #[error("`az` is in no folder of the PATH")]
    Missing,
    /// It said more than any token takes.
    #[error("it said more than 256 KiB")]
    TooMuch,
    /// It could not be started or heard.
    #[error("it cannot be run")]
    Broken(#[source] io::Error),
}

/// Runs the Azure CLI for the crate.
#[derive(Debug)]
pub(super) struct Runner {
    folders: Folders,
}

impl Runner {
    pub(super) fn new(folders: Folders) -> Self {
        Self { folders }
    }

    async fn heard(&self, program: &OsStr, arguments: &[&OsStr]) -> Result<Output, ProgramError> {
        if !self.folders.have_azure_cli() {
            return Err(ProgramError::Missing);
        }
        let mut command = Command::new(program);
        command
            .args(arguments)
            .env("PATH", self.folders.joined())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true);
        #[cfg(unix)]
        command.process_group(0);
        let mut child = command.spawn().map_err(ProgramError::Broken)?;
        let group = Group::of(child.id());
        let (stdout, stderr) = (child.stdout.take(), child.stderr.take());
        let ended = async { child.wait().await.map_err(ProgramError::Broken) };
        let (stdout, stderr, status) = tokio::try_join!(bounded(stdout), bounded(stderr), ended)?;
        group.has_ended();
        Ok(Output { status, stdout, stderr })
    }
}

#[async_trait::async_trait]
impl Executor for Runner {
    async fn run(&self, program: &OsStr, arguments: &[&OsStr]) -> io::Result<Output> {
        self.heard(program, arguments).await.map_err(io::Error::other)
    }
}

async fn bounded(stream: Option<impl AsyncRead + Unpin>) -> Result<Vec<u8>, ProgramError> {
    let mut read = Vec::new();
    let Some(stream) = stream else { return Ok(read) };
    let most = stream.take(LARGEST_OUTPUT + 1).read_to_end(&mut read).await.map_err(ProgramError::Broken)?;
    if u64::try_from(most).is_ok_and(|most| most <= LARGEST_OUTPUT) {
        Ok(read)
    } else {
        Err(ProgramError::TooMuch)
    }
}

/// The processes that were started; they end when this is dropped before they have ended by themselves.
///
/// The Azure CLI is a script that starts another program: the end of the first alone would leave the second.
struct Group {
    #[cfg(unix)]
    leader: Option<rustix::process::Pid>,
}

impl Group {
    #[cfg(unix)]
    fn of(process: Option<u32>) -> Self {
        let process = process.and_then(|process| i32::try_from(process).ok());
        Self { leader: process.and_then(rustix::process::Pid::from_raw) }
    }

    #[cfg(not(unix))]
    fn of(_: Option<u32>) -> Self {
        Self {}
    }

    #[cfg(unix)]
    fn has_ended(mut self) {
        self.leader = None;
    }

    #[cfg(not(unix))]
    fn has_ended(self) {}
}

#[cfg(unix)]
impl Drop for Group {
    fn drop(&mut self) {
        if let Some(leader) = self.leader {
            // Nothing is to be done when they are gone.
            let _ = rustix::process::kill_process_group(leader, rustix::process::Signal::KILL);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_that_a_repository_can_fill_are_not_searched() {
        let repository = tempfile::tempdir().unwrap();
        let elsewhere = tempfile::tempdir().unwrap();
        let link = elsewhere.path().join("link");
        std::os::unix::fs::symlink(repository.path(), &link).unwrap();
        std::fs::File::create(repository.path().join("az")).unwrap();
        let here = repository.path();
        let dotted = here.join(".");
        let table: [(&[&Path], &[&Path]); 4] = [
            (&[Path::new(""), Path::new("."), Path::new("bin"), Path::new("../bin")], &[]),
            (&[here, &dotted, &link], &[]),
            (&[Path::new("/usr/bin"), here, elsewhere.path()], &[Path::new("/usr/bin"), elsewhere.path()]),
            (&[Path::new("/does/not/exist")], &[Path::new("/does/not/exist")]),
        ];
        for (path, expected) in table {
            let path = std::env::join_paths(path).unwrap();
            let found = Folders::of(&path, Some(here), None);
            assert_eq!(found.0, expected, "{}", path.display());
            assert!(!found.have_azure_cli());
        }
        // Somebody else's folder is as good as any, wherever docgate runs.
        assert!(Folders::of(here.as_os_str(), Some(elsewhere.path()), None).have_azure_cli());
        assert!(Folders::of(here.as_os_str(), None, Some(elsewhere.path())).have_azure_cli());
    }

    #[test]
    fn no_folder_of_the_repository_is_searched_wherever_in_it_docgate_runs() {
        let (scratch, elsewhere) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let root = scratch.path().join("repository");
        let beside = scratch.path().join("repository-of-another");
        let place = |folder: &Path| {
            std::fs::create_dir_all(folder).unwrap();
            std::fs::File::create(folder.join("az")).unwrap();
            folder.to_owned()
        };
        let (bin, deep) = (place(&root.join("bin")), place(&root.join("package/sub")));
        let (around, link) = (root.join("package/../bin"), elsewhere.path().join("link"));
        std::os::unix::fs::symlink(&root, &link).unwrap();
        // A folder outside whose program is one of the repository.
        let leading = elsewhere.path().join("leading");
        std::fs::create_dir(&leading).unwrap();
        std::os::unix::fs::symlink(bin.join("az"), leading.join("az")).unwrap();
        let outside = place(&beside);
        // And what the repository itself leads to, by a folder or by a program.
        let (within, far) = (root.join("within"), elsewhere.path().join("far"));
        std::os::unix::fs::symlink(&outside, &within).unwrap();
        std::fs::create_dir(&far).unwrap();
        std::os::unix::fs::symlink(within.join("az"), far.join("az")).unwrap();
        let inside = [place(&root), bin, deep.clone(), around, link.join("bin"), link, leading, within, far];
        for here in [&root, &deep, &root.join("package"), &outside] {
            for folder in &inside {
                let path = std::env::join_paths([folder, &PathBuf::from("/usr/bin")]).unwrap();
                let found = Folders::of(&path, Some(here), Some(&root));
                assert_eq!(found.0, [Path::new("/usr/bin")], "{} in {}", path.display(), here.display());
            }
        }
        for here in [&root, &deep] {
            assert!(Folders::of(outside.as_os_str(), Some(here), Some(&root)).have_azure_cli());
        }
        // The root may be named through a link, too.
        assert!(!Folders::of(inside[1].as_os_str(), Some(&deep), Some(&inside[5])).have_azure_cli());
    }
}
