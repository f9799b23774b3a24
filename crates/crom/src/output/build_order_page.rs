//! A build order as a page: one column per level.

use serde_json::Value;

/// From the JSON of a build order.
pub fn html(order: &Value) -> String {
    let mut body = String::new();
    let levels = order.get("order").and_then(Value::as_array);
    for (number, level) in levels.into_iter().flatten().enumerate() {
        body.push_str(&format!("<section><h2>{}</h2>\n", number + 1));
        for item in level.as_array().into_iter().flatten() {
            body.push_str(&item_html(item));
        }
        body.push_str("</section>\n");
    }
    format!(
        "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>Build order</title><style>\
         :root {{ color-scheme: light dark }} body {{ font: 15px sans-serif; margin: 2em; display: flex; gap: 2em; \
         align-items: flex-start }} article {{ border: 1px solid #8888; border-radius: 4px; padding: .5em .8em; \
         margin-bottom: .8em }} code {{ font-size: 85% }} .Build {{ color: #c60 }} .Invalid, .Missing {{ color: #c33 }}\
         </style></head>\n<body>\n{body}</body></html>\n"
    )
}

fn item_html(item: &Value) -> String {
    let text = |value: &Value, key: &str| {
        escape(value.get(key).and_then(Value::as_str).unwrap_or_default())
    };
    let mut html = format!("<article><b>{}</b>\n", text(item, "ref"));
    let nested = item
        .get("packages")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(Value::as_array)
        .flatten();
    let own = std::iter::once(item).filter(|it| it.get("pref").is_some());
    for package in nested.chain(own) {
        let binary = text(package, "binary");
        html.push_str(&format!(
            "<p><code>{}</code> <span class=\"{binary}\">{binary}</span> ({})<br><code>{}</code></p>\n",
            text(package, "package_id"),
            text(package, "context"),
            text(package, "build_args"),
        ));
    }
    let depends: Vec<String> = item
        .get("depends")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .map(escape)
        .collect();
    if !depends.is_empty() {
        html.push_str(&format!("<small>after {}</small>\n", depends.join(", ")));
    }
    html.push_str("</article>\n");
    html
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}
