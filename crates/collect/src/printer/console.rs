//! What stands on the operator console.

use super::charset::Charset;
use super::mib;
use super::profile::Profile;
use super::view::View;

/// Most console lines kept; displays have two to ten.
const CONSOLE_LINES_MAX: usize = 16;

/// The console's lines, top first, empty ones left out. Their character set is the console's own
/// (`prtConsoleLocalization`), which may differ from that of descriptions (trap T12).
pub(crate) fn console(view: &View<'_>, profile: &Profile) -> Vec<String> {
    let charset = Charset::of_console(view, profile);
    let lines = view.rows(&mib::PRT_CONSOLE_DISPLAY_BUFFER_TEXT);
    lines
        .into_iter()
        .filter_map(|(_, value)| charset.text(value))
        .take(CONSOLE_LINES_MAX)
        .collect()
}
