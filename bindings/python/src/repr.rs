//! Results as a ``dict`` and, for notebooks, as an HTML table.

use std::fmt::Write;

use pyo3::{intern, prelude::*, types::PyDict};

/// A JSON object as a ``dict``.
pub(crate) fn dict<'py>(py: Python<'py>, json: &str) -> PyResult<Bound<'py, PyDict>> {
    let loads = py.import(intern!(py, "json"))?.getattr(intern!(py, "loads"))?;
    Ok(loads.call1((json,))?.cast_into()?)
}

/// An HTML table of values. It is escaped, since some texts come from a server.
pub(crate) fn table(name: &str, values: &Bound<'_, PyDict>) -> PyResult<String> {
    let mut html = format!("<table><caption>{name}</caption>");
    for (name, value) in values {
        let (name, value) = (name.str()?.to_string(), value.str()?.to_string());
        if !matches!(value.as_str(), "" | "None") {
            let (name, value) = (escaped(&name), escaped(&value));
            write!(html, "<tr><th>{name}</th><td>{value}</td></tr>").expect("into memory");
        }
    }
    Ok(html + "</table>")
}

fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for char in text.chars() {
        match char {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#x27;"),
            other => escaped.push(other),
        }
    }
    escaped
}
