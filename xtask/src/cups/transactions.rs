//! What was printed, and whether a report says so.
//!
//! A list of transactions may come from the collector or, one day, from a report: it is compared
//! by the same function.

use platen_domain::print_jobs::PrintRecord;

/// What a report must say of one job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Transaction {
    /// Whose it is.
    pub(crate) user: String,
    /// Title.
    pub(crate) document: String,
    /// Queue that printed it.
    pub(crate) queue: String,
    /// How it ended.
    pub(crate) state: String,
    /// Sides marked.
    pub(crate) impressions: Option<u32>,
    /// Sheets.
    pub(crate) sheets: Option<u32>,
    /// Copies.
    pub(crate) copies: Option<u32>,
    /// Sides as asked for.
    pub(crate) sides: Option<String>,
    /// Colour as asked for.
    pub(crate) color: Option<String>,
    /// Account.
    pub(crate) account: Option<String>,
}

impl Transaction {
    /// What a record says.
    pub(crate) fn of(record: &PrintRecord) -> Self {
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        Self {
            user: text(&record.user),
            document: text(&record.document),
            queue: text(&record.queue),
            state: record.state.keyword().to_owned(),
            impressions: record.counts.impressions,
            sheets: record.counts.sheets,
            copies: record.counts.copies,
            sides: record.sides.map(|sides| sides.keyword().to_owned()),
            color: record.color_mode.map(|color| color.keyword().to_owned()),
            account: record.account.clone(),
        }
    }

    /// One row of the table.
    fn row(&self) -> String {
        let number = |count: Option<u32>| count.map_or("-".to_owned(), |n| n.to_string());
        let word = |word: &Option<String>| word.clone().unwrap_or_else(|| "-".to_owned());
        let title: String = self.document.chars().take(24).collect();
        format!(
            "{:<10} {:<10} {:<24} {:<10} {:>5} {:>6} {:>6} {:<20} {:<10} {}",
            self.queue,
            self.user,
            title,
            self.state,
            number(self.impressions),
            number(self.sheets),
            number(self.copies),
            word(&self.sides),
            word(&self.color),
            word(&self.account),
        )
    }
}

/// The table's head.
fn head() -> String {
    format!(
        "      {:<10} {:<10} {:<24} {:<10} {:>5} {:>6} {:>6} {:<20} {:<10} {}",
        "queue",
        "user",
        "document",
        "state",
        "sides",
        "sheets",
        "copies",
        "duplex",
        "color",
        "account"
    )
}

/// The comparison, as a table and as a count of those that are right.
pub(crate) struct Comparison {
    /// Lines for people.
    pub(crate) table: Vec<String>,
    /// How many were found as expected.
    pub(crate) right: usize,
}

/// Compares what was `found` with what was `expected`. A transaction is found by its queue, user
/// and title; each is there once.
pub(crate) fn compare(expected: &[Transaction], found: &[Transaction]) -> Comparison {
    let mut comparison = Comparison {
        table: vec![head()],
        right: 0,
    };
    for wanted in expected {
        let same = |there: &&Transaction| {
            (&there.queue, &there.user, &there.document)
                == (&wanted.queue, &wanted.user, &wanted.document)
        };
        let there: Vec<&Transaction> = found.iter().filter(same).collect();
        if there == [wanted] {
            comparison.right += 1;
            comparison.table.push(format!("ok    {}", wanted.row()));
            continue;
        }
        comparison.table.push(format!("WRONG {}", wanted.row()));
        if there.is_empty() {
            comparison
                .table
                .push("found nothing of the kind".to_owned());
        }
        let rows = there.iter().map(|there| format!("found {}", there.row()));
        comparison.table.extend(rows);
    }
    comparison
}

#[cfg(test)]
mod tests {
    use super::*;

    fn transaction(user: &str, sheets: Option<u32>) -> Transaction {
        Transaction {
            user: user.to_owned(),
            document: "report".to_owned(),
            queue: "mono".to_owned(),
            state: "completed".to_owned(),
            impressions: Some(3),
            sheets,
            copies: Some(1),
            sides: None,
            color: None,
            account: None,
        }
    }

    #[test]
    fn a_wrong_count_a_missing_job_and_a_double_one_are_not_right() {
        let expected = ["a", "b", "c", "d"].map(|user| transaction(user, Some(2)));
        let found = [
            transaction("a", Some(2)),
            transaction("b", None),
            transaction("d", Some(2)),
            transaction("d", Some(2)),
        ];
        let comparison = compare(&expected, &found);
        assert_eq!(comparison.right, 1);
        let wrong = comparison
            .table
            .iter()
            .filter(|row| row.starts_with("WRONG"));
        assert_eq!(wrong.count(), 3);
    }
}
