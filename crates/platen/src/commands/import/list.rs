//! `platen import list` and `platen import undo`.

use std::fmt::Write as _;

use jiff::tz::TimeZone;
use platen_domain::clock::Timestamp;
use platen_domain::imports::{Import, ImportState, ImportedFile, Undone};

use crate::cli::{OfOrganization, UndoImport};
use crate::opening::{self, with_app};
use crate::terminal::say;

pub(super) fn list(target: &OfOrganization) -> anyhow::Result<()> {
    with_app(&target.config.file, async |_, app| {
        let organization = opening::organization(&app, target.organization.as_deref()).await?;
        let zone = TimeZone::get(&organization.time_zone)?;
        let imports = app
            .printing()
            .imports(&app.access().operator(organization.id))
            .await?;
        if imports.is_empty() {
            let name = &organization.name;
            say(&format!("nothing was imported for {name:?} so far\n"));
        }
        for import in &imports {
            say(&text(import, &zone));
        }
        Ok(())
    })
}

pub(super) fn undo(options: &UndoImport) -> anyhow::Result<()> {
    with_app(&options.target.config.file, async |_, app| {
        let organization =
            opening::organization(&app, options.target.organization.as_deref()).await?;
        let operator = app.access().operator(organization.id);
        let undone = app
            .printing()
            .undo_import(&operator, options.number)
            .await?;
        say(&undone_text(&undone));
        let later = app.printing().imports(&operator).await?;
        say(&knew_its_jobs(&undone, &later));
        Ok(())
    })
}

/// One import, its files indented.
fn text(import: &Import, zone: &TimeZone) -> String {
    let (number, actor) = (import.number, &import.actor);
    let begun = local(import.begun_at, zone);
    let since = local(import.state_since, zone);
    let state = match import.state {
        ImportState::Begun => "interrupted, or under way: what it took in is kept".to_owned(),
        ImportState::Ended => "ended".to_owned(),
        ImportState::Undoing => {
            format!("half taken back; go on with: platen import undo {number}")
        }
        ImportState::Undone => format!("taken back on {since}: {}", counts(import.undone)),
    };
    let mut text = format!("import {number} of {begun} by {actor}, {state}\n");
    for file in &import.files {
        text.push_str(&file_line(file));
    }
    text
}

fn file_line(file: &ImportedFile) -> String {
    let mut line = format!("  {}", file.name);
    // Writing to a String cannot fail.
    if !file.kind.is_empty() {
        write!(line, " ({})", file.kind).ok();
    }
    if !file.whole && file.accepted + file.revised + file.duplicate == 0 {
        return line + ": refused whole\n";
    }
    write!(
        line,
        ": {} new, {} revised, {} known already, {} refused",
        file.accepted, file.revised, file.duplicate, file.refused
    )
    .ok();
    if !file.whole {
        line.push_str("; not read to its end");
    }
    line + "\n"
}

fn undone_text(import: &Import) -> String {
    let mut text = format!(
        "import {} taken back: {}\n",
        import.number,
        counts(import.undone)
    );
    if import.undone.kept > 0 {
        text.push_str(
            "  stays what another source or a later import has said something of since, and what \
             a program charged, refunded or held points for\n",
        );
    }
    text
}

fn counts(undone: Undone) -> String {
    let jobs = if undone.removed == 1 { "job" } else { "jobs" };
    format!(
        "{} {jobs} removed, {} as before it, {} left as they are",
        undone.removed, undone.reverted, undone.kept
    )
}

/// Later imports that found jobs known already: some of those may be gone now.
fn knew_its_jobs(undone: &Import, imports: &[Import]) -> String {
    let knew = |import: &&Import| {
        import.number > undone.number
            && import.state != ImportState::Undone
            && import.files.iter().any(|file| file.duplicate > 0)
    };
    let numbers: Vec<_> = imports
        .iter()
        .filter(knew)
        .map(|i| i.number.to_string())
        .collect();
    if numbers.is_empty() || undone.undone.removed == 0 {
        return String::new();
    }
    format!(
        "  later imports found jobs known already, some perhaps by this one: import their files \
         again (import {})\n",
        numbers.join(", ")
    )
}

fn local(at: Timestamp, zone: &TimeZone) -> String {
    let Ok(instant) = jiff::Timestamp::from_millisecond(at.as_millis()) else {
        return format!("{at:?}");
    };
    let local = zone.to_datetime(instant).strftime("%Y-%m-%d %H:%M:%S");
    format!("{local} {}", zone.to_offset(instant))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn import(number: u32, state: ImportState, duplicate: u64) -> Import {
        Import {
            number,
            actor: "operator".to_owned(),
            begun_at: Timestamp::from_millis(1_780_000_000_000),
            state,
            state_since: Timestamp::from_millis(1_780_000_060_000),
            undone: Undone {
                removed: 2,
                reverted: 1,
                kept: 3,
            },
            files: vec![ImportedFile {
                name: "page_log".to_owned(),
                kind: "page-log".to_owned(),
                accepted: 5,
                duplicate,
                whole: state != ImportState::Begun,
                ..ImportedFile::default()
            }],
        }
    }

    #[test]
    fn imports_are_told_for_people() {
        let states = [
            ImportState::Begun,
            ImportState::Ended,
            ImportState::Undoing,
            ImportState::Undone,
        ];
        let texts = states.map(|state| text(&import(7, state, 1), &TimeZone::UTC));
        insta::assert_snapshot!(texts.concat(), @r"
        import 7 of 2026-05-28 20:26:40 +00 by operator, interrupted, or under way: what it took in is kept
          page_log (page-log): 5 new, 0 revised, 1 known already, 0 refused; not read to its end
        import 7 of 2026-05-28 20:26:40 +00 by operator, ended
          page_log (page-log): 5 new, 0 revised, 1 known already, 0 refused
        import 7 of 2026-05-28 20:26:40 +00 by operator, half taken back; go on with: platen import undo 7
          page_log (page-log): 5 new, 0 revised, 1 known already, 0 refused
        import 7 of 2026-05-28 20:26:40 +00 by operator, taken back on 2026-05-28 20:27:40 +00: 2 jobs removed, 1 as before it, 3 left as they are
          page_log (page-log): 5 new, 0 revised, 1 known already, 0 refused
        ");
    }

    #[test]
    fn who_takes_back_hears_which_files_to_import_again() {
        let undone = import(2, ImportState::Undone, 0);
        insta::assert_snapshot!(undone_text(&undone), @r"
        import 2 taken back: 2 jobs removed, 1 as before it, 3 left as they are
          stays what another source or a later import has said something of since, and what a program charged, refunded or held points for
        ");
        let others = [
            import(5, ImportState::Ended, 0),
            import(4, ImportState::Ended, 1),
            import(3, ImportState::Undone, 1),
            import(1, ImportState::Ended, 1),
        ];
        let told = knew_its_jobs(&undone, &others);
        assert!(told.ends_with("(import 4)\n"), "{told}");
        assert_eq!(knew_its_jobs(&undone, &others[2..]), "");
    }
}
