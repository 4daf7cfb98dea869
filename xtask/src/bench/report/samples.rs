//! Runs that take turns, and what remains of them: the medians.

use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};

use super::super::client::Received;
use super::super::cpu;

/// What one run took.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Sample {
    pub wall: Duration,
    /// User and system time of the server.
    pub cpu: Duration,
    /// Octets that it gave; `None` where nobody counted them.
    pub bytes: Option<u64>,
    /// Until the body's first octet; `None` where nobody looked.
    pub first_byte: Option<Duration>,
}

/// What a run tells of itself.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Told {
    pub bytes: Option<u64>,
    pub first_byte: Option<Duration>,
}

impl From<Received> for Told {
    fn from(received: Received) -> Self {
        Self {
            bytes: Some(received.bytes),
            first_byte: Some(received.first_byte),
        }
    }
}

/// One of those that are compared: a server, and how it is asked.
pub(super) struct Case<'a> {
    pub name: &'static str,
    /// The process whose CPU time counts.
    pub pid: u32,
    pub ask: Box<dyn FnMut() -> Result<Told> + 'a>,
}

impl Case<'_> {
    fn run(&mut self) -> Result<Sample> {
        let (before, started) = (cpu::spent(self.pid)?, Instant::now());
        let told = (self.ask)().context(self.name)?;
        Ok(Sample {
            wall: started.elapsed(),
            cpu: cpu::spent(self.pid)?.saturating_sub(before),
            bytes: told.bytes,
            first_byte: told.first_byte,
        })
    }
}

/// Runs every case once unmeasured, then `runs` rounds of all in turn, so that whatever else the
/// machine does meets all of them. Answers their medians, in their order.
pub(super) fn medians(cases: &mut [Case<'_>], runs: usize) -> Result<Vec<Sample>> {
    let mut samples: Vec<Vec<Sample>> = cases.iter().map(|_| Vec::new()).collect();
    for case in &mut *cases {
        case.run()?;
    }
    for _ in 0..runs {
        for (case, samples) in cases.iter_mut().zip(&mut samples) {
            samples.push(case.run()?);
        }
    }
    let medians = samples.iter().map(|samples| median(samples));
    medians
        .collect::<Option<_>>()
        .context("nothing was measured")
}

/// The median of every figure by itself.
fn median(samples: &[Sample]) -> Option<Sample> {
    Some(Sample {
        wall: middle(samples.iter().map(|sample| sample.wall))?,
        cpu: middle(samples.iter().map(|sample| sample.cpu))?,
        bytes: middle(samples.iter().filter_map(|sample| sample.bytes)),
        first_byte: middle(samples.iter().filter_map(|sample| sample.first_byte)),
    })
}

fn middle<T: Ord + Copy>(values: impl Iterator<Item = T>) -> Option<T> {
    let mut values: Vec<T> = values.collect();
    values.sort_unstable();
    values.get(values.len() / 2).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample(wall: u64, cpu: u64, bytes: Option<u64>) -> Sample {
        Sample {
            wall: Duration::from_millis(wall),
            cpu: Duration::from_millis(cpu),
            bytes,
            first_byte: None,
        }
    }

    #[test]
    fn each_figure_has_its_own_median() {
        let samples = [
            sample(9, 1, Some(5)),
            sample(1, 2, None),
            sample(5, 9, Some(5)),
        ];
        assert_eq!(median(&samples), Some(sample(5, 2, Some(5))));
        assert_eq!(median(&[]), None);
    }

    #[test]
    fn cases_take_turns_after_one_unmeasured_run_each() {
        let order = std::cell::RefCell::new(String::new());
        let case = |name: &'static str| Case {
            name,
            pid: std::process::id(),
            ask: Box::new(|| {
                order.borrow_mut().push_str(name);
                Ok(Told::default())
            }),
        };
        let mut cases = [case("a"), case("b")];
        assert_eq!(medians(&mut cases, 2).unwrap().len(), 2);
        drop(cases);
        assert_eq!(order.into_inner(), "ababab");
    }
}
