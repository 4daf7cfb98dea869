//! `platen collector`: enrolment codes, list, revoke.

use anyhow::Context as _;
use platen_domain::clock::Timestamp;
use platen_domain::collectors::CollectorRecord;

use crate::cli::{EnrolCode, OfOrganization, RevokeCollector};
use crate::opening::{self, with_app};
use crate::terminal::say;

pub(crate) fn enrol_code(options: &EnrolCode) -> anyhow::Result<()> {
    let target = &options.target;
    with_app(&target.config.file, async |_, app| {
        let organization = opening::organization(&app, target.organization.as_deref()).await?;
        let scope = app.access().operator(organization.id);
        let code = app
            .access()
            .create_enrolment_code(&scope, &options.name)
            .await?;
        say(&format!(
            "This code enrols one collector of {:?}, once, within 24 hours:\n  {}\n",
            organization.name,
            code.expose()
        ));
        Ok(())
    })
}

pub(crate) fn list(target: &OfOrganization) -> anyhow::Result<()> {
    with_app(&target.config.file, async |_, app| {
        let organization = opening::organization(&app, target.organization.as_deref()).await?;
        let collectors = app
            .access()
            .collectors(&app.access().operator(organization.id))
            .await?;
        say(&format!(
            "{}: {} collectors\n",
            organization.name,
            collectors.len()
        ));
        for collector in &collectors {
            say(&format!("  {}\n", line(collector)));
        }
        Ok(())
    })
}

pub(crate) fn revoke(options: &RevokeCollector) -> anyhow::Result<()> {
    let target = &options.target;
    with_app(&target.config.file, async |_, app| {
        let organization = opening::organization(&app, target.organization.as_deref()).await?;
        let scope = app.access().operator(organization.id);
        let known = app.access().collectors(&scope).await?;
        let collector =
            choose(&known, &options.collector).with_context(|| organization.name.clone())?;
        app.access().revoke_collector(&scope, collector.id).await?;
        let (id, name) = (collector.id, &collector.name);
        say(&format!("{name} ({id}) can push nothing any more\n"));
        Ok(())
    })
}

/// The collector with this identifier, or the only live one of this name.
fn choose<'a>(known: &'a [CollectorRecord], wanted: &str) -> anyhow::Result<&'a CollectorRecord> {
    if let Ok(id) = wanted.parse() {
        let found = known.iter().find(|collector| collector.id == id);
        return found.with_context(|| format!("there is no collector {wanted}"));
    }
    let live = known.iter().filter(|known| known.revoked_at.is_none());
    let mut named = live.filter(|known| known.name.to_lowercase() == wanted.to_lowercase());
    let found = named
        .next()
        .with_context(|| format!("there is no live collector named {wanted:?}"))?;
    anyhow::ensure!(
        named.next().is_none(),
        "several live collectors are named {wanted:?}; give the identifier that `platen collector \
         list` shows"
    );
    Ok(found)
}

fn line(collector: &CollectorRecord) -> String {
    let enrolled = instant(collector.enrolled_at);
    let seen = collector.last_seen_at.map_or_else(
        || "never seen".to_owned(),
        |at| format!("last seen {}", instant(at)),
    );
    let end = collector
        .revoked_at
        .map_or_else(String::new, |at| format!(", revoked {}", instant(at)));
    let (id, name) = (collector.id, &collector.name);
    format!("{id} {name}: enrolled {enrolled}, {seen}{end}")
}

/// To the second, in UTC.
fn instant(at: Timestamp) -> String {
    let seconds = jiff::Timestamp::from_second(at.as_millis().div_euclid(1_000));
    seconds.map_or_else(|_| format!("{at:?}"), |at| at.to_string())
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use platen_domain::ids::{CollectorId, OrganizationId};
    use platen_domain::keys::SecretHash;

    const START: Timestamp = Timestamp::from_millis(1_767_225_600_999);

    fn collector(number: u8, name: &str) -> CollectorRecord {
        CollectorRecord {
            id: CollectorId::from_bytes([number; 16]),
            organization: OrganizationId::from_bytes([1; 16]),
            name: name.to_owned(),
            hash: SecretHash::of(name),
            enrolled_at: START,
            last_seen_at: None,
            revoked_at: None,
        }
    }

    #[test]
    fn a_line_tells_what_became_of_a_collector() {
        let mut bonn = collector(1, "Bonn");
        insta::assert_snapshot!(line(&bonn), @"01010101-0101-0101-0101-010101010101 Bonn: enrolled 2026-01-01T00:00:00Z, never seen");
        bonn.last_seen_at = Some(START.plus(Duration::from_hours(1)));
        bonn.revoked_at = Some(START.plus(Duration::from_hours(2)));
        insta::assert_snapshot!(line(&bonn), @"01010101-0101-0101-0101-010101010101 Bonn: enrolled 2026-01-01T00:00:00Z, last seen 2026-01-01T01:00:00Z, revoked 2026-01-01T02:00:00Z");
    }

    #[test]
    fn a_name_chooses_where_only_one_live_collector_has_it() {
        let mut old = collector(1, "Bonn");
        old.revoked_at = Some(START);
        let mut known = vec![old, collector(2, "bonn"), collector(3, "Köln")];
        let chosen = |known: &[CollectorRecord], wanted: &str| {
            choose(known, wanted)
                .map(|chosen| chosen.id)
                .map_err(|error| error.to_string())
        };
        assert_eq!(chosen(&known, "BONN"), Ok(known[1].id));
        let id = known[0].id;
        assert_eq!(chosen(&known, &id.to_string()), Ok(id));
        insta::assert_snapshot!(chosen(&known, "Mainz").unwrap_err(), @r#"there is no live collector named "Mainz""#);
        known.push(collector(4, "Bonn"));
        insta::assert_snapshot!(chosen(&known, "Bonn").unwrap_err(), @r#"several live collectors are named "Bonn"; give the identifier that `platen collector list` shows"#);
        let nobody = CollectorId::from_bytes([9; 16]).to_string();
        insta::assert_snapshot!(chosen(&known, &nobody).unwrap_err(), @"there is no collector 09090909-0909-0909-0909-090909090909");
    }
}
