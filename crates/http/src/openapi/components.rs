//! What several operations refer to: the forms of bodies, each written down once.

use std::collections::BTreeMap;

use platen_report::column_map::Layout;
use platen_report::columns::{ColumnKind, Report};
use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, SchemaGenerator};

use super::json::{Json, object};
use crate::report_api::layouts::Layouts;

/// Where references between forms point.
const SCHEMAS: &str = "/components/schemas";

/// Collects the forms of bodies.
pub(crate) struct Components<'a> {
    /// The reports' columns as this server names them.
    pub(crate) layouts: &'a Layouts,
    sent: SchemaGenerator,
    answered: SchemaGenerator,
    /// Forms that no type stands for.
    rows: BTreeMap<String, Json>,
}

fn settings() -> SchemaSettings {
    SchemaSettings::draft2020_12().with(|settings| {
        settings.definitions_path = SCHEMAS.into();
        settings.meta_schema = None;
    })
}

impl<'a> Components<'a> {
    pub(super) fn new(layouts: &'a Layouts) -> Self {
        Self {
            layouts,
            sent: settings().for_deserialize().into_generator(),
            answered: settings().for_serialize().into_generator(),
            rows: BTreeMap::new(),
        }
    }

    /// The form of a body that comes in.
    pub(crate) fn sent<T: JsonSchema>(&mut self) -> Json {
        Json::from(self.sent.subschema_for::<T>().to_value())
    }

    /// The form of a merge patch (RFC 7396) of what is sent as a `T`: its members, none of them
    /// due, and without rules that the patched whole must keep.
    pub(crate) fn patch<T: JsonSchema>(&mut self) -> Json {
        let name = T::schema_name();
        let name = format!("{}Patch", name.trim_end_matches("Input"));
        let mut form = T::json_schema(&mut self.sent);
        for of_the_whole in ["required", "dependentSchemas"] {
            form.remove(of_the_whole);
        }
        let description = "Members to change; `null` takes a member away.";
        form.insert("description".to_owned(), description.into());
        self.rows.insert(name.clone(), Json::from(form.to_value()));
        Json::reference("schemas", &name)
    }

    /// The form of a body that goes out.
    pub(crate) fn answered<T: JsonSchema>(&mut self) -> Json {
        Json::from(self.answered.subschema_for::<T>().to_value())
    }

    /// The form of a report's rows, under the names this server gives its columns.
    pub(crate) fn row<R: Report>(&mut self, name: &str, layout: &Layout<R>) -> Json {
        let columns = layout.columns().map(|(name, column)| {
            let form = of_column(column.kind).with("description", column.description);
            (name.to_owned(), form)
        });
        let required = layout.columns().map(|(name, _)| name);
        let row = object([
            ("type", "object".into()),
            (
                "description",
                format!("A row of {}.", layout.report().api().title()).into(),
            ),
            ("properties", Json::Object(columns.collect())),
            ("required", Json::array(required)),
            ("additionalProperties", false.into()),
        ]);
        self.rows.insert(name.to_owned(), row);
        Json::reference("schemas", name)
    }

    /// Every form, by name.
    pub(super) fn finish(mut self) -> Vec<(String, Json)> {
        let sent = self.sent.take_definitions(true);
        let answered = self.answered.take_definitions(true);
        let derived = answered.into_iter().chain(sent);
        let mut all = self.rows;
        all.extend(derived.map(|(name, form)| (name, Json::from(form))));
        all.into_iter().collect()
    }
}

/// Every column may be unknown, which is `null`.
fn of_column(kind: ColumnKind) -> Json {
    let nullable = |name: &str| object([("type", Json::array([name, "null"]))]);
    match kind {
        ColumnKind::Text => nullable("string"),
        ColumnKind::Integer => nullable("integer").with("minimum", 0),
        ColumnKind::Decimal => nullable("number"),
        ColumnKind::Boolean => nullable("boolean"),
        ColumnKind::Instant => nullable("string").with("format", "date-time"),
    }
}
