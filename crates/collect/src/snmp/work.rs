//! What of a query is still open, what to ask next, and what an answer settles.
//!
//! Pure bookkeeping: nothing here waits or sends, so every oddity of an agent can be tested by
//! handing in the answer it would give.

use super::abilities::Abilities;
use super::answers::Answers;
use super::oid::Oid;
use super::pdu::{Binding, ErrorStatus, Operation, Pdu};
use super::query::{Column, Query};
use super::value::Value;

/// Rows asked of a column of unknown length at first: most tables of a printer end before.
const FIRST_ROWS: usize = 8;

/// Most rows asked at once; more only makes agents fail.
const MAX_REPETITIONS: usize = 25;

/// Most objects in one `GET`: agents with a limit have been seen to fail above some tens.
const GET_OBJECTS: usize = 32;

/// A query being answered.
#[derive(Debug)]
pub(crate) struct Work<'q> {
    objects: Vec<ObjectWork<'q>>,
    columns: Vec<ColumnWork<'q>>,
}

#[derive(Debug)]
struct ObjectWork<'q> {
    oid: &'q Oid,
    state: ObjectState,
    value: Option<Value>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum ObjectState {
    /// To be asked.
    Open,
    /// To be asked by `GET`: something stands between it and its predecessor.
    OnlyByGet,
    /// Answered, or known to be absent.
    Settled,
}

#[derive(Debug)]
struct ColumnWork<'q> {
    oid: &'q Oid,
    /// Rows still to come; `None` for a column of unknown length.
    left: Option<u16>,
    rows: Vec<Binding>,
    open: bool,
}

/// What a variable binding of a request is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Item {
    Object(usize),
    Column(usize),
}

/// The next request.
#[derive(Debug)]
pub(crate) struct Plan {
    operation: Operation,
    items: Vec<Item>,
}

/// What came of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    /// Something was settled.
    Progress,
    /// The device wants to be asked for less.
    TooMuch,
    /// The device's `GETBULK` repeats itself or goes backwards.
    NotIncreasing,
}

impl Plan {
    /// How many bindings its answer has when the device cuts nothing.
    pub(crate) fn expected(&self) -> usize {
        let asked = self.items.len();
        match self.operation {
            Operation::GetBulk {
                non_repeaters,
                max_repetitions,
            } => {
                let once = usize::from(non_repeaters).min(asked);
                once + (asked - once) * usize::from(max_repetitions)
            }
            _ => asked,
        }
    }

    /// The items that come once per repetition.
    fn repeating(&self) -> &[Item] {
        let Operation::GetBulk { non_repeaters, .. } = self.operation else {
            return &[];
        };
        self.items.get(usize::from(non_repeaters)..).unwrap_or(&[])
    }
}

impl<'q> Work<'q> {
    pub(crate) fn new(query: &'q Query) -> Self {
        let object = |oid| ObjectWork {
            oid,
            state: ObjectState::Open,
            value: None,
        };
        let column = |column: &'q Column| ColumnWork {
            oid: &column.oid,
            left: column.rows,
            rows: Vec::with_capacity(usize::from(column.rows.unwrap_or(0)).min(MAX_REPETITIONS)),
            open: column.rows != Some(0),
        };
        Self {
            objects: query.objects.iter().map(object).collect(),
            columns: query.columns.iter().map(column).collect(),
        }
    }

    /// The next request that suits the device; `None` when all is settled.
    pub(crate) fn plan(&self, abilities: &Abilities) -> Option<Plan> {
        let bulk = abilities
            .bulk()
            .then(|| self.plan_bulk(abilities.bindings()));
        bulk.flatten()
            .or_else(|| self.plan_single(abilities.bindings()))
    }

    /// The smallest request of this query: what even a humble device answers.
    pub(crate) fn plan_probe(&self) -> Option<Plan> {
        self.plan_single(1)
    }

    /// One `GETBULK` for scalars and columns together. Columns with a single row are asked as
    /// scalars are: once.
    fn plan_bulk(&self, budget: usize) -> Option<Plan> {
        let (mut once, mut many) = (self.open_objects(ObjectState::Open), Vec::new());
        for (index, column) in self.open_columns() {
            if column.left == Some(1) {
                once.push(Item::Column(index));
            } else {
                many.push((index, column));
            }
        }
        if many.is_empty() && !once.iter().any(|item| matches!(item, Item::Column(_))) {
            return None;
        }
        once.truncate(budget);
        let room = budget - once.len();
        let share = room.checked_div(many.len()).unwrap_or(0);
        let rows = many.iter().map(|(_, column)| column.wanted_rows(share));
        let rows = rows.max().unwrap_or(0).min(room);
        let columns = room.checked_div(rows).unwrap_or(0);
        let many = many.into_iter().take(columns);
        let non_repeaters = u16::try_from(once.len()).ok()?;
        let items: Vec<Item> = once
            .into_iter()
            .chain(many.map(|(index, _)| Item::Column(index)))
            .collect();
        let operation = if items.len() == usize::from(non_repeaters) {
            Operation::GetNext
        } else {
            Operation::GetBulk {
                non_repeaters,
                max_repetitions: u16::try_from(rows).ok()?,
            }
        };
        Some(Plan { operation, items })
    }

    /// `GET` for objects, then `GETNEXT` for columns, one row a message.
    fn plan_single(&self, budget: usize) -> Option<Plan> {
        let mut objects = self.open_objects(ObjectState::Open);
        objects.extend(self.open_objects(ObjectState::OnlyByGet));
        let (operation, mut items) = if objects.is_empty() {
            let columns = self.open_columns().map(|(index, _)| Item::Column(index));
            (Operation::GetNext, columns.collect())
        } else {
            (Operation::Get, objects)
        };
        items.truncate(budget.min(GET_OBJECTS));
        (!items.is_empty()).then_some(Plan { operation, items })
    }

    fn open_objects(&self, state: ObjectState) -> Vec<Item> {
        let objects = self.objects.iter().enumerate();
        objects
            .filter(|(_, object)| object.state == state)
            .map(|(index, _)| Item::Object(index))
            .collect()
    }

    fn open_columns(&self) -> impl Iterator<Item = (usize, &ColumnWork<'q>)> {
        let columns = self.columns.iter().enumerate();
        columns.filter(|(_, column)| column.open)
    }

    /// The request a plan stands for.
    pub(crate) fn request(&self, plan: &Plan, request_id: i32) -> Pdu {
        let oid = |item: &Item| match *item {
            Item::Object(index) => self.objects.get(index).map(|object| match plan.operation {
                Operation::Get => object.oid.clone(),
                _ => object.oid.predecessor(),
            }),
            Item::Column(index) => self
                .columns
                .get(index)
                .map(|column| column.cursor().clone()),
        };
        let bindings = plan.items.iter().filter_map(oid);
        Pdu {
            operation: plan.operation,
            request_id,
            bindings: bindings.map(|oid| (oid, Value::Null)).collect(),
        }
    }

    /// Takes in the answer to a plan, and what it says about the device.
    pub(crate) fn take(&mut self, plan: &Plan, answer: Pdu, abilities: &mut Abilities) {
        abilities.prove(plan.expected());
        match self.apply(plan, answer) {
            Outcome::Progress => {}
            Outcome::NotIncreasing => abilities.give_up_bulk(),
            Outcome::TooMuch => {
                if !abilities.halve() {
                    self.abandon(plan);
                }
            }
        }
    }

    fn apply(&mut self, plan: &Plan, answer: Pdu) -> Outcome {
        let Operation::Response { status, index } = answer.operation else {
            return Outcome::TooMuch;
        };
        match status {
            ErrorStatus::NoError => self.apply_bindings(plan, answer.bindings),
            ErrorStatus::TooBig => Outcome::TooMuch,
            _ => self.apply_error(plan, index),
        }
    }

    /// One object spoiled the answer: it is absent, or its column ends here (RFC 1157, 4.1.2
    /// and 4.1.3). The rest is asked again without it.
    fn apply_error(&mut self, plan: &Plan, index: u32) -> Outcome {
        let position = usize::try_from(index)
            .ok()
            .and_then(|index| index.checked_sub(1));
        let culprit = position.and_then(|position| plan.items.get(position));
        match (culprit, plan.items.as_slice()) {
            (Some(&item), _) | (None, &[item]) => {
                self.settle(item);
                Outcome::Progress
            }
            _ => Outcome::TooMuch,
        }
    }

    fn apply_bindings(&mut self, plan: &Plan, bindings: Vec<Binding>) -> Outcome {
        let mut progress = false;
        let mut out_of_order = Vec::new();
        let columns = plan.repeating();
        let positions = plan.items.iter().chain(columns.iter().cycle());
        for (&item, binding) in positions.zip(bindings) {
            match item {
                Item::Object(index) => {
                    progress |= self.apply_object(index, binding, plan.operation);
                }
                Item::Column(index) if out_of_order.contains(&index) => {}
                Item::Column(index) => match self.apply_row(index, binding, plan.operation) {
                    Row::Taken | Row::End => progress = true,
                    Row::NotAsked => {}
                    Row::NotIncreasing => out_of_order.push(index),
                },
            }
        }
        match (out_of_order.is_empty(), progress) {
            (false, _) => Outcome::NotIncreasing,
            (true, true) => Outcome::Progress,
            (true, false) => Outcome::TooMuch,
        }
    }

    /// Takes a row in. A column that goes backwards by `GETNEXT` ends there; by `GETBULK` it
    /// deserves a second chance.
    fn apply_row(&mut self, index: usize, binding: Binding, operation: Operation) -> Row {
        let column = self.columns.get_mut(index).filter(|column| column.open);
        let Some(column) = column else {
            return Row::NotAsked;
        };
        match column.apply(binding) {
            Row::NotIncreasing if operation == Operation::GetNext => {
                column.open = false;
                Row::End
            }
            row => row,
        }
    }

    fn apply_object(&mut self, index: usize, (oid, value): Binding, operation: Operation) -> bool {
        let Some(object) = self.objects.get_mut(index) else {
            return false;
        };
        let inconclusive = operation != Operation::Get && oid < *object.oid && !value.is_absent();
        object.state = if inconclusive {
            ObjectState::OnlyByGet
        } else {
            ObjectState::Settled
        };
        if oid == *object.oid {
            object.value = Some(value);
        }
        true
    }

    fn settle(&mut self, item: Item) {
        match item {
            Item::Object(index) => {
                if let Some(object) = self.objects.get_mut(index) {
                    object.state = ObjectState::Settled;
                }
            }
            Item::Column(index) => {
                if let Some(column) = self.columns.get_mut(index) {
                    column.open = false;
                }
            }
        }
    }

    /// Gives up what a plan asked for.
    fn abandon(&mut self, plan: &Plan) {
        for &item in &plan.items {
            self.settle(item);
        }
    }

    /// What came in.
    pub(crate) fn into_answers(self) -> Answers {
        let objects = self.objects.into_iter();
        let objects = objects.filter_map(|object| Some(vec![(object.oid.clone(), object.value?)]));
        let columns = self.columns.into_iter().map(|column| column.rows);
        Answers::from_runs(objects.chain(columns))
    }
}

/// What a binding was to its column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Row {
    Taken,
    /// The column ends before it.
    End,
    /// The column had ended already.
    NotAsked,
    /// It does not come after the one before (seen in the field; a walk would never end).
    NotIncreasing,
}

impl ColumnWork<'_> {
    /// Where the column has been read to.
    fn cursor(&self) -> &Oid {
        self.rows.last().map_or(self.oid, |(oid, _)| oid)
    }

    /// How many rows to ask for next, where each column has room for `share` of them.
    fn wanted_rows(&self, share: usize) -> usize {
        match self.left {
            Some(left) => usize::from(left).clamp(1, MAX_REPETITIONS),
            None if self.rows.is_empty() => FIRST_ROWS,
            None => share.clamp(FIRST_ROWS, MAX_REPETITIONS),
        }
    }

    fn apply(&mut self, (oid, value): Binding) -> Row {
        let ends = matches!(
            value,
            Value::EndOfMibView | Value::NoSuchObject | Value::NoSuchInstance
        );
        if ends || !oid.is_below(self.oid) {
            self.open = false;
            return Row::End;
        }
        if oid <= *self.cursor() {
            return Row::NotIncreasing;
        }
        self.rows.push((oid, value));
        self.left = self.left.map(|left| left.saturating_sub(1));
        self.open = self.left != Some(0);
        Row::Taken
    }
}

#[cfg(test)]
#[path = "work_tests.rs"]
mod tests;
