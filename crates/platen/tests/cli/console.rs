//! The console, as a person with a browser uses it.

use std::net::SocketAddr;

use crate::http::{get, submit};

/// A browser in which somebody has signed in.
pub(crate) struct Browser {
    address: SocketAddr,
    cookie: String,
}

impl Browser {
    /// Opens a set-up link, creates the first administrator and is signed in as one.
    pub(crate) fn set_up(address: SocketAddr, link: &str) -> Self {
        let form = "name=ada&password=correct+horse+battery&confirmation=correct+horse+battery";
        let answer = submit(address, link, form, &[]).unwrap();
        let cookie = answer.header("set-cookie").expect("a session begins");
        let cookie = cookie.split(';').next().unwrap_or_default();
        Self {
            address,
            cookie: format!("Cookie: {cookie}"),
        }
    }

    /// Opens a report API by its keyword and takes its key along.
    pub(crate) fn report_key(&self, api: &str) -> String {
        let (_, page) = get(self.address, "/analysis/api", &[&self.cookie]).unwrap();
        let token = between(&page, "name=\"form_token\" value=\"", "\"");
        let form = format!("form_token={token}&enabled=yes");
        let path = format!("/analysis/api/{api}/enabled");
        let made = submit(self.address, &path, &form, &[&self.cookie]).unwrap();
        between(&made.body, "class=\"snippet key\"><code>", "<").to_owned()
    }

    /// Generates the Client Application and takes `platen-client.json` along.
    pub(crate) fn client_file(&self) -> String {
        let (_, page) = get(self.address, "/analysis/api", &[&self.cookie]).unwrap();
        let token = between(&page, "name=\"form_token\" value=\"", "\"");
        let form = format!("form_token={token}");
        let path = "/analysis/client/generate";
        let made = submit(self.address, path, &form, &[&self.cookie]).unwrap();
        let figure = between(&made.body, "<figcaption>platen-client.json<", "</figure>");
        between(figure, "<code>", "</code>").replace("&#34;", "\"")
    }
}

fn between<'a>(text: &'a str, before: &str, after: &str) -> &'a str {
    let found = text
        .split_once(before)
        .and_then(|(_, rest)| rest.split_once(after));
    found
        .unwrap_or_else(|| panic!("nothing stands after {before} in {text}"))
        .0
}
