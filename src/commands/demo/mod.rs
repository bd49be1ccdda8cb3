//! `docgate demo`: a commit played through the hook, in a scratch repository.
//!
//! Everything that happens is what the public commands do: git runs the installed hook, which runs this binary.
//! Only the prose is canned: a server on the loopback interface speaks Azure's protocol and answers from a file.

mod package;
mod server;
mod stage;

use std::path::Path;

use crate::error::{Error, ExitStatus};

use server::Server;
use stage::Stage;

/// Plays the demo; the scratch repository is kept only where a folder is named.
pub(super) fn run(keep: Option<&Path>) -> Result<ExitStatus, Error> {
    let scratch = tempfile::tempdir().map_err(cannot_prepare)?;
    let folder = match keep {
        Some(folder) => {
            let occupied = std::fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_some());
            if occupied {
                let message = format!("{} is not empty", folder.display());
                return Err(Error::usage(message).hint("name a folder that does not exist yet"));
            }
            std::fs::create_dir_all(folder).map_err(cannot_prepare)?;
            std::path::absolute(folder).map_err(cannot_prepare)?
        }
        None => scratch.path().join("lighthouse"),
    };
    let server = Server::start()?;
    let stage = Stage::new(&folder, scratch.path(), server.address())?;
    play(&stage, &server)?;
    if keep.is_some() {
        stage.say(&format!("\nThe repository is in {}.", folder.display()))?;
    }
    Ok(ExitStatus::Success)
}

fn play(stage: &Stage, server: &Server) -> Result<(), Error> {
    stage.say("A scratch repository with a small package, docgate's hook, and a staged change.")?;
    stage.say(
        "The prose in this demo is canned: a server on this machine answers in Azure's protocol from a",
    )?;
    stage.say("file. No account is used and nothing leaves the machine.")?;
    stage.write(package::BASE)?;
    stage.quietly("git", &["add", "."])?;
    stage.quietly("git", &["commit", "--quiet", "--message", "The package as it is"])?;
    stage.show("docgate", &["hook", "install"])?;

    stage.title("1. A change is staged; one of its files has another edit that is not staged.")?;
    stage.write(package::STAGED)?;
    stage.quietly("git", &["add", "."])?;
    stage.write(package::UNSTAGED)?;
    stage.show("git", &["status", "--short"])?;

    stage.title("2. The hook refuses the commit and says why. Old debt in the same files is left alone.")?;
    stage.fails("git", &["commit", "--message", "Plan for fog"])?;

    stage.title(
        "3. The repository asks the hook to fix. What the code says is repaired; prose is asked for.",
    )?;
    stage.append("docgate.toml", "mode = \"fix\"\n")?;
    stage.quietly("git", &["add", "docgate.toml"])?;
    stage.show("git", &["commit", "--message", "Plan for fog"])?;
    stage.say(&format!("\n({} requests reached the canned server.)", server.requests()))?;

    stage.title("4. The commit, docstrings included.")?;
    stage.show("git", &["show", "--format=%h %s", "--unified=1", "HEAD", "--", "lighthouse/lamp.py"])?;

    stage.title("5. The unstaged edit is where it was, and not in the commit.")?;
    stage.show("git", &["status", "--short"])?;
    stage.show("git", &["diff", "--unified=1"])?;

    stage.title("6. A second run changes nothing and asks nobody.")?;
    let before = server.requests();
    stage.show("docgate", &["fix", "--since", "HEAD~1"])?;
    stage.say(&format!("\n({} requests.)", server.requests() - before))
}

fn cannot_prepare(error: std::io::Error) -> Error {
    Error::unfinished("cannot prepare the scratch repository").because(error)
}
