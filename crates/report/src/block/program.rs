//! What a row is written of: a layout and a format, turned into the steps of every row.

use crate::encode::{Format, JSON_SEPARATOR, csv, json};
use crate::print_jobs::{Field, PrintLayout};

use super::groups::{Group, Place, RowValue};

/// One step of writing a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Step {
    /// These octets.
    Literal(Vec<u8>),
    /// The value that is the row's own.
    Value(RowValue),
    /// A run of columns, by the places of its group and of itself within the group.
    Run { group: usize, run: usize },
}

/// Neighbouring columns of one group, which are the same octets for all rows of a tuple.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Run {
    /// Each column with what stands before its value.
    pub(super) columns: Vec<(Vec<u8>, Field)>,
    /// What stands behind the last value.
    pub(super) tail: Vec<u8>,
}

/// The steps of a row. In JSON each row begins with what separates it from the one before.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Program {
    pub(super) steps: Vec<Step>,
    /// The runs by their groups.
    pub(super) groups: Vec<(Group, Vec<Run>)>,
}

impl Program {
    pub(super) fn new(layout: &PrintLayout, format: Format) -> Self {
        let names = layout.columns().map(|(name, _)| name);
        let mut before: Vec<Vec<u8>> = match format {
            Format::Json | Format::Ndjson => json::keys(names),
            Format::Csv => names.enumerate().map(|(at, _)| csv_before(at)).collect(),
        };
        if let (Format::Json, Some(first)) = (format, before.first_mut()) {
            *first = [JSON_SEPARATOR, first].concat();
        }
        let mut program = Self::default();
        for (before, (_, column)) in before.into_iter().zip(layout.columns()) {
            match column.value.place() {
                Place::Row(value) => {
                    program.literal(before);
                    program.steps.push(Step::Value(value));
                }
                Place::Group(group) => program.column(group, before, column.value),
            }
        }
        program.literal(Vec::from(match format {
            Format::Json => b"}",
            Format::Ndjson => &b"}\n"[..],
            Format::Csv => csv::END,
        }));
        program
    }

    /// Octets that go with the run before them, where there is one.
    fn literal(&mut self, octets: Vec<u8>) {
        match self.last_run() {
            Some((_, run)) => run.tail.extend(octets),
            None => self.steps.push(Step::Literal(octets)),
        }
    }

    /// The run that the last step writes, with its group.
    fn last_run(&mut self) -> Option<(Group, &mut Run)> {
        let Some(Step::Run { group, run }) = self.steps.last() else {
            return None;
        };
        let (group, runs) = self.groups.get_mut(*group)?;
        Some((*group, runs.get_mut(*run)?))
    }

    /// Puts a column of this group into the last run or, where that is another group's, into a
    /// new one.
    fn column(&mut self, group: Group, before: Vec<u8>, field: Field) {
        if let Some((last, run)) = self.last_run()
            && last == group
        {
            run.columns.push((before, field));
            return;
        }
        let run = Run {
            columns: vec![(before, field)],
            tail: Vec::new(),
        };
        let place = self.groups.iter().position(|(known, _)| *known == group);
        let place = place.unwrap_or_else(|| {
            self.groups.push((group, Vec::new()));
            self.groups.len() - 1
        });
        if let Some((_, runs)) = self.groups.get_mut(place) {
            self.steps.push(Step::Run {
                group: place,
                run: runs.len(),
            });
            runs.push(run);
        }
    }
}

fn csv_before(column: usize) -> Vec<u8> {
    Vec::from(if column == 0 { &b""[..] } else { b"," })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::column_map::ColumnMap;
    use crate::print_jobs::PrintJobs;
    use std::fmt::Write as _;

    fn steps(map: &ColumnMap, format: Format) -> String {
        let program = Program::new(&PrintLayout::new(PrintJobs, map).unwrap(), format);
        let mut text = String::new();
        for step in &program.steps {
            match step {
                Step::Literal(octets) => writeln!(text, "{}", String::from_utf8_lossy(octets)),
                Step::Value(value) => writeln!(text, "<{value:?}>"),
                Step::Run { group, run } => {
                    let (group, runs) = &program.groups[*group];
                    let run = &runs[*run];
                    let columns: Vec<_> = run.columns.iter().map(|(_, field)| field).collect();
                    let tail = String::from_utf8_lossy(&run.tail);
                    writeln!(text, "<{group:?}: {columns:?}>{tail}")
                }
            }
            .unwrap();
        }
        text
    }

    #[test]
    fn neighbours_of_a_group_are_one_step() {
        insta::assert_snapshot!(steps(&ColumnMap::default(), Format::Json), @r#"
        ,
        {"CompletedAt":
        <CompletedAt>
        ,"SubmittedAt":
        <SubmittedAt>
        <How: [TimeQuality]>
        <Who: [UserName, UserDomain, Account, ClientName]>
        <Document: [Document]>
        <Application: [Application]>
        <Printer: [QueueName, SerialNumber, Manufacturer, Model, Location, DeviceId]>
        <How: [JobType, JobState]>
        <Counts: [Pages, Copies, Impressions, ImpressionsMono, ImpressionsColor, Sheets]>
        <How: [SheetsQuality, ColorMode, Sides, PaperSize]>,"Bytes":
        <Bytes>
        <Counts: [Cost, Currency]>
        <How: [CountEvidence, Remarks]>
        <Counts: [PaperGrams, Co2Grams]>
        <Printer: [Source]>
        <How: [Revision]>,"TransactionId":
        <TransactionId>
        <SourceJob: [SourceJobId]>
        <Who: [ChargedAccount]>}
        "#);
    }
}
