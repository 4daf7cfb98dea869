//! A page that says one thing: what did not happen, and the way on.

use askama::Template;

/// One message.
#[derive(Debug, Template)]
#[template(path = "message.html")]
pub(crate) struct Message {
    pub(crate) heading: &'static str,
    pub(crate) text: String,
    /// What a person quotes when asking for help.
    pub(crate) request_id: Option<String>,
    pub(crate) way_on: Option<WayOn>,
}

/// Where to go from here.
#[derive(Debug)]
pub(crate) struct WayOn {
    pub(crate) label: &'static str,
    pub(crate) href: &'static str,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::console::pages::text::text_of;

    #[test]
    fn a_message_names_what_happened_and_the_way_on() {
        let page = Message {
            heading: "Not allowed",
            text: "The role <Print Analyst> does not include this room.".to_owned(),
            request_id: Some("18f3-7".to_owned()),
            way_on: Some(WayOn {
                label: "Back to the start",
                href: "/",
            }),
        };
        insta::assert_snapshot!(text_of(&page.render().unwrap()), @r"
        Skip to the content
        Platen
        Not allowed
        The role <Print Analyst> does not include this room.
        Back to the start
        Request 18f3-7
        ");
    }
}
