//! How to read an API with the tools people have: pure text generators behind every dialog.
//!
//! PowerShell and curl are the published product's own lines, word for word, with this server's
//! address. The others follow each tool's documentation.

use std::time::Duration;

use platen_domain::clock::Timestamp;
use platen_domain::keys::AuthorizationKey;
use platen_domain::report_apis::ReportApi;

use super::moments::Moments;
use super::power_query::{self, Credential, Period};
use crate::report_api::NamedColumn;
use crate::report_api::layouts::Layouts;

/// Days before today with which the range in texts begins: a week that is over.
const DAYS_BEFORE: u64 = 7;

/// Stands where the key is not known to the page.
pub(crate) const KEY_PLACEHOLDER: &str = "<Authorization Key>";

/// What Power Query says when a query that sends its own `Authorization` header is opened with
/// any credential but Anonymous.
pub(crate) const POWER_QUERY_NOT_ANONYMOUS: &str = "Expression.Error: The 'Authorization' header \
    is only supported when connecting anonymously. These headers can be used with all \
    authentication types: Accept, Accept-Charset, Accept-Language, Cache-Control, \
    If-Modified-Since, Referer";

/// The range that stands in texts to copy: a placeholder in its place would be a redirection to
/// every shell.
#[derive(Debug, Clone)]
pub(crate) struct ExampleRange {
    /// Last week's first day and its last, `YYYY-MM-DD`.
    days: (String, String),
    /// This month, `YYYY-MM`.
    month: String,
}

impl ExampleRange {
    /// The range as of `now`.
    pub(crate) fn as_of(now: Timestamp, moments: &Moments) -> Self {
        let days_ago = |days| moments.day(now.minus(Duration::from_hours(24 * days)));
        let month = moments.day(now).chars().take("YYYY-MM".len()).collect();
        Self {
            days: (days_ago(DAYS_BEFORE), days_ago(1)),
            month,
        }
    }

    /// The path of `api` with the range in it.
    fn path(&self, api: ReportApi) -> String {
        let (first, last) = &self.days;
        api.path()
            .replacen("<YYYY-MM-DD>", first, 1)
            .replacen("<YYYY-MM-DD>", last, 1)
            .replace("<YYYY-MM>", &self.month)
    }
}

/// Where requests go, and what answers them.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Endpoint<'a> {
    /// The server's public URL.
    pub(crate) base: &'a str,
    /// The range that stands in texts.
    pub(crate) range: &'a ExampleRange,
    /// The columns of the answers.
    pub(crate) layouts: &'a Layouts,
}

/// One request, from which every tool's text is made.
#[derive(Debug, Clone)]
pub(crate) struct Request {
    api: ReportApi,
    base: String,
    key: String,
    /// The path, with a range where one is asked for.
    path: String,
    columns: Vec<NamedColumn>,
}

/// A text to copy, with what to know about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Snippet {
    /// What the text is, when a tool has more than one; otherwise empty.
    pub(crate) title: &'static str,
    /// The text itself.
    pub(crate) code: String,
}

/// How one tool reads the API.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Instructions {
    /// The tool's name.
    pub(crate) tool: &'static str,
    /// What to do, in order; empty where running the text is all.
    pub(crate) steps: Vec<String>,
    /// Texts to copy, the usual way first.
    pub(crate) snippets: Vec<Snippet>,
    /// Worth knowing when it does not work at once.
    pub(crate) notes: Vec<String>,
}

impl Request {
    /// The request for `api`, with `key` while it is known to the page.
    pub(crate) fn new(
        api: ReportApi,
        key: Option<&AuthorizationKey>,
        endpoint: Endpoint<'_>,
    ) -> Self {
        Self {
            api,
            path: endpoint.range.path(api),
            columns: endpoint.layouts.columns(api),
            base: endpoint.base.trim_end_matches('/').to_owned(),
            key: key
                .map_or(KEY_PLACEHOLDER, AuthorizationKey::expose)
                .to_owned(),
        }
    }

    /// The address, ready to be asked.
    fn url(&self) -> String {
        format!("{}{}", self.base, self.path)
    }

    /// The request line as the dialog shows it: with placeholders where a range is asked for.
    pub(crate) fn line(&self) -> String {
        format!("GET {}{}", self.base, self.api.path())
    }

    /// The request header as the dialog shows it.
    pub(crate) fn header(&self) -> String {
        format!("Authorization: bearer {}", self.key)
    }

    /// Every tool's instructions, in the order of the dialog.
    pub(crate) fn instructions(&self) -> Vec<Instructions> {
        vec![
            self.powershell(),
            self.curl(),
            self.power_bi(),
            self.excel(),
            self.python(),
            self.r(),
        ]
    }

    fn powershell(&self) -> Instructions {
        let Self { key, .. } = self;
        let url = self.url();
        let file = self.api.keyword();
        Instructions {
            tool: "PowerShell",
            steps: Vec::new(),
            snippets: vec![
                Snippet {
                    title: "The JSON text",
                    code: format!(
                        "(Invoke-WebRequest -Headers @{{Authorization = \"bearer {key}\"}} {url}).Content"
                    ),
                },
                Snippet {
                    title: "Rows, kept as a CSV file",
                    code: format!(
                        "Invoke-RestMethod -Headers @{{Authorization = \"bearer {key}\"}} {url} |\n    \
                         ForEach-Object {{ $_ }} | Export-Csv {file}.csv -NoTypeInformation -Encoding UTF8"
                    ),
                },
            ],
            notes: vec![
                "Windows PowerShell 5.1 may ask before it parses a page: add -UseBasicParsing."
                    .to_owned(),
            ],
        }
    }

    fn curl(&self) -> Instructions {
        let header = self.header();
        let url = self.url();
        let keyword = self.api.keyword();
        Instructions {
            tool: "curl",
            steps: Vec::new(),
            snippets: vec![
                Snippet {
                    title: "JSON",
                    code: format!("curl -H '{header}' {url}"),
                },
                Snippet {
                    title: "JSON, in PowerShell or the Command Prompt of Windows",
                    code: format!("curl.exe -H \"{header}\" {url}"),
                },
                Snippet {
                    title: "CSV, compressed on the way, into a file",
                    code: format!(
                        "curl --fail --compressed -H '{header}' -H 'Accept: text/csv' -o {keyword}.csv {url}"
                    ),
                },
            ],
            notes: Vec::new(),
        }
    }

    fn power_bi(&self) -> Instructions {
        let steps = vec![
            "In Power BI Desktop choose Home > Get data > Blank query, then Advanced Editor."
                .to_owned(),
            "Replace the text there with the query below and press Done.".to_owned(),
            format!(
                "When Power BI asks for credentials choose Anonymous, with the level {}, and press \
                 Connect. The key travels in the query.",
                self.base
            ),
        ];
        let mut notes = self.power_query_notes();
        notes.push(
            "For a scheduled refresh in the Power BI service, a server on your own network needs \
             an on-premises data gateway."
                .to_owned(),
        );
        Instructions {
            tool: "Power BI Desktop",
            steps,
            snippets: self.power_query_snippets(),
            notes,
        }
    }

    fn excel(&self) -> Instructions {
        let steps = vec![
            "In Excel choose Data > Get Data > From Other Sources > Blank Query, then Advanced \
             Editor."
                .to_owned(),
            "Replace the text there with the query below and press Done.".to_owned(),
            format!(
                "When Excel asks how to connect choose Anonymous, with the level {}, and press \
                 Connect. Then Close & Load.",
                self.base
            ),
        ];
        Instructions {
            tool: "Excel",
            steps,
            snippets: self.power_query_snippets(),
            notes: self.power_query_notes(),
        }
    }

    fn power_query_snippets(&self) -> Vec<Snippet> {
        let Self { base, key, .. } = self;
        let query = |credential, period| {
            power_query::query(self.api, base, &self.columns, credential, period)
        };
        let mut snippets = vec![
            Snippet {
                title: "Query with the key in it (credential: Anonymous)",
                code: query(Credential::InQuery(key), Period::Rolling),
            },
            Snippet {
                title: "Query without the key (credential: Basic)",
                code: query(Credential::Kept, Period::Rolling),
            },
        ];
        if power_query::rolling(self.api).is_some() {
            snippets.push(Snippet {
                title: "Query for incremental refresh (credential: Anonymous)",
                code: query(Credential::InQuery(key), Period::Range),
            });
        }
        snippets
    }

    fn power_query_notes(&self) -> Vec<String> {
        let mut notes = vec![
            format!(
                "\u{201c}{POWER_QUERY_NOT_ANONYMOUS}\u{201d} means that another credential than \
                 Anonymous is kept for this address. Change it under Data source settings > Edit \
                 permissions."
            ),
            format!(
                "To keep the key out of the file take the second query and the credential Basic: \
                 any user name, and as password {}.",
                self.key
            ),
        ];
        if let Some(period) = power_query::rolling(self.api) {
            notes.push(format!(
                "The first two queries ask for the {period}, counted anew at each refresh. The third \
                 asks for what lies between the parameters RangeStart and RangeEnd, which incremental \
                 refresh needs: make both under Manage Parameters, of the type Date/Time. They are \
                 times of the organization's time zone."
            ));
        }
        notes
    }

    fn python(&self) -> Instructions {
        let Self { key, .. } = self;
        let url = self.url();
        Instructions {
            tool: "Python",
            steps: Vec::new(),
            snippets: vec![Snippet {
                title: "",
                code: format!(
                    r#"import json
import urllib.request

request = urllib.request.Request(
    "{url}",
    headers={{"Authorization": "bearer {key}"}},
)
with urllib.request.urlopen(request) as response:
    rows = json.load(response)
print(len(rows), "rows")"#
                ),
            }],
            notes: vec!["With pandas, pandas.DataFrame(rows) makes a table of them.".to_owned()],
        }
    }

    fn r(&self) -> Instructions {
        let Self { key, .. } = self;
        let url = self.url();
        Instructions {
            tool: "R",
            steps: Vec::new(),
            snippets: vec![Snippet {
                title: "",
                code: format!(
                    r#"library(httr2)

rows <- request("{url}") |>
  req_headers(Authorization = "bearer {key}") |>
  req_perform() |>
  resp_body_json(simplifyVector = TRUE)
str(rows)"#
                ),
            }],
            notes: vec!["Needs the packages httr2 and jsonlite.".to_owned()],
        }
    }
}

#[cfg(test)]
#[path = "instructions_tests.rs"]
mod tests;
