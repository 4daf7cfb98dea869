//! What the first lines of a log tell of their form.

use super::*;

const AT: &str = "[02/Oct/2026:15:01:38 +0000]";

/// The words of the form that these lines tell, or the question they leave; `T` is the time.
fn told(lines: &[&str]) -> String {
    let mut recogniser = Recogniser::default();
    for (number, line) in (1..).zip(lines) {
        let line = line.replacen(" T ", &format!(" {AT} "), 1);
        let line = line.replacen(",T,", &format!(",{AT},"), 1);
        if let Some(told) = recogniser.line(number, line.as_bytes()) {
            return shown(told);
        }
    }
    recogniser.end().map_or("nothing".to_owned(), shown)
}

fn shown(told: Result<Recognised, FormQuestion>) -> String {
    match told {
        Ok(recognised) => recognised.words(),
        Err(question) => format!("? {question}").replace(AT, "T"),
    }
}

const STANDARD_WORDS: &str = "printer user job time page count account computer title media sides";

#[test]
fn the_forms_of_every_cups_need_one_line() {
    let words = |line| told(&[line]);
    assert_eq!(
        words("hall rita 7 T 1 1 "),
        "printer user job time page count account"
    );
    assert_eq!(
        words("hall rita 7 T 1 1"),
        "printer user job time page count"
    );
    assert_eq!(
        words("hall rita 7 T 1 3 #marketing"),
        "printer user job time page count account"
    );
    assert_eq!(
        words("hall rita 7 T 1 3 - localhost"),
        "printer user job time page count account computer"
    );
    assert_eq!(
        words("hall rita 7 T total 3 - ws17 A b c - -"),
        STANDARD_WORDS
    );
    assert_eq!(
        words("hall rita 7 T total 3 4711 10.0.0.5 A b c A4 one-sided"),
        STANDARD_WORDS
    );
    let quoted = "Nov 30 17:50:13 p cupsd[8]: \"hall rita 7 T total 3 - ws17 A b c - -\"";
    assert_eq!(words(quoted), STANDARD_WORDS);
}

#[test]
fn counts_are_no_account_and_no_computer() {
    // With impressions and sheets before the title.
    let lines = [
        "hall rita 12 T total 4 4 2 test report.txt A4 two-sided-long-edge",
        "hall olga 13 T total 1 1 1 a.txt A4 one-sided",
    ];
    let words = "printer user job time page count impressions - title media sides";
    assert_eq!(told(&lines), words);
    // A title of two words and a count before it look like account and computer.
    let lines = [
        "hall rita 12 T total 4 4 test report.txt A4 one-sided",
        "hall rita 13 T total 2 2 my report.txt A4 one-sided",
    ];
    insta::assert_snapshot!(told(&lines), @r#"
    ? line 1 can be read in more than one way: hall rita 12 T total 4 4 test report.txt A4 one-sided
      '%p %u %j %T %P %C %{job-billing} %{job-originating-host-name} %{job-name} %{media} %{sides}' reads: printer "hall", user "rita", job "12", page "total", count "4", account "4", computer "test", title "report.txt", media "A4", sides "one-sided"
      '%p %u %j %T %P %C %{job-impressions-completed} %{job-name} %{media} %{sides}' reads: printer "hall", user "rita", job "12", page "total", count "4", impressions "4", title "test report.txt", media "A4", sides "one-sided"
      say what PageLogFormat in cupsd.conf says: --page-log-format '%p %u %j %T %P %C %{job-billing} %{job-originating-host-name} %{job-name} %{media} %{sides}', or in a section format = "…"
    "#);
    // So does a title of one word.
    let lines = [
        "hall rita 12 T total 3 my report.docx",
        "hall bob 13 T total 1 x.docx",
    ];
    assert_eq!(told(&lines), "printer user job time page count title");
    let lines = [
        "hall rita 12 T total 4 4 test report.txt A4 one-sided",
        "hall rita 13 T total 2 2 my report.txt A4 one-sided",
    ];
    // One line of another shape tells.
    let more = [
        lines[0],
        lines[1],
        "hall olga 14 T total 1 1 a.txt A4 one-sided",
    ];
    assert_eq!(
        told(&more),
        "printer user job time page count impressions title media sides"
    );
}

#[test]
fn other_orders_are_worked_out_or_asked_for() {
    assert_eq!(
        told(&[
            "hall,12,T,total,6,Plan, part 2,one-sided",
            "hall,13,T,total,1,a,one-sided"
        ]),
        "printer job time page count title sides"
    );
    let lines = [
        "12 CORP\\rita hall T total 3 - ws17 A b c - -",
        "13 rita hall T total 3 - ws17 A b c - -",
    ];
    assert_eq!(told(&lines), "job user printer time page count - title - -");
    insta::assert_snapshot!(told(&["12 hall rita T total 3 one-sided"]), @r#"
    ? line 1 can be read in more than one way: 12 hall rita T total 3 one-sided
      '%j %p %u %T %P %C %{sides}' reads: job "12", printer "hall", user "rita", page "total", count "3", sides "one-sided"
      '%j %u %p %T %P %C %{sides}' reads: job "12", user "hall", printer "rita", page "total", count "3", sides "one-sided"
      say what PageLogFormat in cupsd.conf says: --page-log-format '%j %p %u %T %P %C %{sides}', or in a section format = "…"
    "#);
    insta::assert_snapshot!(told(&["job=12 printer=hall T total 3"]), @r#"
    ? line 1 is in no form of page_log that is known: job=12 printer=hall T total 3
      say what PageLogFormat in cupsd.conf says: --page-log-format '%p %u %j %T %P %C %{job-billing} %{job-originating-host-name} %{job-name} %{media} %{sides}', or in a section format = "…"
    "#);
}

#[test]
fn a_user_with_a_blank_is_no_prefix_and_a_prefix_no_user() {
    let plain = "hall rita 8 T total 3 - - Flyer - -";
    let blank = "hall Front Desk 7 T total 3 - - Flyer - -";
    assert_eq!(told(&[blank, plain]), STANDARD_WORDS);
    assert_eq!(
        told(&[blank, "lobby Night Desk 9 T total 3 - - Flyer - -"]),
        STANDARD_WORDS
    );
    let prefixed = [
        "x hall rita 7 T total 3 - - Flyer - -",
        "x lobby olga 8 T total 3 - - Flyer - -",
    ];
    insta::assert_snapshot!(told(&prefixed), @r#"
    ? line 1 cannot be read with certainty: x hall rita 7 T total 3 - - Flyer - -
      '%p %u %j %T %P %C %{job-billing} %{job-originating-host-name} %{job-name} %{media} %{sides}' reads: printer "x", user "hall rita", job "7", page "total", count "3", title "Flyer"
      say what PageLogFormat in cupsd.conf says: --page-log-format '%p %u %j %T %P %C %{job-billing} %{job-originating-host-name} %{job-name} %{media} %{sides}', or in a section format = "…"
    "#);
}

#[test]
fn what_has_no_time_tells_nothing() {
    assert_eq!(told(&["hello", "", "[x] total 3"]), "nothing");
}

#[test]
fn a_form_reads_back() {
    for format in [
        STANDARD[1],
        RECOMMENDED,
        "%j %u %p %T %P %C %{-} %{job-name}",
    ] {
        let read = Recogniser::recognised(format).unwrap();
        assert_eq!(read.to_text(), format);
        assert_eq!(
            read.form == Form::Known,
            format != "%j %u %p %T %P %C %{-} %{job-name}"
        );
    }
}
