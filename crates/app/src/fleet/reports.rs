//! Reading the fleet: as a stream of pages for the Report API, as one sorted page for a grid.

use std::ops::Range;

use platen_domain::ids::DeviceId;
use platen_domain::roles::Capability;
use platen_domain::scope::Scope;
use platen_domain::snapshots::DeviceSnapshot;
use platen_report::catalogue::FleetReport;
use platen_store::Store;

use super::Fleet;
use super::grid::Window;
use crate::AppError;
use crate::access::authorization;

pub use super::grid::{GRID_ROWS_MAX, GridPage, GridQuery, PAGE_SIZE_MAX, Sort};
pub use platen_store::Parts;

/// Devices read in one short transaction. A page of 1,000 takes a few milliseconds and a few
/// megabytes; no transaction stays open behind a slow client.
pub const DEVICES_PER_PAGE: u32 = 1_000;

/// What a report shows of each device.
pub const fn parts(report: FleetReport) -> Parts {
    Parts {
        meters: matches!(report, FleetReport::Meters),
        supplies: matches!(report, FleetReport::Toner),
        status: matches!(report, FleetReport::Status),
    }
}

/// The devices in service, a page at a time, in the order of their identifiers.
///
/// Each page is read on its own: a device that appears or leaves between two pages may be in or
/// out, every other device is in exactly once.
pub struct SnapshotPages {
    store: Store,
    scope: Scope,
    parts: Parts,
    after: Option<DeviceId>,
    done: bool,
}

impl SnapshotPages {
    /// The next page, never empty; `None` after the last one, and after an error.
    pub async fn next(&mut self) -> Option<Result<Vec<DeviceSnapshot>, AppError>> {
        if self.done {
            return None;
        }
        let (scope, after, parts) = (self.scope.clone(), self.after, self.parts);
        let page = self
            .store
            .read(move |reader| reader.snapshots(&scope, after, DEVICES_PER_PAGE, parts));
        let page = page.await.map_err(AppError::from);
        match page.as_ref().ok().and_then(|page| page.last()) {
            Some(last) => self.after = Some(last.device.id),
            None => self.done = true,
        }
        match page {
            Ok(page) if page.is_empty() => None,
            page => Some(page),
        }
    }
}

impl Fleet<'_> {
    /// Grows with every change that a report over the fleet could show.
    pub async fn version(self, scope: &Scope) -> Result<u64, AppError> {
        let scope = scope.clone();
        Ok(self
            .app
            .store
            .read(move |r| r.fleet_version(&scope))
            .await?)
    }

    /// How many devices the organization has in service.
    pub async fn device_count(self, scope: &Scope) -> Result<u64, AppError> {
        let scope = scope.clone();
        Ok(self.app.store.read(move |r| r.device_count(&scope)).await?)
    }

    /// Streams the devices in service, with those parts that were asked for.
    pub fn device_rows(self, scope: Scope, parts: Parts) -> SnapshotPages {
        SnapshotPages {
            store: self.app.store.clone(),
            scope,
            parts,
            after: None,
            done: false,
        }
    }

    /// How many devices are in service, and those of them at these places.
    async fn devices_at(
        &self,
        scope: &Scope,
        places: Range<u32>,
        parts: Parts,
    ) -> Result<(u64, Vec<DeviceSnapshot>), AppError> {
        let scope = scope.clone();
        let page = self.app.store.read(move |reader| {
            let total = reader.device_count(&scope)?;
            let before = places.start.checked_sub(1);
            let after = before.map(|before| reader.device_at(&scope, before));
            let after = after.transpose()?;
            if after == Some(None) {
                return Ok((total, Vec::new()));
            }
            let limit = places.end - places.start;
            let page = reader.snapshots(&scope, after.flatten(), limit, parts)?;
            Ok((total, page))
        });
        Ok(page.await?)
    }

    /// One page of a grid: filtered and sorted over the whole fleet, in the catalogue's columns.
    ///
    /// Memory is bounded by the rows up to the end of the page asked for, at most
    /// [`GRID_ROWS_MAX`], whatever the size of the fleet.
    pub async fn grid(
        self,
        scope: &Scope,
        report: FleetReport,
        query: GridQuery,
    ) -> Result<GridPage, AppError> {
        authorization::require(scope, Capability::ViewFleet)?;
        let mut window = Window::new(report, &query);
        if let Some(devices) = window.devices() {
            let (total, page) = self.devices_at(scope, devices, parts(report)).await?;
            return Ok(window.page_of(&page, total));
        }
        let mut pages = self.device_rows(scope.clone(), parts(report));
        while let Some(page) = pages.next().await {
            for device in page? {
                window.offer(&device);
            }
            // Sorting is work; others get their turn between pages.
            tokio::task::yield_now().await;
        }
        Ok(window.into_page())
    }
}
