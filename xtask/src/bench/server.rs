//! A server of the binary as it is shipped, in a directory of its own.

use std::io::{BufRead as _, BufReader};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use platen_domain::clock::Clock as _;
use platen_domain::scope::{Actor, Scope};
use platen_store::{Store, StoreOptions};

use crate::clock::WallClock;
use crate::{demo, http, shell};

/// How long the server may take to come up before it counts as gone.
const PATIENCE: Duration = Duration::from_secs(30);

/// Pause between two looks at a server that starts.
const LOOK_EVERY: Duration = Duration::from_millis(20);

/// A directory that `platen init` made.
pub(super) struct Place {
    program: String,
    directory: PathBuf,
    /// The path of the one-time link that makes the first administrator.
    pub(super) set_up: String,
}

/// The running server; it is ended when this is dropped.
pub(super) struct Server {
    child: Child,
    pub(super) address: SocketAddr,
}

impl Place {
    /// Builds the binary and makes `directory`, which must be new.
    pub(super) fn make(directory: &Path) -> Result<Self> {
        // What is shipped is what is measured.
        let cargo = ["build", "--quiet", "--profile=dist", "--package", "platen"];
        shell::run(&shell::cargo(), &cargo)?;
        let program = shell::target_directory().join("dist/platen");
        let program = program.to_string_lossy().into_owned();
        let place = directory.to_string_lossy();
        let init = ["init", "--directory", &place, "--organization", "Bench"];
        let init = [&init[..], &["--time-zone", "UTC"]].concat();
        let told = shell::capture(&program, &init)?;
        let mut words = told.split_whitespace();
        let token = words.find_map(|word| word.split_once("/set-up/"));
        let (_, token) = token.context("no set-up link was told")?;
        Ok(Self {
            program,
            directory: directory.to_owned(),
            set_up: format!("/set-up/{token}"),
        })
    }

    /// Its data directory.
    pub(super) fn data(&self) -> PathBuf {
        self.directory.join("data")
    }

    /// The store, with the scope of the one organization. The server must not be running.
    pub(super) async fn open(&self) -> Result<(Store, Scope)> {
        let options = StoreOptions {
            now: WallClock.now(),
            ..StoreOptions::default()
        };
        let store = Store::open(&self.data(), options)?;
        #[expect(
            clippy::redundant_closure_for_method_calls,
            reason = "the method's path is not general over the reader's lifetime"
        )]
        let organizations = store.read(|reader| reader.organizations()).await?;
        let organization = organizations.first().context("there is no organization")?;
        #[expect(
            clippy::disallowed_methods,
            reason = "the bench stands in for the authorization layer"
        )]
        let scope = Scope::grant(organization.id, Actor::System("bench"));
        Ok((store, scope))
    }

    /// Starts the server with these `settings`, and waits until it answers.
    pub(super) fn serve(&self, settings: &str) -> Result<Server> {
        let address = demo::free_address()?;
        let config = self.directory.join("bench.toml");
        let text = format!(
            "data_directory = \"data\"\nlisten = \"{address}\"\n\n[log]\nlevel = \"warn\"\n\n\
             {settings}"
        );
        std::fs::write(&config, text)?;
        let serve = ["serve", "--config", &config.to_string_lossy()].map(str::to_owned);
        let mut child = shell::command(&self.program, &serve)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()?;
        drain(child.stdout.take());
        drain(child.stderr.take());
        let mut server = Server { child, address };
        server.wait_until_alive()?;
        Ok(server)
    }
}

impl Server {
    /// Its process.
    pub(super) fn pid(&self) -> u32 {
        self.child.id()
    }

    fn wait_until_alive(&mut self) -> Result<()> {
        let started = Instant::now();
        let alive = || {
            let answer = http::get(self.address, "/healthz", None, PATIENCE);
            answer.is_ok_and(|answer| answer.status == 200)
        };
        while !alive() {
            if let Some(status) = self.child.try_wait()? {
                bail!("the server ended by itself: {status}");
            }
            if started.elapsed() > PATIENCE {
                bail!("the server did not answer within {} s", PATIENCE.as_secs());
            }
            std::thread::sleep(LOOK_EVERY);
        }
        Ok(())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Nothing in it is wanted any more.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// What the server says goes nowhere, but it must go.
fn drain(output: Option<impl std::io::Read + Send + 'static>) {
    if let Some(output) = output {
        std::thread::spawn(move || {
            for line in BufReader::new(output).lines().map_while(Result::ok) {
                drop(line);
            }
        });
    }
}
