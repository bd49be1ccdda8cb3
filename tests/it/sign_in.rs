//! Signing in to Azure in place of a key, with the built binary.

#[cfg(not(feature = "entra"))]
mod not_built_in {
    use crate::azure::FakeAzure;
    use crate::generate::{CODE, run_with};
    use crate::harness::Scratch;

    #[test]
    fn a_sign_in_is_refused_with_how_to_build_one() {
        let scratch = Scratch::new();
        scratch.write("a.py", CODE);
        scratch.stage();
        let service = FakeAzure::start();
        for way in ["cli", "managed-identity", "workload-identity", "github-oidc"] {
            let sign_in = [("DOCGATE_SIGN_IN", way)];
            let run = run_with(&scratch, &service.uri(), &["fix"], &sign_in);
            assert_eq!(run.code, Some(2), "{}", run.all());
            assert!(run.stderr.contains(&format!("DOCGATE_SIGN_IN: `{way}`")), "{}", run.stderr);
            assert!(run.stderr.contains("--features entra"), "{}", run.stderr);
            // What needs no model does not need a sign-in either.
            let run = run_with(&scratch, &service.uri(), &["fix", "--no-model"], &sign_in);
            assert_ne!(run.code, Some(2), "{}", run.all());
            let run = run_with(&scratch, &service.uri(), &["doctor"], &sign_in);
            assert!(run.stdout.contains("problem: DOCGATE_SIGN_IN"), "{}", run.stdout);
            let run = run_with(&scratch, &service.uri(), &["config", "show"], &sign_in);
            assert!(
                run.stdout.contains(&format!("azure.sign-in = {way}  # DOCGATE_SIGN_IN\n")),
                "{}",
                run.stdout
            );
        }
        assert_eq!(service.request_count(), 0);
    }
}

#[cfg(feature = "entra")]
mod built_in {
    use std::fs;
    use std::io::{Read as _, Write as _};
    use std::net::{Ipv4Addr, TcpListener};
    use std::os::unix::fs::PermissionsExt as _;
    use std::path::Path;
    use std::sync::{Arc, Mutex};
    use std::thread;

    use crate::azure::vectors::EMBEDDING_DEPLOYMENT;
    use crate::azure::{FakeAzure, TOKEN};
    use crate::examples::shop;
    use crate::generate::{CODE, configured, good_service};
    use crate::harness::{Run, Scratch};

    const HEADER: &str = "an-opaque-word-of-the-host";
    const LIBRARIES: &str = "docgate=trace,azure_core=trace,azure_identity=trace,typespec_client_core=trace,hyper=trace,hyper_util=trace,reqwest=trace";

    fn repository() -> Scratch {
        let scratch = Scratch::new();
        scratch.write("a.py", CODE);
        scratch.stage();
        scratch
    }

    /// Puts an Azure CLI into a folder.
    fn put(folder: &Path, script: &str) {
        fs::create_dir_all(folder).unwrap();
        fs::write(folder.join("az"), format!("#!/bin/sh\n{script}\n")).unwrap();
        fs::set_permissions(folder.join("az"), fs::Permissions::from_mode(0o755)).unwrap();
    }

    fn says(token: &str) -> String {
        format!(r#"echo '{{"accessToken": "{token}", "expires_on": 4102444800, "tokenType": "Bearer"}}'"#)
    }

    /// Runs docgate with the most verbose log, and looks for secrets in all that it prints and keeps.
    fn run(
        scratch: &Scratch,
        service: &FakeAzure,
        (way, arguments): (&str, &[&str]),
        more: &[(&str, &str)],
    ) -> Run {
        let log = scratch.beside("docgate.log");
        let all = [&["--log-file", log.to_str().unwrap()], arguments].concat();
        let mut command = configured(
            scratch,
            &service.uri(),
            &all,
            &[("DOCGATE_SIGN_IN", way), ("DOCGATE_LOG", LIBRARIES)],
        );
        // Where there is no key there is a sign-in.
        command.env_remove("AZURE_OPENAI_API_KEY").envs(more.iter().copied());
        let run = Run::from_output(&command.output().unwrap());
        let mut kept = vec![run.all(), fs::read_to_string(&log).unwrap()];
        for entry in fs::read_dir(scratch.beside("cache")).into_iter().flatten() {
            let path = entry.unwrap().path();
            kept.extend(fs::read(path).map(|bytes| String::from_utf8_lossy(&bytes).into_owned()));
        }
        for text in kept {
            assert!(!text.contains(TOKEN) && !text.contains(HEADER), "{text}");
        }
        run
    }

    fn path_with(folder: &Path) -> String {
        format!("{}:{}", folder.display(), std::env::var("PATH").unwrap())
    }

    #[test]
    fn whoever_is_signed_in_to_the_azure_cli_asks() {
        let (scratch, service) = (repository(), good_service());
        put(&scratch.beside("bin"), &says(TOKEN));
        let path = path_with(&scratch.beside("bin"));
        let run = run(&scratch, &service, ("cli", &["fix"]), &[("PATH", &path)]);
        assert_eq!(run.code, Some(0), "{}", run.all());
        assert!(scratch.read("a.py").contains("Work out what is asked for."));
        for received in service.requests() {
            assert_eq!(received.header("authorization"), Some(format!("Bearer {TOKEN}").as_str()));
            assert_eq!(received.header("api-key"), None);
        }
        assert!(service.request_count() > 0);
    }

    #[test]
    fn an_azure_cli_in_the_repository_is_not_run() {
        let (scratch, service) = (repository(), good_service());
        put(&scratch.root(), &format!("touch was-run\n{}", says(TOKEN)));
        put(&scratch.root().join("bin"), &format!("touch was-run\n{}", says(TOKEN)));
        let git = "/usr/local/bin:/usr/bin:/bin";
        for path in [
            format!(".:{git}"),
            format!(":{git}"),
            format!("bin:{git}"),
            format!("{}:{git}", scratch.root().display()),
        ] {
            let run = run(&scratch, &service, ("cli", &["fix"]), &[("PATH", &path)]);
            // Where the machine has one of its own, that is asked, and nobody is signed in.
            assert_eq!(service.request_count(), 0, "{path}: {}", run.all());
            assert!(!scratch.root().join("was-run").exists(), "{path}");
        }
        assert_eq!(service.request_count(), 0);
    }

    #[test]
    fn an_azure_cli_in_the_repository_is_not_run_from_a_subfolder_either() {
        let (scratch, service) = (repository(), good_service());
        let (root, sub) = (scratch.root(), scratch.root().join("package/sub"));
        let was_run = scratch.beside("was-run");
        let script = format!("touch {}\n{}", was_run.display(), says(TOKEN));
        for folder in [root.clone(), root.join("bin"), root.join("package"), sub.clone()] {
            put(&folder, &script);
        }
        let git = "/usr/local/bin:/usr/bin:/bin";
        let folders = ["..", "../..", "../../bin", ".", ""].map(str::to_owned).into_iter();
        let named = ["", "bin", "package", "package/sub", "package/../bin"].map(|it| root.join(it));
        for path in folders.chain(named.iter().map(|it| it.display().to_string())) {
            let path = format!("{path}:{git}");
            let variables = [("PATH", path.as_str()), ("DOCGATE_SIGN_IN", "cli")];
            let mut command = configured(&scratch, &service.uri(), &["fix"], &variables);
            command.env_remove("AZURE_OPENAI_API_KEY").current_dir(&sub);
            let run = Run::from_output(&command.output().unwrap());
            assert_eq!(service.request_count(), 0, "{path}: {}", run.all());
            assert!(run.all().contains("the sign-in `cli` failed"), "{path}: {}", run.all());
            assert!(!was_run.exists(), "{path}");
        }
    }

    #[test]
    fn prose_and_vectors_share_a_sign_in() {
        let (scratch, service) = (shop(), good_service());
        let log = scratch.beside("asked");
        put(&scratch.beside("bin"), &format!("echo asked >> {}\n{}", log.display(), says(TOKEN)));
        let path = path_with(&scratch.beside("bin"));
        let variables = [("PATH", path.as_str()), ("DOCGATE_EMBEDDING_DEPLOYMENT", EMBEDDING_DEPLOYMENT)];
        let run = run(&scratch, &service, ("cli", &["fix"]), &variables);
        assert_eq!(run.code, Some(0), "{}", run.all());
        assert!(!run.all().contains("chosen by words"), "{}", run.all());
        for operation in ["/embeddings", "/chat/completions"] {
            assert!(service.requests().iter().any(|it| it.path.ends_with(operation)), "{operation}");
        }
        assert_eq!(fs::read_to_string(log).unwrap(), "asked\n");
    }

    #[test]
    fn a_token_that_was_taken_back_is_fetched_anew() {
        let (scratch, service) = (repository(), good_service());
        let once = scratch.beside("once");
        let script = format!(
            "if [ -e {0} ]; then {1}; else : > {0}; {2}; fi",
            once.display(),
            says(TOKEN),
            says("taken-back")
        );
        put(&scratch.beside("bin"), &script);
        let path = path_with(&scratch.beside("bin"));
        let run = run(&scratch, &service, ("cli", &["fix"]), &[("PATH", &path)]);
        assert_eq!(run.code, Some(0), "{}", run.all());
        assert_eq!(service.requests()[0].header("authorization"), Some("Bearer taken-back"));
    }

    #[test]
    fn a_sign_in_that_fails_says_why_and_what_to_do() {
        type Variables<'a> = &'a [(&'a str, &'a str)];
        let (scratch, service) = (repository(), good_service());
        put(&scratch.beside("bin"), "echo \"ERROR: Please run 'az login' to setup account.\" >&2; exit 1");
        let path = path_with(&scratch.beside("bin"));
        let job = [("AZURE_TENANT_ID", "t"), ("AZURE_CLIENT_ID", "c")];
        let dead = [("IDENTITY_ENDPOINT", "http://127.0.0.1:9/token"), ("IDENTITY_HEADER", HEADER)];
        let table: [(&str, Variables<'_>, &str, &str); 5] = [
            ("cli", &[("PATH", &path)], "nobody is signed in to the Azure CLI", "run `az login`"),
            (
                "github-oidc",
                &job,
                "ACTIONS_ID_TOKEN_REQUEST_URL and ACTIONS_ID_TOKEN_REQUEST_TOKEN are not set",
                "pull requests from forks",
            ),
            (
                "github-oidc",
                &[],
                "AZURE_TENANT_ID, AZURE_CLIENT_ID, ACTIONS_ID_TOKEN_REQUEST_URL",
                "id-token: write",
            ),
            (
                "workload-identity",
                &job,
                "AZURE_FEDERATED_TOKEN_FILE is not set",
                "azure.workload.identity/use",
            ),
            ("managed-identity", &dead, "127.0.0.1 cannot be reached", "has an identity"),
        ];
        for (way, variables, message, hint) in table {
            let run = run(&scratch, &service, (way, &["fix"]), variables);
            assert_ne!(run.code, Some(0), "{}", run.all());
            assert!(run.all().contains(message) && run.all().contains(hint), "{way}: {}", run.all());
        }
        assert_eq!(service.request_count(), 0);
    }

    /// Answers every request for an identity; returns the address and what is asked.
    fn identity(answer: &'static str) -> (String, Arc<Mutex<Vec<String>>>) {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let address = format!("http://{}/msi/token", listener.local_addr().unwrap());
        let asked = Arc::new(Mutex::new(Vec::new()));
        let heard = Arc::clone(&asked);
        thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                let mut request = Vec::new();
                let mut part = [0; 4096];
                while !request.ends_with(b"\r\n\r\n") {
                    let read = stream.read(&mut part).unwrap();
                    request.extend_from_slice(&part[..read]);
                }
                heard.lock().unwrap().push(String::from_utf8(request).unwrap());
                let length = answer.len();
                write!(
                    stream,
                    "HTTP/1.1 200 OK\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{answer}"
                )
                .unwrap();
            }
        });
        (address, asked)
    }

    #[test]
    fn the_identity_of_an_app_asks() {
        let (scratch, service) = (repository(), good_service());
        let answer = r#"{"access_token": "an-opaque-token-of-entra", "expires_on": "4102444800", "token_type": "Bearer", "resource": "x"}"#;
        let (address, asked) = identity(answer);
        let variables = [
            ("IDENTITY_ENDPOINT", address.as_str()),
            ("IDENTITY_HEADER", HEADER),
            ("AZURE_CLIENT_ID", "client-1"),
            ("DOCGATE_SCOPE", "https://ai.azure.com/.default"),
            // A proxy would carry the secret of the host away.
            ("HTTP_PROXY", "http://127.0.0.1:9"),
        ];
        let run = run(&scratch, &service, ("managed-identity", &["fix"]), &variables);
        assert_eq!(run.code, Some(0), "{}", run.all());
        let asked = asked.lock().unwrap();
        let [asked] = asked.as_slice() else { panic!("{asked:?}") };
        for part in ["resource=https%3A%2F%2Fai.azure.com&", "client_id=client-1", HEADER] {
            assert!(asked.contains(part), "{asked}");
        }
        assert_eq!(service.requests()[0].header("authorization"), Some(format!("Bearer {TOKEN}").as_str()));
    }

    #[test]
    fn an_identity_is_not_asked_for_over_the_network_in_the_open() {
        let (scratch, service) = (repository(), good_service());
        let variables = [("IDENTITY_ENDPOINT", "http://identity.example.org/"), ("IDENTITY_HEADER", HEADER)];
        let run = run(&scratch, &service, ("managed-identity", &["fix"]), &variables);
        assert!(run.all().contains("identity.example.org must be reached over https"), "{}", run.all());
    }

    #[test]
    fn doctor_says_which_sign_in_is_used_and_what_it_misses() {
        let (scratch, service) = (repository(), good_service());
        let run = run(&scratch, &service, ("github-oidc", &["doctor"]), &[]);
        let line = "sign-in: github-oidc (DOCGATE_SIGN_IN), for https://cognitiveservices.azure.com/.default";
        assert!(run.stdout.contains(line), "{}", run.stdout);
        assert!(
            run.stdout.contains("problem: the sign-in `github-oidc` failed: AZURE_TENANT_ID,"),
            "{}",
            run.stdout
        );
        assert_eq!(service.request_count(), 0);
    }
}
