//! The Azure CLI as a program: where it may be found, how long it may run, and how much it may say.
//!
//! A hook runs in the folder of a repository that others wrote. Neither that folder nor one that is named relative to it is
//! searched for `az`, not even by the shell that the crate starts; and what runs too long ends with all its children.

use std::ffi::{OsStr, OsString};
use std::io;
use std::path::{Path, PathBuf};
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
    /// Reads a `PATH`, without folders that depend on where docgate runs.
    pub(super) fn of(path: &OsStr, here: Option<&Path>) -> Self {
        let real = |folder: &Path| folder.canonicalize().ok();
        let here = here.and_then(real);
        let is_here = |folder: &Path| here.is_some() && real(folder) == here;
        let folders = std::env::split_paths(path);
        Self(folders.filter(|folder| folder.is_absolute() && !is_here(folder)).collect())
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
            let found = Folders::of(&path, Some(here));
            assert_eq!(found.0, expected, "{}", path.display());
            assert!(!found.have_azure_cli());
        }
        // Somebody else's folder is as good as any, wherever docgate runs.
        assert!(Folders::of(here.as_os_str(), Some(elsewhere.path())).have_azure_cli());
    }
}
