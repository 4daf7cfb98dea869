//! Which number of a date is the day: settled by the whole log, never by the line.
//!
//! What speaks for an order, strongest first: a number that can be no month, or no day, anywhere in
//! the log; an order in which the log would be of the future; lines that run in time in one order
//! and not in the other; points between the numbers, or words of a language that writes the day
//! first everywhere; logs that are read together with this one. What stays open is asked for.

use std::fmt;

use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;

use super::local_clock::{FoldSurvey, Passes};
use super::written_time::{Written, WrittenDate};

/// Lines of a log that must run in time before their course tells the order of its dates: fewer
/// run by chance in any order.
pub(super) const LOG_COURSE_LINES_MIN: u64 = 3;

/// The same of a table, which may be sorted by anything: of six lines in no order one table in 360
/// seems to run.
pub(super) const TABLE_COURSE_LINES_MIN: u64 = 6;

/// An order of day, month and year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DateOrder {
    /// `24/11/2026`.
    DayMonthYear,
    /// `11/24/2026`.
    MonthDayYear,
    /// `26/11/24`; a year of four digits that stands first needs no order.
    YearMonthDay,
}

impl DateOrder {
    /// Every order.
    pub const ALL: [Self; 3] = [Self::DayMonthYear, Self::MonthDayYear, Self::YearMonthDay];

    /// Its name on the command line and in configurations.
    pub const fn keyword(self) -> &'static str {
        match self {
            Self::DayMonthYear => "dmy",
            Self::MonthDayYear => "mdy",
            Self::YearMonthDay => "ymd",
        }
    }

    /// The order with this name.
    pub fn from_keyword(keyword: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|order| order.keyword() == keyword)
    }

    /// In words for people.
    pub const fn words(self) -> &'static str {
        match self {
            Self::DayMonthYear => "the day first",
            Self::MonthDayYear => "the month first",
            Self::YearMonthDay => "the year first",
        }
    }
}

/// A log's dates whose order stays open: a question for whoever reads it in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DateQuestion {
    /// The first line that can be read in several orders.
    pub line: u64,
    /// What stands there.
    pub text: String,
    /// How it can be read.
    pub readings: Vec<(DateOrder, Date)>,
}

impl fmt::Display for DateQuestion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            line,
            text,
            readings,
        } = self;
        write!(f, "line {line}: '{text}' is ")?;
        for (index, (_, date)) in readings.iter().enumerate() {
            let or = if index == 0 { "" } else { " or " };
            write!(f, "{or}{}", date.strftime("%-d %B %Y"))?;
        }
        write!(
            f,
            ", and nothing in the log tells which; nothing of it was taken in. Say "
        )?;
        for (index, (order, _)) in readings.iter().enumerate() {
            let or = if index == 0 { "" } else { " or " };
            write!(
                f,
                "{or}--date-order {} ({})",
                order.keyword(),
                order.words()
            )?;
        }
        write!(f, "; in a [[drop]] section or a column map date_order = ")?;
        for (index, (order, _)) in readings.iter().enumerate() {
            let or = if index == 0 { "" } else { " or " };
            write!(f, "{or}\"{}\"", order.keyword())?;
        }
        Ok(())
    }
}

/// Lines of one log that need different orders.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DateConflict {
    /// Two lines, what stands in each and the order it needs.
    pub lines: [(u64, String, DateOrder); 2],
}

impl fmt::Display for DateConflict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [(line, text, order), (other_line, other_text, other_order)] = &self.lines;
        write!(
            f,
            "line {line}: '{text}' has {}, and line {other_line}: '{other_text}' has {}: dates of \
             two orders stand in one log; nothing of it was taken in. Part it in two, or say \
             --date-order {} or --date-order {}, by which lines of the other order are refused",
            order.words(),
            other_order.words(),
            order.keyword(),
            other_order.keyword(),
        )
    }
}

/// Why an order is taken for settled, for people.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Because {
    /// Somebody said so.
    Said,
    /// By a line that is no date in the other order.
    Line(u64),
    /// The other order would be of the future.
    Future,
    /// In the other order the lines run to and fro.
    Course,
    /// By points, or by the words for a.m. and p.m.
    Culture,
    /// So are the logs that are read together with it.
    Neighbours,
}

impl fmt::Display for Because {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Said => "as was said",
            Self::Line(line) => return write!(f, "by line {line}"),
            Self::Future => "else they would be of the future",
            Self::Course => "else the lines would not run in time",
            Self::Culture => "as every culture has them that writes so",
            Self::Neighbours => "as the logs beside it have them",
        })
    }
}

/// What the lines of a log say of their dates.
#[derive(Debug, Clone)]
pub(super) struct DateSurvey {
    courses: [Course; 3],
    /// Whether the courses differ: until a date needs an order, the first stands for all.
    is_parted: bool,
    /// The first line that is no date in an order and is one in another, by order.
    against: [Option<(u64, String)>; 3],
    /// Lines whose dates differ between orders.
    open: u64,
    first_open: Option<(u64, String, WrittenDate)>,
    /// Whether all open lines have something beside numbers that says that the day is first.
    is_day_first: bool,
}

/// The order of a log's dates, and how it runs in time.
#[derive(Debug, Clone)]
pub(super) struct SettledDates {
    /// `None` where no line needs one.
    pub(super) order: Option<(DateOrder, Because)>,
    pub(super) passes: Passes,
}

/// Why no order is settled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum OrderError {
    Open(DateQuestion),
    Conflict(DateConflict),
}

impl DateSurvey {
    pub(super) fn new() -> Self {
        Self {
            courses: Default::default(),
            is_parted: false,
            against: Default::default(),
            open: 0,
            first_open: None,
            is_day_first: true,
        }
    }

    /// Takes in the time by which a line stands in its log.
    pub(super) fn see(&mut self, line: u64, text: &str, written: &Written, zone: &TimeZone) {
        // A bare date says nothing about the hour that autumn repeats.
        let zone = (written.time.is_some() && written.offset.is_none()).then_some(zone);
        let at = |date: Date| date.to_datetime(written.time.unwrap_or_default());
        if let WrittenDate::Plain(date) = written.date {
            let parted = if self.is_parted { 3 } else { 1 };
            let courses = self.courses.iter_mut().take(parted);
            courses.for_each(|course| course.see(line, at(date), zone));
            return;
        }
        if !self.is_parted {
            let [first, second, third] = &mut self.courses;
            second.clone_from(first);
            third.clone_from(first);
            self.is_parted = true;
        }
        let dates = self.weigh(line, text, written);
        for (course, date) in self.courses.iter_mut().zip(dates) {
            if let Some(date) = date {
                course.see(line, at(date), zone);
            }
        }
    }

    /// Takes in what another time of a line says of the order.
    pub(super) fn weigh(&mut self, line: u64, text: &str, written: &Written) -> [Option<Date>; 3] {
        let dates = DateOrder::ALL.map(|order| written.date.by(order));
        let mut found = dates.iter().flatten();
        let Some(first) = found.next() else {
            // A date in no order is its own line's trouble.
            return dates;
        };
        if found.any(|date| date != first) {
            self.open += 1;
            self.is_day_first &= written.is_day_first;
            if self.first_open.is_none() {
                self.first_open = Some((line, text.to_owned(), written.date));
            }
        }
        for (against, date) in self.against.iter_mut().zip(dates) {
            if date.is_none() && against.is_none() {
                *against = Some((line, text.to_owned()));
            }
        }
        dates
    }

    /// The order that was said, or that the lines tell.
    ///
    /// `not_after` are local times after which no line was written, the surest first;
    /// `course_lines_min` says how many lines must run in time before their course tells anything;
    /// `neighbours` is the order of the logs beside this one.
    pub(super) fn settle(
        self,
        said: Option<DateOrder>,
        not_after: &[DateTime],
        course_lines_min: u64,
        neighbours: Option<DateOrder>,
    ) -> Result<SettledDates, OrderError> {
        let order = match said {
            Some(order) => Some((order, Because::Said)),
            None => self.order(not_after, course_lines_min, neighbours)?,
        };
        let [day, month, year] = self.courses;
        let course = match order {
            Some((DateOrder::MonthDayYear, _)) => month,
            Some((DateOrder::YearMonthDay, _)) => year,
            Some((DateOrder::DayMonthYear, _)) | None => day,
        };
        Ok(SettledDates {
            order,
            passes: course.passes(),
        })
    }

    fn order(
        &self,
        not_after: &[DateTime],
        course_lines_min: u64,
        neighbours: Option<DateOrder>,
    ) -> Result<Option<(DateOrder, Because)>, OrderError> {
        let courses = DateOrder::ALL.into_iter().zip(&self.courses);
        let fits = courses.zip(&self.against);
        let mut left: Vec<(DateOrder, &Course)> = fits
            .filter(|(_, against)| against.is_none())
            .map(|(course, _)| course)
            .collect();
        match left.as_slice() {
            [] => return Err(OrderError::Conflict(self.conflict())),
            [(order, _)] => return Ok(Some((*order, Because::Line(self.witness(*order))))),
            _ => {}
        }
        let Some((line, text, date)) = &self.first_open else {
            return Ok(None);
        };
        for limit in not_after {
            let is_past = |course: &Course| course.newest.is_none_or(|newest| newest <= *limit);
            let past = left.iter().filter(|(_, course)| is_past(course));
            let past: Vec<_> = past.copied().collect();
            match past.as_slice() {
                // A clock that is wrong tells nothing.
                [] => {}
                [(order, _)] => return Ok(Some((*order, Because::Future))),
                _ => left = past,
            }
        }
        if self.open >= course_lines_min {
            let mut runs = left.iter().filter(|(_, course)| course.runs());
            if let (Some((order, _)), None) = (runs.next(), runs.next()) {
                return Ok(Some((*order, Because::Course)));
            }
        }
        let has = |wanted: DateOrder| left.iter().any(|(order, _)| *order == wanted);
        if self.is_day_first && has(DateOrder::DayMonthYear) {
            return Ok(Some((DateOrder::DayMonthYear, Because::Culture)));
        }
        if let Some(order) = neighbours.filter(|order| has(*order)) {
            return Ok(Some((order, Because::Neighbours)));
        }
        let readings = left.iter();
        let readings = readings.filter_map(|(order, _)| Some((*order, date.by(*order)?)));
        Err(OrderError::Open(DateQuestion {
            line: *line,
            text: text.clone(),
            readings: readings.collect(),
        }))
    }

    /// The first line that is no date in the order that could be taken for this one.
    fn witness(&self, order: DateOrder) -> u64 {
        let [day, month, _] = &self.against;
        let rival = match order {
            DateOrder::DayMonthYear => month,
            DateOrder::MonthDayYear | DateOrder::YearMonthDay => day,
        };
        rival.as_ref().map_or(0, |(line, _)| *line)
    }

    /// The lines that speak for two orders.
    fn conflict(&self) -> DateConflict {
        let [day, month, _] = self.against.clone().map(Option::unwrap_or_default);
        // A line against the one order is one for the other.
        let ((day_line, day_text), (month_line, month_text)) = (month, day);
        DateConflict {
            lines: [
                (day_line, day_text, DateOrder::DayMonthYear),
                (month_line, month_text, DateOrder::MonthDayYear),
            ],
        }
    }
}

/// How a log runs where its dates are read in one order.
#[derive(Debug, Clone, Default)]
struct Course {
    newest: Option<DateTime>,
    last: Option<DateTime>,
    rises: u64,
    falls: u64,
    folds: FoldSurvey,
}

impl Course {
    fn see(&mut self, line: u64, at: DateTime, zone: Option<&TimeZone>) {
        let in_fold = zone.is_some_and(|zone| self.folds.see(line, at, zone));
        match self.last {
            // Within the repeated hour logs go back once.
            _ if in_fold => {}
            Some(last) if at > last => self.rises += 1,
            Some(last) if at < last => self.falls += 1,
            _ => {}
        }
        self.last = Some(at);
        self.newest = self.newest.max(Some(at));
    }

    /// Whether the lines run in time, forwards or backwards.
    const fn runs(&self) -> bool {
        self.rises == 0 || self.falls == 0
    }

    fn passes(&self) -> Passes {
        self.folds.passes(self.falls > self.rises)
    }
}

#[cfg(test)]
#[path = "date_order_tests.rs"]
mod tests;
