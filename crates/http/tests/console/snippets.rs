//! The texts that the API screen shows, run as pasted by the programs they are written for.

use platen_domain::roles::Role;
use platen_http::limits::Limits;
use platen_http::{HttpOptions, Layouts, Service};
use tokio::net::TcpListener;
use tokio::process::Command;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::Person;
use crate::support::{World, scraped};

/// A server that listens, and the page that shows a new key of its Meters API.
struct Listening {
    page: String,
    stop: oneshot::Sender<()>,
    serving: JoinHandle<()>,
}

impl Listening {
    /// With one device in the fleet.
    async fn start() -> Self {
        let mut world = World::new().await;
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let options = HttpOptions {
            public_url: format!("http://{}", listener.local_addr().unwrap()),
            layouts: Layouts::default(),
            limits: Limits::default(),
        };
        world.service = Service::new(world.app.clone(), options.clone());
        let page = page_with_key(&world).await;
        let (stop, stopped) = oneshot::channel();
        let serving = tokio::spawn(async move {
            let stopped = async {
                stopped.await.ok();
            };
            platen_http::serve(listener, None, world.app.clone(), options, stopped).await;
        });
        Self {
            page,
            stop,
            serving,
        }
    }

    /// The first text on the page that begins like this, as the browser copies it.
    fn snippet(&self, beginning: &str) -> String {
        let texts = self.page.split("<code>").skip(1);
        let mut texts = texts.filter_map(|rest| rest.split("</code>").next());
        let text = texts.find(|text| text.starts_with(beginning)).unwrap();
        text.replace("&#39;", "'")
            .replace("&#34;", "\"")
            .replace("&#62;", ">")
    }

    async fn stop(self) {
        self.stop.send(()).unwrap();
        self.serving.await.unwrap();
    }
}

async fn page_with_key(world: &World) -> String {
    let organization = world.organization("Northwind", None).await;
    world.device(&organization, 1, "plain").await;
    let user = world
        .user(&organization, "ada", Role::ItAdministrator)
        .await;
    // The server speaks plain HTTP, where browsers refuse the prefix.
    let cookie = world
        .signed_in(&organization, &user)
        .await
        .replace("__Host-", "");
    let page = world
        .get("/analysis/api", &[("cookie", &cookie)])
        .await
        .text();
    let form_token = scraped(&page, "name=\"form_token\" value=\"").unwrap();
    let person = Person {
        world,
        cookie,
        form_token,
    };
    person
        .post("/analysis/api/meters/enabled", "enabled=yes")
        .await
        .text()
}

/// Whether the program is there; where CI could install it, it must be.
#[expect(clippy::print_stderr, reason = "a skipped test says so aloud")]
async fn is_installed(program: &str) -> bool {
    let installed = Command::new(program)
        .arg("--version")
        .output()
        .await
        .is_ok();
    if !installed {
        assert!(
            std::env::var_os("CI").is_none(),
            "{program} is missing, and CI can install it"
        );
        eprintln!("SKIPPED: {program} is not installed");
    }
    installed
}

/// What the program prints.
async fn run(program: &str, arguments: &[&str]) -> Vec<u8> {
    let mut command = Command::new(program);
    let ran = command
        .args(arguments)
        .env("NO_PROXY", "127.0.0.1")
        .output()
        .await
        .unwrap();
    assert!(
        ran.status.success(),
        "{}",
        String::from_utf8_lossy(&ran.stderr)
    );
    ran.stdout
}

#[tokio::test]
async fn the_curl_line_works_as_pasted() {
    if !is_installed("curl").await {
        return;
    }
    let listening = Listening::start().await;
    let printed = run("sh", &["-c", &listening.snippet("curl ")]).await;
    let rows: serde_json::Value = serde_json::from_slice(&printed).unwrap();
    assert_eq!(rows.as_array().map(Vec::len), Some(1));
    assert_eq!(rows[0]["LifeCountTotal"], 1_001);
    listening.stop().await;
}

#[tokio::test]
async fn the_python_text_works_as_pasted() {
    if !is_installed("python3").await {
        return;
    }
    let listening = Listening::start().await;
    let printed = run("python3", &["-c", &listening.snippet("import json")]).await;
    assert_eq!(String::from_utf8_lossy(&printed).trim(), "1 rows");
    listening.stop().await;
}
