//! Imports: when, by whom, of which files, and what became of them.

use platen_domain::clock::Timestamp;
use platen_domain::imports::{Import, ImportState, ImportedFile, Undone};
use platen_domain::scope::Scope;

use crate::access::{Reader, Writer};
use crate::columns;
use crate::error::StoreError;
use crate::organization_no::OrganizationNo;
use crate::session::{Row, params};

impl Reader<'_> {
    /// The newest imports with their files, the newest first.
    pub fn imports(&self, scope: &Scope, most: u32) -> Result<Vec<Import>, StoreError> {
        let organization_no = self.organization_no(scope)?;
        let sql = "SELECT import_no, actor, begun_at, state, state_since, jobs_removed,
                          jobs_reverted, jobs_kept
                   FROM imports WHERE organization_no = ?1 ORDER BY import_no DESC LIMIT ?2";
        let mut imports = self.all(sql, params![organization_no, most], from_row)?;
        for import in &mut imports {
            import.files = self.import_files(organization_no, import.number)?;
        }
        Ok(imports)
    }

    /// One import, without its files.
    pub fn import(&self, scope: &Scope, number: u32) -> Result<Option<Import>, StoreError> {
        let organization_no = self.organization_no(scope)?;
        let sql = "SELECT import_no, actor, begun_at, state, state_since, jobs_removed,
                          jobs_reverted, jobs_kept
                   FROM imports WHERE organization_no = ?1 AND import_no = ?2";
        self.one(sql, params![organization_no, number], from_row)
    }

    fn import_files(
        &self,
        organization_no: OrganizationNo,
        number: u32,
    ) -> Result<Vec<ImportedFile>, StoreError> {
        let sql = "SELECT name, kind, accepted, revised, duplicate, refused, whole
                   FROM import_files WHERE organization_no = ?1 AND import_no = ?2
                   ORDER BY position";
        self.all(sql, params![organization_no, number], |row| {
            Ok(ImportedFile {
                name: row.get(0)?,
                kind: row.get(1)?,
                accepted: columns::count(row, 2)?,
                revised: columns::count(row, 3)?,
                duplicate: columns::count(row, 4)?,
                refused: columns::count(row, 5)?,
                whole: row.get(6)?,
            })
        })
    }
}

impl Writer<'_> {
    /// Begins an import and gives it the next number.
    pub fn begin_import(
        &self,
        scope: &Scope,
        actor: &str,
        now: Timestamp,
    ) -> Result<u32, StoreError> {
        let organization_no = self.organization_no(scope)?;
        let sql = "INSERT INTO imports (organization_no, import_no, actor, begun_at, state,
                                        state_since)
                   SELECT ?1, coalesce(max(import_no), 0) + 1, ?2, ?3, ?4, ?3
                   FROM imports WHERE organization_no = ?1
                   RETURNING import_no";
        let begun = ImportState::Begun.number();
        let values = params![organization_no, actor, now.as_millis(), begun];
        let number = self.one(sql, values, |row| row.get(0))?;
        number.ok_or(StoreError::NotFound("import"))
    }

    /// Notes what became of the next file of an import.
    pub fn add_import_file(
        &self,
        scope: &Scope,
        number: u32,
        file: &ImportedFile,
    ) -> Result<(), StoreError> {
        let organization_no = self.organization_no(scope)?;
        let sql = "INSERT INTO import_files (organization_no, import_no, position, name, kind,
                                             accepted, revised, duplicate, refused, whole)
                   SELECT ?1, ?2, count(*), ?3, ?4, ?5, ?6, ?7, ?8, ?9
                   FROM import_files WHERE organization_no = ?1 AND import_no = ?2";
        self.execute(
            sql,
            params![
                organization_no,
                number,
                file.name,
                file.kind,
                columns::count_form(file.accepted),
                columns::count_form(file.revised),
                columns::count_form(file.duplicate),
                columns::count_form(file.refused),
                file.whole,
            ],
        )?;
        Ok(())
    }

    /// Notes how an import stands from now on.
    pub fn set_import_state(
        &self,
        scope: &Scope,
        number: u32,
        state: ImportState,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let organization_no = self.organization_no(scope)?;
        let sql = "UPDATE imports SET state = ?3, state_since = ?4
                   WHERE organization_no = ?1 AND import_no = ?2";
        let values = params![organization_no, number, state.number(), now.as_millis()];
        self.execute(sql, values)?;
        Ok(())
    }
}

fn from_row(row: &Row<'_>) -> Result<Import, StoreError> {
    Ok(Import {
        number: row.get(0)?,
        actor: row.get(1)?,
        begun_at: columns::time(row, 2)?,
        state: columns::numbered(row, 3, ImportState::from_number)?,
        state_since: columns::time(row, 4)?,
        undone: Undone {
            removed: columns::count(row, 5)?,
            reverted: columns::count(row, 6)?,
            kept: columns::count(row, 7)?,
        },
        files: Vec::new(),
    })
}
