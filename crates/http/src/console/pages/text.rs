//! The text of a page as a person reads it, for snapshots.

/// Tags removed, white space collapsed, one line per block; hidden inputs and drawings say
/// nothing.
pub(crate) fn text_of(html: &str) -> String {
    const BLOCKS: [&str; 24] = [
        "p",
        "h1",
        "h2",
        "h3",
        "li",
        "dt",
        "dd",
        "tr",
        "caption",
        "pre",
        "summary",
        "label",
        "button",
        "form",
        "section",
        "dialog",
        "title",
        "header",
        "nav",
        "main",
        "details",
        "figcaption",
        "br",
        "a",
    ];
    let body = html.split_once("<body>").map_or(html, |(_, body)| body);
    let mut text = String::new();
    for (index, piece) in body.split('<').enumerate() {
        let (tag, words) = match piece.split_once('>') {
            Some((tag, words)) if index > 0 => (tag, words),
            _ => ("", piece),
        };
        let name = tag
            .trim_start_matches('/')
            .split([' ', '\n'])
            .next()
            .unwrap_or("");
        if matches!(name, "td" | "th") && !tag.starts_with('/') {
            text.push_str(" | ");
        }
        if BLOCKS.contains(&name) {
            text.push('\n');
        }
        if words.starts_with(char::is_whitespace) {
            text.push(' ');
        }
        text.push_str(&words.split_whitespace().collect::<Vec<_>>().join(" "));
        if words.ends_with(char::is_whitespace) {
            text.push(' ');
        }
    }
    let text = unescape(&text);
    let lines = text
        .lines()
        .map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "));
    lines
        .filter(|line| !line.is_empty())
        .collect::<Vec<_>>()
        .join("\n")
}

fn unescape(text: &str) -> String {
    [
        ("&#60;", "<"),
        ("&#62;", ">"),
        ("&#34;", "\""),
        ("&#39;", "'"),
        ("&#38;", "&"),
    ]
    .into_iter()
    .fold(text.to_owned(), |text, (entity, character)| {
        text.replace(entity, character)
    })
}
