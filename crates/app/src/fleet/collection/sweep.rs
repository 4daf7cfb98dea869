//! One walk over every address of the plan.

use std::net::IpAddr;

use platen_domain::ids::OrganizationId;

use super::plan::CollectionPlan;

/// The addresses still to be asked, each once, through the range that counts for it. Addresses
/// are made one at a time: a /16 costs no memory.
pub(crate) struct Sweep(Box<dyn Iterator<Item = (usize, OrganizationId, IpAddr)> + Send>);

impl Sweep {
    pub(crate) fn over(plan: &CollectionPlan) -> Self {
        let ranges = plan.ranges.iter();
        let ranges: Vec<_> = ranges
            .map(|range| (range.organization, range.network))
            .collect();
        let ranges = ranges.into_iter().enumerate();
        let addresses = ranges.flat_map(|(range, (organization, network))| {
            let hosts = network.hosts();
            hosts.map(move |address| (range, organization, address))
        });
        Self(Box::new(addresses))
    }

    /// The next address that may be asked: its range, by its place in the plan, and whose it is.
    pub(crate) fn next(
        &mut self,
        plan: &CollectionPlan,
    ) -> Option<(usize, OrganizationId, IpAddr)> {
        self.0.find(|(range, organization, address)| {
            plan.range_of(*organization, *address) == Some(*range)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::plan::PlannedRange;
    use super::*;
    use crate::fleet::schedule::Schedule;
    use platen_domain::clock::Timestamp;
    use platen_domain::ids::SeededIds;

    #[test]
    fn each_address_is_asked_once_per_organization_and_denied_ones_never() {
        let ids = SeededIds::new(1);
        let organization = || OrganizationId::new(Timestamp::from_millis(0), &ids);
        let (ours, theirs) = (organization(), organization());
        let range = |organization, network: &str| PlannedRange {
            organization,
            network: network.parse().unwrap(),
            port: 161,
            credentials: Vec::new(),
        };
        let ranges = vec![
            range(ours, "10.0.0.4/31"),
            range(ours, "10.0.0.4/30"),
            range(theirs, "10.0.0.4/31"),
            range(theirs, "169.254.169.254/31"),
        ];
        let plan = CollectionPlan::new(ranges, Schedule::default());
        let mut sweep = Sweep::over(&plan);
        let asked = std::iter::from_fn(|| sweep.next(&plan));
        let asked: Vec<_> = asked.map(|(range, _, a)| format!("{range} {a}")).collect();
        let expected = [
            "0 10.0.0.4",
            "0 10.0.0.5",
            "1 10.0.0.6",
            "2 10.0.0.4",
            "2 10.0.0.5",
        ];
        assert_eq!(asked, expected);
    }
}
