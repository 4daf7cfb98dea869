//! Print jobs for who may not see names: pseudonyms in their place, the same ones under which an
//! organization that hashes names keeps them.

use std::collections::HashMap;

use platen_collect::privacy::{PersonalField, pseudonym};
use platen_domain::print_rows::{AccountNo, PrintNames, PrintRow, PrinterNames, PrinterNo, WordNo};
use platen_domain::privacy::PseudonymKey;
use platen_domain::source_job_ids::{SourceJobId, is_line_id};
use platen_report::block::BlockBuilder;
use platen_store::{Names, PrintPage};

/// Hides names behind an organization's pseudonyms.
pub(crate) struct Veil(PseudonymKey);

/// Names of a page with those of people hidden.
pub(crate) struct VeiledNames<'n> {
    names: &'n Names,
    hidden: HashMap<WordNo, String>,
}

impl Veil {
    pub(crate) const fn new(key: PseudonymKey) -> Self {
        Self(key)
    }

    /// The names of a page. A word is of one field, so its number is enough to tell whom to hide.
    pub(crate) fn names<'n>(&self, page: &'n PrintPage) -> VeiledNames<'n> {
        let names = page.names();
        let mut hidden = HashMap::new();
        let mut hide = |field, word: Option<WordNo>| {
            if let Some(word) = word
                && let Some(text) = names.word(word)
            {
                let entry = hidden.entry(word);
                entry.or_insert_with(|| pseudonym(&self.0, field, text));
            }
        };
        for row in page.rows() {
            hide(PersonalField::User, row.user);
            hide(PersonalField::Client, row.client);
        }
        VeiledNames { names, hidden }
    }

    /// The title of a job.
    pub(crate) fn document(&self, row: &PrintRow<'_>) -> Option<String> {
        let title = row.document?;
        Some(pseudonym(&self.0, PersonalField::Document, title))
    }

    /// The columns of a page.
    pub(crate) fn columns_of(&self, page: &PrintPage) -> Vec<u8> {
        let names = self.names(page);
        let mut builder = BlockBuilder::new(&names);
        for row in page.rows() {
            let document = self.document(&row);
            // An id made of a line tells by trial what the line said.
            let source_job = row
                .source_job
                .filter(|id| !matches!(id, SourceJobId::Text(text) if is_line_id(text)));
            builder.push(&PrintRow {
                document: document.as_deref(),
                source_job,
                ..row
            });
        }
        builder.finish()
    }
}

impl PrintNames for VeiledNames<'_> {
    fn word(&self, number: WordNo) -> Option<&str> {
        let hidden = self.hidden.get(&number).map(String::as_str);
        hidden.or_else(|| self.names.word(number))
    }

    fn printer(&self, number: PrinterNo) -> Option<&PrinterNames> {
        self.names.printer(number)
    }

    fn account_code(&self, number: AccountNo) -> Option<&str> {
        self.names.account_code(number)
    }

    fn currency(&self, price_version: u32) -> Option<&str> {
        self.names.currency(price_version)
    }
}
