//! A real `redis-server` of one test, on a port of its own.

use std::net::{Ipv4Addr, TcpListener};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use docgate::secret::Secret;
use docgate::shared::{Redis, RedisSettings};
use tempfile::TempDir;

/// Makes an authority `ca.pem`, and a certificate `server.crt` with `server.key` for this machine.
const CERTIFICATES: &str = "
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout ca.key -out ca.pem -days 2 -subj /CN=authority 2>&1
openssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout server.key -out server.csr -subj /CN=localhost 2>&1
printf 'subjectAltName=DNS:localhost,IP:127.0.0.1\nbasicConstraints=critical,CA:FALSE\n' > extensions
openssl x509 -req -in server.csr -CA ca.pem -CAkey ca.key -CAcreateserial -out server.crt -days 2 -extfile extensions 2>&1
";

/// The server; it ends when it is dropped.
pub(crate) struct Server {
    folder: TempDir,
    port: u16,
    more: Vec<String>,
    scheme: &'static str,
    child: Option<Child>,
}

/// Starts a server; nothing, with a word about it, on a machine of somebody's without one.
pub(crate) fn server() -> Option<Server> {
    server_with(&[])
}

/// Starts a server with more options.
pub(crate) fn server_with(more: &[&str]) -> Option<Server> {
    if !is_installed() {
        return None;
    }
    let server = Server {
        folder: TempDir::new().unwrap(),
        port: free_port(),
        more: more.iter().map(ToString::to_string).collect(),
        scheme: "redis",
        child: None,
    };
    Some(server.started())
}

/// Starts a server that speaks TLS only, with a certificate of an authority of its own.
pub(crate) fn server_with_tls() -> Option<Server> {
    if !is_installed() {
        return None;
    }
    let folder = TempDir::new().unwrap();
    let made = Command::new("sh").current_dir(&folder).args(["-ec", CERTIFICATES]).output().unwrap();
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stdout));
    let port = free_port();
    let tls = format!(
        "--tls-port {port} --tls-cert-file server.crt --tls-key-file server.key --tls-ca-cert-file ca.pem --tls-auth-clients no"
    );
    let more = tls.split(' ').map(str::to_owned).collect();
    Some(Server { folder, port, more, scheme: "rediss", child: None }.started())
}

#[expect(clippy::print_stderr, reason = "who runs the tests is told what they leave out")]
fn is_installed() -> bool {
    let is_there = Command::new("redis-server").arg("--version").output().is_ok();
    assert!(is_there || std::env::var_os("CI").is_none(), "redis-server is not installed");
    if !is_there {
        eprintln!("redis-server is not installed: what machines share is not tried");
    }
    is_there
}

fn free_port() -> u16 {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap().port()
}

impl Server {
    fn started(mut self) -> Self {
        self.start();
        self
    }

    /// Starts it, empty, under the same address as before.
    pub(crate) fn start(&mut self) {
        let port = if self.scheme == "rediss" { "0".to_owned() } else { self.port.to_string() };
        let child = Command::new("redis-server")
            .current_dir(&self.folder)
            .args(["--port", &port, "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"])
            .args(&self.more)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        self.child = Some(child);
        let began = Instant::now();
        while std::net::TcpStream::connect((Ipv4Addr::LOCALHOST, self.port)).is_err() {
            assert!(began.elapsed() < Duration::from_secs(30), "redis-server does not start");
            thread::sleep(Duration::from_millis(10));
        }
    }

    /// Ends it, as a power cut does.
    pub(crate) fn kill(&mut self) {
        if let Some(mut child) = self.child.take() {
            child.kill().unwrap();
            child.wait().unwrap();
        }
    }

    /// Lets it hang or go on: it keeps its connections and does not answer.
    pub(crate) fn signal(&self, signal: &str) {
        let id = self.child.as_ref().unwrap().id().to_string();
        assert!(Command::new("kill").args([signal, &id]).status().unwrap().success());
    }

    pub(crate) fn folder(&self) -> PathBuf {
        self.folder.path().to_owned()
    }

    pub(crate) fn address(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    /// Returns the address to configure.
    pub(crate) fn url(&self) -> String {
        format!("{}://{}", self.scheme, self.address())
    }

    /// Returns a connection as one machine makes it.
    pub(crate) fn machine(&self) -> Arc<Redis> {
        Arc::new(Redis::new(settings(&self.url())).unwrap())
    }

    /// Returns a connection that does not go through docgate.
    pub(crate) fn raw(&self) -> redis::Connection {
        redis::Client::open(self.url()).unwrap().get_connection().unwrap()
    }

    /// Returns all keys.
    pub(crate) fn keys(&self) -> Vec<String> {
        let mut keys: Vec<String> = redis::cmd("KEYS").arg("*").query(&mut self.raw()).unwrap();
        keys.sort();
        keys
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.kill();
    }
}

/// Returns the settings for an address.
pub(crate) fn settings(url: &str) -> RedisSettings {
    RedisSettings { url: Secret::new(url), prefix: "docgate".to_owned(), certificates: None }
}
