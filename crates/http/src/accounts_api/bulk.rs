//! `POST /accounts/v1/bulk`: many accounts, limits, access entries, users and members at once, one
//! a line (NDJSON).

use bytes::Bytes;
use http::HeaderValue;
use http::StatusCode;
use http::header::CONTENT_TYPE;
use platen_app::accounts::{BULK_LINES_MAX, BulkAnswer, BulkLine, BulkMode, BulkResult};
use platen_app::operation::idempotency::Answered;

use super::idempotency::{self, once};
use super::json_body;
use super::query::Query;
use super::refusals;
use super::wire::bulk::{LineAnswer, LineError, LineInput, Summary};
use crate::answers::Answer;
use crate::openapi::{NDJSON, OCTETS};
use crate::policy::TokenContext;
use crate::problem_kinds;
use crate::problems::Problem;

pub(super) const ALL: &str = "/accounts/v1/bulk";

/// What lines are sent as. The answer has the type of the request.
const TYPES: [&str; 2] = [NDJSON, OCTETS];

/// One line of an account with the longest texts and some to spare; ten thousand ordinary lines
/// are 2 MiB.
pub(super) const BULK_OCTETS: usize = 16 * 1024 * 1024;

/// `POST /accounts/v1/bulk`
pub(super) async fn run(context: TokenContext) -> Result<Answer, Problem> {
    let (server, call, scope) = context.into_parts();
    let query = Query::read(&call, &["dry_run", "all_or_nothing"])?;
    let mode = BulkMode {
        dry_run: query.flag("dry_run")?,
        all_or_nothing: query.flag("all_or_nothing")?,
    };
    let media_type = json_body::check_type(&call, &TYPES)?;
    let body = call.body.clone();
    let read = tokio::task::spawn_blocking(move || lines(&body));
    let (numbers, lines) = read.await.map_err(|_panic| Problem::internal())??;
    let once = once(&call, ALL, move |result: &BulkResult| {
        told(&numbers, mode, result)
    })?;
    let done = server
        .app
        .accounts()
        .bulk(&scope, lines, mode, once)
        .await?;
    let mut answer = idempotency::answer(status(&done), done);
    let media_type = HeaderValue::from_static(media_type);
    answer.headers_mut().insert(CONTENT_TYPE, media_type);
    Ok(answer)
}

/// The lines that are not blank, and their numbers.
fn lines(body: &Bytes) -> Result<(Vec<usize>, Vec<BulkLine>), Problem> {
    let lines = (1..).zip(body.split(|octet| *octet == b'\n'));
    let lines = lines.filter(|(_, line)| !line.trim_ascii().is_empty());
    let lines: Vec<_> = lines.take(BULK_LINES_MAX + 1).collect();
    match lines.len() {
        0 => Err(problem_kinds::BAD_JSON.because(
            "The request has no lines. Expected one JSON object a line, such as \
             {\"account\":{\"code\":\"BIO-101\",\"name\":\"Biology 101\"}}.",
        )),
        count if count > BULK_LINES_MAX => Err(problem_kinds::TOO_MANY_LINES.told()),
        _ => Ok(lines
            .into_iter()
            .map(|(number, text)| (number, line(text)))
            .unzip()),
    }
}

fn line(text: &[u8]) -> BulkLine {
    let read = json_body::decode::<LineInput>(text);
    let read = read.and_then(|input| input.read().map_err(Problem::from));
    read.unwrap_or_else(|problem| BulkLine::Unreadable(problem.detail.into_owned()))
}

const fn status(answered: &Answered) -> StatusCode {
    if answered.is_refused {
        StatusCode::UNPROCESSABLE_ENTITY
    } else {
        StatusCode::OK
    }
}

/// A line about each line, and one about all of them.
fn told(numbers: &[usize], mode: BulkMode, result: &BulkResult) -> Answered {
    let mut summary = Summary {
        applied: result.applied,
        dry_run: mode.dry_run,
        ..Summary::default()
    };
    let mut body = Vec::new();
    for (number, answer) in numbers.iter().zip(&result.answers) {
        summary.count(answer);
        write(&mut body, &line_answer(*number, answer));
    }
    write(&mut body, &summary);
    Answered {
        id: None,
        revision: None,
        document: body,
        is_refused: !result.applied && !mode.dry_run,
        replayed: false,
    }
}

fn write(body: &mut Vec<u8>, document: &impl serde::Serialize) {
    // Our own structures of texts and numbers always have a JSON form.
    body.extend(serde_json::to_vec(document).unwrap_or_default());
    body.push(b'\n');
}

fn line_answer(line: usize, answer: &BulkAnswer) -> LineAnswer {
    let error = answer.outcome.as_ref().err().map(|refusal| {
        let problem = refusals::told(refusal);
        LineError {
            code: problem.code,
            detail: problem.detail.into_owned(),
        }
    });
    LineAnswer {
        line,
        outcome: answer.outcome.as_ref().map_or("failed", |outcome| *outcome),
        account: answer.account.map(|id| id.to_string()),
        error,
    }
}

impl Summary {
    fn count(&mut self, answer: &BulkAnswer) {
        let counter = match answer.outcome {
            Ok("created") => &mut self.created,
            Ok("updated") => &mut self.updated,
            Ok(_) => &mut self.unchanged,
            Err(_) => &mut self.failed,
        };
        *counter += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use platen_app::accounts::AccountsRefusal;
    use platen_domain::ids::AccountId;

    #[test]
    fn blank_lines_count_and_are_not_answered() {
        let body = "{\"user\":{\"name\":\"ada\"}}\r\n\n{\"user\":7}\nnonsense\n";
        let (numbers, lines) = lines(&body.into()).unwrap();
        assert_eq!(numbers, [1, 3, 4]);
        assert!(matches!(lines[0], BulkLine::User(_)));
        insta::assert_debug_snapshot!(&lines[1..], @r#"
        [
            Unreadable(
                "user: invalid type: integer `7`, expected an object.",
            ),
            Unreadable(
                "The body is no JSON: expected ident at line 1 column 2.",
            ),
        ]
        "#);
    }

    #[test]
    fn the_number_of_lines_is_limited() {
        let code = |body: String| lines(&body.into()).map(|_| ()).map_err(|p| p.code);
        assert_eq!(code("\n \n".to_owned()), Err("bad-json"));
        assert_eq!(code("x\n".repeat(BULK_LINES_MAX)), Ok(()));
        assert_eq!(
            code("x\n".repeat(BULK_LINES_MAX + 1)),
            Err("too-many-lines")
        );
    }

    #[test]
    fn each_line_is_answered_and_all_of_them_at_the_end() {
        let answer = |outcome| BulkAnswer {
            account: Some(AccountId::from_bytes([1; 16])),
            outcome,
        };
        let failed = BulkAnswer {
            account: None,
            outcome: Err(AccountsRefusal::NotFound("account")),
        };
        let result = BulkResult {
            answers: vec![answer(Ok("created")), failed, answer(Ok("unchanged"))],
            applied: true,
        };
        let answered = told(&[1, 3, 4], BulkMode::default(), &result);
        assert_eq!(status(&answered), StatusCode::OK);
        insta::assert_snapshot!(String::from_utf8(answered.document).unwrap(), @r#"
        {"line":1,"outcome":"created","account":"01010101-0101-0101-0101-010101010101","error":null}
        {"line":3,"outcome":"failed","account":null,"error":{"code":"not-found","detail":"There is no such account."}}
        {"line":4,"outcome":"unchanged","account":"01010101-0101-0101-0101-010101010101","error":null}
        {"applied":true,"dry_run":false,"created":1,"updated":0,"unchanged":1,"failed":1}
        "#);
        let refused = BulkResult {
            answers: Vec::new(),
            applied: false,
        };
        let mode = BulkMode {
            all_or_nothing: true,
            ..BulkMode::default()
        };
        let unprocessable = StatusCode::UNPROCESSABLE_ENTITY;
        assert_eq!(status(&told(&[], mode, &refused)), unprocessable);
        let dry = BulkMode {
            dry_run: true,
            ..mode
        };
        assert_eq!(status(&told(&[], dry, &refused)), StatusCode::OK);
    }
}
