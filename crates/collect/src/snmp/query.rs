//! What to ask a device.

use super::oid::Oid;

/// Objects and columns to fetch in one conversation.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Query {
    /// Exact instances, such as `sysUpTime.0`. Asked without columns they are asked by `GET`;
    /// together with columns they ride along in the same `GETBULK`.
    pub objects: Vec<Oid>,
    /// Columns of tables, or any other subtree.
    pub columns: Vec<Column>,
}

/// One column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// The identifier above its instances, such as `prtMarkerSuppliesLevel`.
    pub oid: Oid,
    /// How many rows are known to exist, so that no more are asked; `None` goes on to the
    /// column's end.
    pub rows: Option<u16>,
}
