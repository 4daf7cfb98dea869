//! What is printed: programs, and titles as those programs give them.

use super::digits::push_digits;
use super::draws::Draws;

/// Programs with the ending their titles have, by share of jobs: a fifth of the volume comes
/// from browsers and e-mail (Print Audit 2013).
const PROGRAMS: [(Program, u32); 6] = [
    (Program("Microsoft Word", ".docx"), 30),
    (Program("Adobe Acrobat", ".pdf"), 27),
    (Program("Microsoft Excel", ".xlsx"), 15),
    (Program("Microsoft Outlook", ""), 12),
    (Program("Google Chrome", ""), 11),
    (Program("Microsoft PowerPoint", ".pptx"), 5),
];

/// Of all titles, those outside ASCII, and those with characters that JSON and CSV escape.
const SPELLINGS: [(&[&str], u32); 3] = [(&PLAIN, 90), (&INTERNATIONAL, 7), (&AWKWARD, 3)];

const PLAIN: [&str; 24] = [
    "Invoice",
    "Purchase order",
    "Meeting minutes",
    "Travel request",
    "Course handout",
    "Lab report",
    "Delivery note",
    "Contract draft",
    "Timetable",
    "Project plan",
    "Customer letter",
    "Data sheet",
    "Exam",
    "Newsletter",
    "Budget",
    "Presentation",
    "Inventory list",
    "Floor plan",
    "Thesis chapter",
    "Boarding pass",
    "Recipe",
    "Safety instruction",
    "Quarterly review of the regional offices",
    "Scan",
];
const INTERNATIONAL: [&str; 10] = [
    "Übersicht Prüfungen",
    "Relevé détaillé",
    "Cotización año",
    "Årsrapport för föreningen",
    "Zaświadczenie",
    "Расписание занятий",
    "Τιμολόγιο",
    "会議資料",
    "报价单",
    "Angebot – Straßenfest",
];
const AWKWARD: [&str; 6] = [
    r#"Draft "final", version"#,
    r"C:\Users\Public\Documents\Report",
    r"\\files\scans\Page",
    "=HYPERLINK(\"x\") from web form",
    "Q&A <notes> 'team'",
    "Agenda\u{2028}item",
];

/// A program, and how the names of its files end.
#[derive(Debug)]
struct Program(&'static str, &'static str);

/// A title and the program that made it.
pub(super) fn document(draws: &mut Draws) -> (String, &'static str) {
    let program = draws.weighted(&PROGRAMS);
    let Program(program, ending) = program.unwrap_or(&Program("", ""));
    let stems = draws.weighted(&SPELLINGS).copied().unwrap_or_default();
    let stem = draws.pick(stems).copied().unwrap_or_default();
    let number = draws.below(1_000_000);
    let mut title = String::with_capacity(stem.len() + ending.len() + 7);
    title.push_str(stem);
    title.push(' ');
    push_digits(&mut title, number, 0);
    title.push_str(ending);
    (title, program)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tenth_of_the_titles_needs_care() {
        let mut draws = Draws::of(&[1]);
        let titles = (0..10_000).map(|_| document(&mut draws).0);
        let careful = titles.filter(|title| !title.is_ascii() || title.contains(['"', '\\', '\'']));
        let careful = careful.count();
        assert!((900..1_100).contains(&careful), "{careful} of 10,000");
    }
}
