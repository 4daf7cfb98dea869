//! Job tickets: what a program knows of a job that is to be printed, or was.

use platen_app::accounts::{AccountsRefusal, JobTicket};
use platen_domain::print_jobs::{ColorMode, Counts, JobFunction, Sides, derived_sheets};
use schemars::{JsonSchema, Schema};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::invalid;
use super::words::Word;

/// A job. Its sides are counted by `impressions`, or by `pages` times `copies`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "JobTicket", transform = counted)]
#[serde(deny_unknown_fields, expecting = "an object")]
pub(crate) struct JobTicketInput {
    /// What makes it; `print` unless stated.
    function: Option<Word<JobFunction>>,
    /// Sides to be marked for one copy.
    #[schemars(range(max = u32::MAX))]
    pages: Option<u32>,
    /// Copies; 1 unless stated.
    #[schemars(range(max = u32::MAX))]
    copies: Option<u32>,
    /// Sides to be marked, all copies together; `pages` times `copies` unless stated.
    #[schemars(range(max = u32::MAX))]
    impressions: Option<u32>,
    /// Of all sides, those in colour.
    #[schemars(range(max = u32::MAX))]
    color_impressions: Option<u32>,
    /// Colour as asked for.
    color_mode: Option<Word<ColorMode>>,
    /// Sides as asked for.
    sides: Option<Word<Sides>>,
    /// Sheets, all copies together; derived from the sides unless stated.
    #[schemars(range(max = u32::MAX))]
    sheets: Option<u32>,
    /// Media name (PWG 5101.1), such as `iso_a4_210x297mm`.
    media: Option<String>,
}

/// Pages or impressions are stated. No choice of forms: see [`super::points::points_or_job`].
fn counted(schema: &mut Schema) {
    let no_pages = json!({"properties": {"pages": {"type": "null"}}});
    schema.insert("if".to_owned(), no_pages);
    let impressions =
        json!({"properties": {"impressions": {"type": "integer"}}, "required": ["impressions"]});
    schema.insert("then".to_owned(), impressions);
}

impl JobTicketInput {
    /// The ticket.
    pub(super) fn read(self) -> Result<JobTicket, AccountsRefusal> {
        let copies = self.copies.unwrap_or(1);
        let impressions = match (self.impressions, self.pages) {
            (Some(impressions), _) => impressions,
            (None, Some(pages)) => pages
                .checked_mul(copies)
                .ok_or_else(|| invalid("job.pages", "pages times copies are too many"))?,
            (None, None) => {
                let reason = "state pages and copies, or impressions";
                return Err(invalid("job.pages", reason));
            }
        };
        if self.color_impressions > Some(impressions) {
            let reason = format!("more than all impressions, which are {impressions}");
            return Err(invalid("job.color_impressions", reason));
        }
        let sides = self.sides.map(|word| word.0);
        let counts = Counts {
            pages: self.pages,
            copies: Some(copies),
            impressions: Some(impressions),
            ..Counts::default()
        };
        Ok(JobTicket {
            function: self.function.map(|word| word.0).unwrap_or_default(),
            impressions,
            color_impressions: self.color_impressions,
            color_mode: self.color_mode.map(|word| word.0),
            sheets: self.sheets.or_else(|| derived_sheets(&counts, sides)),
            sides,
            media: self.media,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> Result<JobTicket, String> {
        let input: JobTicketInput =
            serde_json::from_str(json).map_err(|error| error.to_string())?;
        input.read().map_err(|refusal| refusal.to_string())
    }

    #[test]
    fn sides_and_sheets_follow_from_pages_and_copies() {
        let ticket = read(r#"{"pages":3,"copies":2,"sides":"two-sided"}"#).unwrap();
        assert_eq!((ticket.impressions, ticket.sheets), (6, Some(4)));
        assert_eq!(ticket.function, JobFunction::Print);
        let ticket = read(r#"{"impressions":5,"sheets":9}"#).unwrap();
        assert_eq!((ticket.impressions, ticket.sheets), (5, Some(9)));
        let ticket = read(r#"{"impressions":5}"#).unwrap();
        assert_eq!(
            ticket.sheets, None,
            "whether both sides are used is not known"
        );
    }

    #[test]
    fn a_job_without_sides_has_no_price() {
        let refused = |json: &str| read(json).unwrap_err();
        insta::assert_snapshot!(refused(r#"{"copies":2}"#), @"job.pages: state pages and copies, or impressions");
        insta::assert_snapshot!(refused(r#"{"pages":4294967295,"copies":2}"#), @"job.pages: pages times copies are too many");
        insta::assert_snapshot!(refused(r#"{"pages":1,"color_impressions":2}"#), @"job.color_impressions: more than all impressions, which are 1");
    }
}
