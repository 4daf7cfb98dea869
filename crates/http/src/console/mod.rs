//! The web console: pages rendered on the server, complete without scripts.
//!
//! A request's way: the route registry's policy yields who asks, a handler calls one use case,
//! fills a view structure of [`pages`], and a template writes it. Scripts only spare presses of
//! buttons; the content security policy allows nothing but this server's own files.

mod assets;
mod grid_query;
mod icons;
mod instructions;
mod moments;
mod pages;
pub mod paths;
mod states;
