//! The real binary, as a person and the system run it.

#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test ends at the first surprise"
)]
#![expect(clippy::disallowed_types, reason = "the program under test is started")]
#![expect(
    clippy::disallowed_methods,
    reason = "how often to kill comes from the environment"
)]

#[path = "cli/accounts.rs"]
mod accounts;
#[path = "cli/collect.rs"]
mod collect;
#[path = "cli/collectors.rs"]
mod collectors;
#[path = "cli/config.rs"]
mod config;
#[path = "cli/console.rs"]
mod console;
#[path = "cli/demo.rs"]
mod demo;
#[path = "cli/demo_meters.rs"]
mod demo_meters;
#[path = "cli/first_charge.rs"]
mod first_charge;
#[path = "cli/http.rs"]
mod http;
#[path = "cli/import.rs"]
mod import;
#[path = "cli/import_dates.rs"]
mod import_dates;
#[path = "cli/init.rs"]
mod init;
#[path = "cli/kill.rs"]
mod kill;
#[path = "cli/licences.rs"]
mod licences;
#[path = "cli/openapi.rs"]
mod openapi;
#[path = "cli/page_logs.rs"]
mod page_logs;
#[path = "cli/people.rs"]
mod people;
#[path = "cli/prices.rs"]
mod prices;
#[path = "cli/privacy.rs"]
mod privacy;
#[path = "cli/program.rs"]
mod program;
#[path = "cli/restored.rs"]
mod restored;
#[path = "cli/sockets.rs"]
mod sockets;
#[path = "cli/windows_events.rs"]
mod windows_events;
