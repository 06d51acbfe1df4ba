//! Table Schema (Frictionless): fields, keys, and which columns name rows of other tables.

use serde_json::{Map, Value, json};

use super::super::{Column, Holds, Table};
use super::{Resource, Written, type_of};

/// The schema of a table.
pub(super) fn schema(table: &'static Table, written: Written, all: &[Resource]) -> Value {
    let fields: Vec<Value> = written.columns(table).into_iter().map(|column| field(column, table, written)).collect();
    let mut schema = Map::new();
    schema.insert("fields".to_owned(), Value::Array(fields));
    schema.insert("missingValues".to_owned(), json!([""]));
    if !table.key.is_empty() {
        schema.insert("primaryKey".to_owned(), json!(table.key));
    }
    let refers = table.refers.iter().filter(|refers| {
        (written.whole || !refers.whole_only) && all.iter().any(|resource| resource.table.name == refers.table)
    });
    let keys: Vec<Value> = refers
        .map(|refers| {
            json!({
                "fields": [refers.column],
                "reference": { "resource": refers.table, "fields": [refers.key] },
            })
        })
        .collect();
    if !keys.is_empty() {
        schema.insert("foreignKeys".to_owned(), Value::Array(keys));
    }
    Value::Object(schema)
}

fn field(column: &'static Column, table: &'static Table, written: Written) -> Value {
    let mut constraints = Map::new();
    if is_required(column, table) {
        constraints.insert("required".to_owned(), json!(true));
    }
    if !column.words.is_empty() {
        constraints.insert("enum".to_owned(), json!(column.words));
    }
    let mut field = Map::new();
    let mut put = |name: &str, value: Value| {
        field.insert(name.to_owned(), value);
    };
    put("name", json!(column.name));
    put("type", json!(type_of(column.holds, written)));
    put("title", json!(column.zh));
    put("description", json!(column.en));
    if !constraints.is_empty() {
        put("constraints", Value::Object(constraints));
    }
    if matches!(column.holds, Holds::Published | Holds::Captured) {
        // With an offset, with and without fractions of a second: more than the default format takes.
        put("format", json!("any"));
    }
    Value::Object(field)
}

/// A text that is there may still be an empty one, which a flat file cannot tell from none.
fn is_required(column: &Column, table: &Table) -> bool {
    let is_key = table.key.contains(&column.name);
    let is_free = matches!(column.holds, Holds::Text | Holds::Address) && column.words.is_empty();
    column.required && (is_key || !is_free)
}
