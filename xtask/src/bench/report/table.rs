//! The figures, for people and for machines.

use std::fmt::Write as _;
use std::time::Duration;

use super::samples::Sample;

/// A line of the table.
pub(super) struct Line {
    pub name: &'static str,
    pub rows: u64,
    pub sample: Sample,
}

/// The table of one period.
pub(super) fn text(title: &str, lines: &[Line]) -> String {
    let mut text = format!(
        "{title}\n{:<26}{:>10}{:>9}{:>10}{:>9}{:>10}{:>12}\n",
        "median of", "MB", "wall s", "MB/s", "CPU s", "us/row", "1st byte ms"
    );
    for Line { name, rows, sample } in lines {
        let megabytes = sample.bytes.map(megabytes);
        let seconds = sample.wall.as_secs_f64();
        // Writing to a String cannot fail.
        let _infallible = writeln!(
            text,
            "{name:<26}{:>10}{seconds:>9.3}{:>10}{:>9.3}{:>10.3}{:>12}",
            or_dash(megabytes, 1),
            or_dash(megabytes.map(|megabytes| megabytes / seconds), 0),
            sample.cpu.as_secs_f64(),
            micros_per_row(sample.cpu, *rows),
            or_dash(sample.first_byte.map(millis), 1),
        );
    }
    text
}

fn or_dash(figure: Option<f64>, digits: usize) -> String {
    figure.map_or_else(|| "-".to_owned(), |figure| format!("{figure:.digits$}"))
}

/// Microseconds of CPU time for each row.
#[expect(clippy::cast_precision_loss, reason = "rows are far below 2^52")]
pub(super) fn micros_per_row(cpu: Duration, rows: u64) -> f64 {
    cpu.as_secs_f64() * 1e6 / rows.max(1) as f64
}

/// Millions of octets.
#[expect(clippy::cast_precision_loss, reason = "octets are far below 2^52")]
pub(super) fn megabytes(octets: u64) -> f64 {
    octets as f64 / 1e6
}

/// Mebibytes.
#[expect(clippy::cast_precision_loss, reason = "octets are far below 2^52")]
pub(super) fn mebibytes(octets: u64) -> f64 {
    octets as f64 / f64::from(1_u32 << 20)
}

/// Milliseconds.
pub(super) fn millis(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1e3
}

/// How many times `one` is `other`.
pub(super) fn ratio(one: Duration, other: Duration) -> f64 {
    one.as_secs_f64() / other.as_secs_f64().max(1e-9)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_reads_well() {
        let sample = Sample {
            wall: Duration::from_millis(120),
            cpu: Duration::from_millis(60),
            bytes: Some(215_400_000),
            first_byte: Some(Duration::from_micros(1_200)),
        };
        let theirs = Sample {
            bytes: None,
            first_byte: None,
            ..sample
        };
        let line = |name, sample| Line {
            name,
            rows: 400_000,
            sample,
        };
        let lines = [line("platen JSON", sample), line("ClickHouse", theirs)];
        assert_eq!(
            text("month", &lines),
            "month\n\
             median of                         MB   wall s      MB/s    CPU s    us/row 1st byte ms\n\
             platen JSON                    215.4    0.120      1795    0.060     0.150         1.2\n\
             ClickHouse                         -    0.120         -    0.060     0.150           -\n"
        );
    }
}
