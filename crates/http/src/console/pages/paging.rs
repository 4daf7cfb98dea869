//! Links from one page of a grid to the others.

use super::cells::thousands;
use crate::console::grid_address::{GridAddress, PAGE_SIZE, PAGES_MAX};

/// Page links on either side of the current one.
const PAGES_AROUND: u32 = 2;

/// A link to another page of the same grid, or the gap between two.
#[derive(Debug)]
pub(crate) struct PageLink {
    pub(crate) label: String,
    pub(crate) name: String,
    pub(crate) href: Option<String>,
    pub(crate) current: bool,
}

/// The last page that can be shown of so many rows.
pub(crate) fn last_page(total: u64) -> u32 {
    let pages = total.div_ceil(u64::from(PAGE_SIZE));
    u32::try_from(pages).unwrap_or(u32::MAX).clamp(1, PAGES_MAX)
}

/// The pages around the current one, the first and the last.
pub(crate) fn pages(asked: &GridAddress, total: u64) -> Vec<PageLink> {
    let last = last_page(total);
    let link = |page: u32, label: String, name: String| PageLink {
        label,
        name,
        href: Some(
            GridAddress {
                page,
                ..asked.clone()
            }
            .href(),
        ),
        current: page == asked.page,
    };
    let numbered = |page: u32| link(page, thousands(page.into()), format!("Page {page}"));
    let from = asked.page.saturating_sub(PAGES_AROUND).max(1);
    let until = asked.page.saturating_add(PAGES_AROUND).min(last);
    let mut links = Vec::new();
    if from > 1 {
        links.push(numbered(1));
    }
    if from > 2 {
        links.push(gap());
    }
    links.extend((from..=until).map(numbered));
    if until.saturating_add(1) < last {
        links.push(gap());
    }
    if until < last {
        links.push(numbered(last));
    }
    links
}

fn gap() -> PageLink {
    PageLink {
        label: "…".to_owned(),
        name: String::new(),
        href: None,
        current: false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fields::Fields;
    use platen_report::catalogue::FleetReport;

    #[test]
    fn long_fleets_are_paged() {
        let shown = |page: u32, total: u64| {
            let fields = Fields::default();
            let asked = GridAddress::read(FleetReport::Meters, "/fleet/meters", &fields);
            let links = pages(&GridAddress { page, ..asked }, total);
            let show = |link: &PageLink| {
                let (open, close) = if link.current { ("[", "]") } else { ("", "") };
                format!("{open}{}{close}", link.label)
            };
            links.iter().map(show).collect::<Vec<_>>().join(" ")
        };
        assert_eq!(shown(1, 0), "[1]");
        assert_eq!(shown(1, 50), "[1]");
        assert_eq!(shown(1, 51), "[1] 2");
        assert_eq!(shown(7, 1_000), "1 … 5 6 [7] 8 9 … 20");
        assert_eq!(shown(20, 1_000), "1 … 18 19 [20]");
        assert_eq!(shown(200, 1_000_000), "1 … 198 199 [200]");
    }
}
