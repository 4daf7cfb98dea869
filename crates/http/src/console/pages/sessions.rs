//! The ways in: name and password, a one-time link, and the set-up of the first administrator.

use askama::Template;

/// Name and password.
#[derive(Debug, Default, Template)]
#[template(path = "sign_in.html")]
pub(crate) struct SignInPage {
    /// What was typed before, so that it need not be typed again.
    pub(crate) name: String,
    /// Why the last attempt let nobody in.
    pub(crate) refusal: Option<String>,
}

/// Asks for a press of a button before a one-time link is used up: programs that look at links
/// for a preview only ever GET them.
#[derive(Debug, Template)]
#[template(path = "sign_in_link.html")]
pub(crate) struct SignInLinkPage {
    pub(crate) action: String,
}

/// Creates the first System Administrator.
#[derive(Debug, Template)]
#[template(path = "set_up.html")]
pub(crate) struct SetUpPage {
    pub(crate) organization: String,
    pub(crate) action: String,
    pub(crate) name: String,
    /// Fewest characters of a password.
    pub(crate) password_min: usize,
    /// Why the last attempt created nobody.
    pub(crate) problem: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::console::pages::text::text_of;

    #[test]
    fn sign_in_refused() {
        let page = SignInPage {
            name: "\"><script>alert(1)</script>".to_owned(),
            refusal: Some("The name or the password is wrong.".to_owned()),
        };
        let html = page.render().unwrap();
        assert!(!html.contains("<script>alert"));
        insta::assert_snapshot!(text_of(&html), @r"
        Skip to the content
        Platen
        Sign in
        The name or the password is wrong.
        Name
        Password
        Sign in
        No account yet, or no password at hand? Whoever runs this server can give you a link that signs you in once.
        ");
    }

    #[test]
    fn a_link_asks_before_it_is_used_up() {
        let page = SignInLinkPage {
            action: "/sign-in/link/0123".to_owned(),
        };
        let html = page.render().unwrap();
        assert!(html.contains(r#"<form method="post" action="/sign-in/link/0123""#));
        insta::assert_snapshot!(text_of(&html), @r"
        Skip to the content
        Platen
        Sign in by link
        This link signs you in once. It is used up when you press the button, not before.
        Sign in
        ");
    }

    #[test]
    fn set_up_keeps_what_was_typed() {
        let page = SetUpPage {
            organization: "Northwind & Sons".to_owned(),
            action: "/set-up/0123".to_owned(),
            name: "ada".to_owned(),
            password_min: 12,
            problem: Some("The two passwords differ.".to_owned()),
        };
        let html = page.render().unwrap();
        assert!(html.contains(r#"value="ada""#));
        insta::assert_snapshot!(text_of(&html), @r"
        Skip to the content
        Platen
        Set up Northwind & Sons
        Create the first System Administrator. The link that brought you here is used up with it.
        The two passwords differ.
        Name
        Password
        At least 12 characters. Length is what counts; a few words do well.
        Password again
        Create administrator
        ");
    }
}
