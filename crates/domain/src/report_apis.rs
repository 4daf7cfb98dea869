//! The five report APIs, as the API screen lists them.

use std::fmt;
use std::str::FromStr;

use crate::licences::Feature;

/// A report API that an administrator enables and a program reads with an Authorization Key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ReportApi {
    /// Device Meter Data.
    Meters,
    /// Device Status Data.
    Status,
    /// Device Toner Data.
    Toner,
    /// Print Transactions Data.
    PrintJobs,
    /// Monthly Print Data.
    MonthlyPrintJobs,
}

impl ReportApi {
    /// In the order of the screen.
    pub const ALL: [Self; 5] = [
        Self::Meters,
        Self::Status,
        Self::Toner,
        Self::PrintJobs,
        Self::MonthlyPrintJobs,
    ];

    /// The name on the screen and in the title of its dialog.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Meters => "Device Meter Data",
            Self::Status => "Device Status Data",
            Self::Toner => "Device Toner Data",
            Self::PrintJobs => "Print Transactions Data",
            Self::MonthlyPrintJobs => "Monthly Print Data",
        }
    }

    /// The path below the server's root, with placeholders where a range is asked for.
    pub const fn path(self) -> &'static str {
        match self {
            Self::Meters => "/ReportApi/Reports/Meters",
            Self::Status => "/ReportApi/Reports/Status",
            Self::Toner => "/ReportApi/Reports/Toner",
            Self::PrintJobs => "/ReportApi/Reports/PrintJobs/<YYYY-MM-DD>/<YYYY-MM-DD>",
            Self::MonthlyPrintJobs => "/ReportApi/Reports/MonthlyPrintJobs/<YYYY-MM>/<YYYY-MM>",
        }
    }

    /// The licence feature it needs.
    pub const fn feature(self) -> Feature {
        match self {
            Self::Meters | Self::Status | Self::Toner => Feature::Fleet,
            Self::PrintJobs | Self::MonthlyPrintJobs => Feature::Print,
        }
    }

    /// The form kept in the store and used in the console's addresses.
    pub const fn keyword(self) -> &'static str {
        match self {
            Self::Meters => "meters",
            Self::Status => "status",
            Self::Toner => "toner",
            Self::PrintJobs => "print-jobs",
            Self::MonthlyPrintJobs => "monthly-print-jobs",
        }
    }
}

impl fmt::Display for ReportApi {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.title())
    }
}

/// The text names no report API.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unknown report API: expected meters, status, toner, print-jobs or monthly-print-jobs")]
pub struct ParseReportApiError;

impl FromStr for ReportApi {
    type Err = ParseReportApiError;

    fn from_str(text: &str) -> Result<Self, ParseReportApiError> {
        Self::ALL
            .into_iter()
            .find(|api| api.keyword() == text)
            .ok_or(ParseReportApiError)
    }
}
