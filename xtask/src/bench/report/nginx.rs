//! nginx, serving from a file what our server makes anew: the least that any server can spend
//! on these octets.

use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::Stdio;

use anyhow::{Context as _, Result};
use nix::sys::signal::Signal;

use super::super::client::{self, Request};
use super::peer::{self, Peer};
use crate::{demo, shell};

const PROGRAM: &str = "nginx";

/// nginx's fast shutdown.
const STOP: Signal = Signal::SIGTERM;

/// A running nginx, one process.
pub(super) struct Nginx {
    peer: Peer,
    server: SocketAddr,
    files: PathBuf,
}

impl Nginx {
    /// Starts one that serves the files in a directory below `directory`.
    pub(super) fn start(directory: &Path) -> Result<Self> {
        let program = shell::find(PROGRAM).context("nginx is missing")?;
        let home = directory.join("nginx");
        let files = home.join("files");
        std::fs::create_dir_all(&files)?;
        let server = demo::free_address()?;
        let configuration = home.join("nginx.conf");
        std::fs::write(&configuration, text(server, &home))?;
        let mut command = peer::command(&program, None, STOP);
        command.arg("-c").arg(&configuration).args(["-e", "stderr"]);
        let mut peer = Peer::start(command.stdin(Stdio::null()), STOP)?;
        peer.wait_until(|| TcpStream::connect(server).is_ok())
            .context("nginx")?;
        Ok(Self {
            peer,
            server,
            files,
        })
    }

    pub(super) fn pid(&self) -> u32 {
        self.peer.pid()
    }

    /// Takes over what another server answers, to be served as `name`; of a gzip answer `name`
    /// is what it expands to.
    pub(super) fn copy(&self, request: &Request, name: &str) -> Result<()> {
        let ending = if request.encoding == "gzip" {
            ".gz"
        } else {
            ""
        };
        let file = self.files.join([name, ending].concat());
        client::save(request, &file)
    }

    /// How it is asked for what it serves as `name`.
    pub(super) fn request(&self, name: &str, encoding: &'static str) -> Request {
        Request {
            server: self.server,
            path: format!("/{name}"),
            authorization: None,
            encoding,
        }
    }
}

/// One worker that is the only process, and the settings that make files fast.
fn text(server: SocketAddr, home: &Path) -> String {
    let home = home.display();
    format!(
        "daemon off;
master_process off;
pid {home}/nginx.pid;
error_log stderr warn;
events {{ worker_connections 1024; }}
http {{
  access_log off;
  sendfile on;
  sendfile_max_chunk 2m;
  tcp_nopush on;
  gzip_static on;
  default_type application/json;
  client_body_temp_path {home}/body;
  proxy_temp_path {home}/proxy;
  fastcgi_temp_path {home}/fastcgi;
  uwsgi_temp_path {home}/uwsgi;
  scgi_temp_path {home}/scgi;
  server {{
    listen {server};
    root {home}/files;
  }}
}}
"
    )
}
