//! Which stretches of an organization's jobs are sealed into block files.

use std::fmt;

use platen_domain::clock::Timestamp;
use platen_domain::ids::Ids;
use platen_domain::keys::hex;
use platen_domain::scope::Scope;

use crate::access::{Reader, Writer};
use crate::columns;
use crate::digest::digest;
use crate::error::StoreError;
use crate::organization_no::OrganizationNo;
use crate::session::{Row, params};

/// Octets of a block's name.
const NAME_OCTETS: usize = 16;

/// A sealed stretch of time, half open: every job of the organization that ended in it is in the
/// files of this name as it was then, and nothing else. What changed since stands beside it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BlockRef {
    /// First instant.
    pub from: Timestamp,
    /// First instant after it.
    pub until: Timestamp,
    /// Which files.
    pub name: BlockName,
    /// CRC-32 of its columns.
    pub checksum: u32,
    /// How many jobs it was made of.
    pub jobs: u64,
    /// How often jobs in it came, changed or went since.
    pub changes: u64,
    /// Whether its files hold what must not be kept.
    pub outdated: bool,
}

/// Names the files of a block. It is random: no other block ever has it, of whichever
/// organization, not even after the database was put back from a copy.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BlockName([u8; NAME_OCTETS]);

impl BlockName {
    /// A new name.
    pub fn new(ids: &dyn Ids) -> Self {
        let mut octets = [0; NAME_OCTETS];
        ids.fill(&mut octets);
        Self(octets)
    }

    pub(crate) const fn octets(&self) -> &[u8; NAME_OCTETS] {
        &self.0
    }
}

/// In hexadecimal digits, as in the names of files.
impl fmt::Display for BlockName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex(&self.0))
    }
}

impl fmt::Debug for BlockName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "BlockName({self})")
    }
}

/// What a stretch held when it was read for sealing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct StretchSign {
    jobs: i64,
    last_job_no: i64,
    revisions: i64,
    /// Digest of which accounts are charged for them.
    charges: i64,
    rewrites: i64,
}

impl StretchSign {
    /// How many jobs it held.
    pub fn jobs(&self) -> u64 {
        u64::try_from(self.jobs).unwrap_or(0)
    }
}

impl Reader<'_> {
    /// The sealed stretches that touch `from` until before `until`, in order.
    pub fn print_blocks(
        &self,
        scope: &Scope,
        from: Timestamp,
        until: Timestamp,
    ) -> Result<Vec<BlockRef>, StoreError> {
        let organization_no = self.organization_no(scope)?;
        let sql = "SELECT from_at, until_at, name, checksum, jobs, changes, outdated
                   FROM print_blocks
                   WHERE organization_no = ?1 AND until_at > ?2 AND from_at < ?3
                   ORDER BY from_at";
        let bounds = params![organization_no, from.as_millis(), until.as_millis()];
        self.all(sql, bounds, block_from_row)
    }

    /// When the first job at or after `from` and before `until` ended.
    pub fn first_job_at(
        &self,
        scope: &Scope,
        from: Timestamp,
        until: Timestamp,
    ) -> Result<Option<Timestamp>, StoreError> {
        let organization_no = self.organization_no(scope)?;
        let sql = "SELECT completed_at FROM print_jobs
                   WHERE organization_no = ?1 AND completed_at >= ?2 AND completed_at < ?3
                   ORDER BY completed_at LIMIT 1";
        let bounds = params![organization_no, from.as_millis(), until.as_millis()];
        self.one(sql, bounds, |row| columns::time(row, 0))
    }

    /// What a stretch holds: when it holds that still, a block made of it is true.
    pub fn stretch_sign(
        &self,
        scope: &Scope,
        from: Timestamp,
        until: Timestamp,
    ) -> Result<StretchSign, StoreError> {
        let organization_no = self.organization_no(scope)?;
        let sql = "SELECT rewrites FROM counters WHERE organization_no = ?1";
        let rewrites = self.one(sql, params![organization_no], |row| row.get(0))?;
        let mut sign = StretchSign {
            rewrites: rewrites.unwrap_or(0),
            ..StretchSign::default()
        };
        let mut charged: Vec<Option<i64>> = Vec::new();
        let sql = "SELECT job_no, revision, charged_account_no FROM print_jobs
                   WHERE organization_no = ?1 AND completed_at >= ?2 AND completed_at < ?3
                   ORDER BY completed_at, job_no";
        let bounds = params![organization_no, from.as_millis(), until.as_millis()];
        self.each(sql, bounds, |row| {
            let (job_no, revision): (i64, i64) = (row.get(0)?, row.get(1)?);
            sign.jobs += 1;
            sign.last_job_no = sign.last_job_no.max(job_no);
            sign.revisions += revision;
            charged.push(row.get(2)?);
            Ok(())
        })?;
        sign.charges = digest(charged);
        Ok(sign)
    }

    /// Every block that is in use, of every organization: what else lies in the directory of
    /// blocks is left over.
    pub fn blocks_in_use(&self) -> Result<Vec<BlockName>, StoreError> {
        let sql = "SELECT organization_no FROM organizations";
        let organizations: Vec<OrganizationNo> = self.all(sql, params![], |row| row.get(0))?;
        let mut names = Vec::new();
        for organization_no in organizations {
            let sql = "SELECT name FROM print_blocks WHERE organization_no = ?1";
            self.each(sql, params![organization_no], |row| {
                names.push(BlockName(row.get(0)?));
                Ok(())
            })?;
        }
        Ok(names)
    }
}

impl Writer<'_> {
    /// Seals a stretch whose file is on disk, if it still holds what `sign` says. Returns whether
    /// it does. A block that began there is replaced, with what stood beside it.
    pub fn seal_block(
        &self,
        scope: &Scope,
        block: &BlockRef,
        sign: &StretchSign,
    ) -> Result<bool, StoreError> {
        if self.stretch_sign(scope, block.from, block.until)? != *sign {
            return Ok(false);
        }
        let organization_no = self.organization_no(scope)?;
        let sql = "INSERT INTO print_blocks
                       (organization_no, from_at, until_at, name, checksum, jobs)
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6)
                   ON CONFLICT DO UPDATE SET
                       until_at = excluded.until_at, name = excluded.name,
                       checksum = excluded.checksum, jobs = excluded.jobs,
                       changes = 0, outdated = 0";
        self.execute(
            sql,
            params![
                organization_no,
                block.from.as_millis(),
                block.until.as_millis(),
                block.name.0,
                block.checksum,
                columns::count_form(block.jobs)
            ],
        )?;
        self.forget_changes(organization_no, block.from, block.until)?;
        Ok(true)
    }

    /// Unseals the stretch that begins at `from`: its jobs are read as rows again.
    pub(crate) fn unseal_block(
        &self,
        organization_no: OrganizationNo,
        from: Timestamp,
    ) -> Result<(), StoreError> {
        let sql = "DELETE FROM print_blocks WHERE organization_no = ?1 AND from_at = ?2";
        self.execute(sql, params![organization_no, from.as_millis()])?;
        Ok(())
    }

    /// Unseals a stretch in which no job is left.
    pub fn unseal(&self, scope: &Scope, block: &BlockRef) -> Result<(), StoreError> {
        let organization_no = self.organization_no(scope)?;
        self.unseal_block(organization_no, block.from)
    }

    /// Marks that jobs of an organization read differently though none was revised: what is
    /// sealed from `from` until before `until` is unsealed, and no block made before counts.
    pub(crate) fn print_rewritten(
        &self,
        organization_no: OrganizationNo,
        from: Timestamp,
        until: Timestamp,
    ) -> Result<(), StoreError> {
        let sql = "DELETE FROM print_blocks
                   WHERE organization_no = ?1 AND until_at > ?2 AND from_at < ?3";
        let bounds = params![organization_no, from.as_millis(), until.as_millis()];
        self.execute(sql, bounds)?;
        self.blocks_void(organization_no)
    }

    /// Voids blocks that are being made: rows they were made of changed in a way that a
    /// [`StretchSign`] does not show.
    pub(crate) fn blocks_void(&self, organization_no: OrganizationNo) -> Result<(), StoreError> {
        let sql = "UPDATE counters
                   SET rewrites = rewrites + 1, print_version = print_version + 1
                   WHERE organization_no = ?1";
        self.execute(sql, params![organization_no])?;
        Ok(())
    }

    /// Marks that every job of an organization may read differently: names of its printers
    /// changed.
    pub(crate) fn printers_rewritten(
        &self,
        organization_no: OrganizationNo,
    ) -> Result<(), StoreError> {
        let [from, until] = [i64::MIN, i64::MAX].map(Timestamp::from_millis);
        self.print_rewritten(organization_no, from, until)?;
        self.interned.clear();
        Ok(())
    }
}

fn block_from_row(row: &Row<'_>) -> Result<BlockRef, StoreError> {
    Ok(BlockRef {
        from: columns::time(row, 0)?,
        until: columns::time(row, 1)?,
        name: BlockName(row.get(2)?),
        checksum: row.get(3)?,
        jobs: columns::count(row, 4)?,
        changes: columns::count(row, 5)?,
        outdated: row.get(6)?,
    })
}
