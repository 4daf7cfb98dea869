//! Circles of files that are known.

/// The folder of a crate's source, and the modules of one circle.
pub(super) type Known = (&'static str, &'static [&'static str]);

/// The circles that are known. The list may only become shorter.
///
/// Those of `http` are for the issue after this: its router gives way to a framework's, and policies
/// become extractors below the APIs. The others are one misplaced type or constant each, or a type
/// that is recursive by nature; they are mended when somebody passes.
pub(super) const KNOWN: &[Known] = &[
    (
        "crates/collect/src",
        &["joblog::date_order", "joblog::written_time"],
    ),
    (
        "crates/collect/src",
        &[
            "joblog::page_log",
            "joblog::page_log_form",
            "joblog::page_log_pages",
        ],
    ),
    (
        "crates/collect/src",
        &[
            "joblog::detect",
            "joblog::papercut",
            "joblog::read",
            "joblog::windows_csv",
        ],
    ),
    (
        "crates/collect/src",
        &["ipp::decode", "ipp::message", "ipp::value"],
    ),
    ("crates/collect/src", &["ipp::markers", "ipp::supplies"]),
    (
        "crates/collect/src",
        &["snmp::client", "snmp::dialect", "snmp::fetch", "snmp::v3"],
    ),
    ("crates/domain/src", &["print_counts", "print_jobs"]),
    ("crates/http/src", &["problem_kinds", "problems"]),
    (
        "crates/http/src",
        &[
            "accounts_api",
            "accounts_api::query",
            "console",
            "health",
            "ingest_api",
            "large_bodies",
            "oauth",
            "oauth::forms",
            "openapi",
            "policy",
            "report_api",
            "routes",
            "server",
        ],
    ),
    (
        "crates/http/src",
        &["openapi::document", "openapi::refusals"],
    ),
    (
        "crates/http/src",
        &[
            "console::pages::cells",
            "console::pages::fleet",
            "console::pages::paging",
        ],
    ),
    ("crates/platen/src", &["cli", "commands"]),
    (
        "crates/report/src",
        &["block::groups", "block::ints", "block::parse"],
    ),
    (
        "crates/simfleet/src",
        &[
            "life",
            "mib",
            "objects",
            "print_traffic",
            "printer",
            "template",
            "work",
        ],
    ),
    ("crates/simfleet/src", &["wire::bulk", "wire::respond"]),
    (
        "crates/store/src",
        &[
            "block_changes",
            "import_marks",
            "print_job_changes",
            "print_job_rows",
            "print_jobs",
            "print_months",
            "print_rows",
        ],
    ),
    (
        "xtask/src",
        &[
            "corpus::compare",
            "corpus::differences",
            "corpus::identities",
        ],
    ),
    (
        "xtask/src",
        &["kill_accounts::oracle", "kill_accounts::rush"],
    ),
];
