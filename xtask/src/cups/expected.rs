//! The jobs of the lab, and what must be said of them.

use anyhow::Result;

use super::lab::Lab;
use super::transactions::Transaction;

/// A title that writes a second line into the page log.
const FORGED: &str = "evil\n9999 lab-mono [23/Nov/2026:12:00:00 +0000] total 500 500 500 - color \
    A4 1 urn:uuid:00000000-0000-0000-0000-000000000000 - localhost ceo forged";

/// Octets of a title that strict decoders refuse a whole answer for.
const LONG: usize = 1_500;

/// A one-sided completed job of one copy on the mono queue, to be varied.
fn job(user: &str, document: &str, sides: u32) -> Transaction {
    Transaction {
        user: user.to_owned(),
        document: document.to_owned(),
        queue: "lab-mono".to_owned(),
        state: "completed".to_owned(),
        impressions: Some(sides),
        sheets: Some(sides),
        copies: Some(1),
        sides: Some("one-sided".to_owned()),
        color: Some("monochrome".to_owned()),
        account: None,
    }
}

fn in_color(transaction: Transaction) -> Transaction {
    Transaction {
        queue: "lab-colour".to_owned(),
        color: Some("color".to_owned()),
        ..transaction
    }
}

fn duplex(transaction: Transaction, sheets: u32) -> Transaction {
    Transaction {
        sides: Some("two-sided-long-edge".to_owned()),
        sheets: Some(sheets),
        ..transaction
    }
}

/// Prints six ordinary jobs of five users.
pub(super) fn print_ordinary(lab: &Lab) -> Result<()> {
    let (two, three, five) = (lab.document(2)?, lab.document(3)?, lab.document(5)?);
    let duplex = ["-o", "sides=two-sided-long-edge", "-o", "media=A4"];
    lab.print("alice", "lab-mono", &["-t", "hello", &two])?;
    let quarterly = [&["-t", "Quarterly | \"draft\""][..], &duplex, &[&three]].concat();
    lab.print("alice", "lab-mono", &quarterly)?;
    let colored = ["-t", "chart", "-n", "2", "-o", "print-color-mode=color"];
    let colored = [&colored[..], &duplex, &[&five]].concat();
    lab.print("bob", "lab-colour", &colored)?;
    let billed = [
        "-t",
        "invoice",
        "-n",
        "3",
        "-o",
        "print-color-mode=monochrome",
        "-o",
        "job-billing=ACCT-42",
        &three,
    ];
    lab.print("CORP\\carol", "lab-colour", &billed)?;
    let number_up = ["-t", "Договор №5.docx", "-o", "number-up=2", &five];
    lab.print("дмитрий", "lab-mono", &number_up)?;
    lab.print("erin", "null-raw", &["-t", "raw", "-o", "raw", &three])?;
    lab.wait_until_printed()
}

/// What they are.
pub(super) fn ordinary() -> Vec<Transaction> {
    vec![
        job("alice", "hello", 2),
        duplex(job("alice", "Quarterly | \"draft\"", 3), 2),
        // Five pages twice; the blank back of each copy's last sheet is counted by CUPS.
        Transaction {
            copies: Some(2),
            ..in_color(duplex(job("bob", "chart", 12), 6))
        },
        Transaction {
            copies: Some(3),
            color: Some("monochrome".to_owned()),
            account: Some("ACCT-42".to_owned()),
            // The server takes the domain off, by the organization's rule.
            ..in_color(job("CORP\\carol", "invoice", 9))
        },
        job("дмитрий", "Договор №5.docx", 3),
        Transaction {
            queue: "null-raw".to_owned(),
            impressions: None,
            sheets: None,
            sides: None,
            ..job("erin", "raw", 0)
        },
    ]
}

/// Prints what breaks naive readers.
pub(super) fn print_edge(lab: &Lab) -> Result<()> {
    let (three, five) = (lab.document(3)?, lab.document(5)?);
    let long = "x".repeat(LONG);
    lab.print("mallory", "lab-mono", &["-t", FORGED, &three])?;
    lab.print("mallory", "lab-mono", &["-t", "tab\there", &three])?;
    lab.print("mal lory", "lab-mono", &["-t", &long, &three])?;
    lab.print("bob", "lab-colour", &["-t", "two files", &five, &three])?;
    let ranges = ["-t", "ranges", "-o", "page-ranges=2-3", &five];
    lab.print("bob", "lab-colour", &ranges)?;
    lab.print("hank", "lab-class", &["-t", "by class", &three])?;
    let canceled = lab.print("ivan", "held", &["-t", "never", "-o", "raw", &three])?;
    lab.tool("cancel", &["-u", "ivan", &canceled])?;
    lab.wait_until_printed()
}

/// What it is.
pub(super) fn edge() -> Vec<Transaction> {
    // Titles are kept to 255 characters, without control characters.
    let forged: String = FORGED.replace('\n', " ").chars().take(255).collect();
    vec![
        job("mallory", &forged, 3),
        job("mallory", "tab here", 3),
        job("mal lory", &"x".repeat(255), 3),
        in_color(job("bob", "two files", 8)),
        in_color(job("bob", "ranges", 2)),
        in_color(job("hank", "by class", 3)),
        Transaction {
            queue: "held".to_owned(),
            state: "canceled".to_owned(),
            sides: None,
            sheets: None,
            ..job("ivan", "never", 0)
        },
    ]
}
