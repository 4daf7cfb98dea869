//! The text that Windows makes of event 307, in English: the last resort where a program kept
//! nothing else of the event.

/// The values of a message, in the order of the event's template. `None` where it is in another
/// language, or where a title or a name holds the message's own words, so that it can be read in
/// two ways.
pub(super) fn printed(message: &str) -> Option<[String; 8]> {
    let words: Vec<&str> = message.split_whitespace().collect();
    let message = words.join(" ");
    let (sent, printed) = at_the_only(&message, " was printed on ")?;
    let (job, sent) = sent.strip_prefix("Document ")?.split_once(", ")?;
    let (title, sender) = at_the_only(sent, " owned by ")?;
    let (user, client) = at_the_only(sender, " on ")?;
    let (queue, printed) = at_the_only(printed, " through port ")?;
    let (port, printed) = at_the_only(printed, ". Size in bytes: ")?;
    let (octets, pages) = at_the_only(printed, ". Pages printed: ")?;
    let pages = pages.split('.').next()?;
    Some([job, title, user, client, queue, port, octets, pages].map(str::to_owned))
}

fn at_the_only<'a>(text: &'a str, words: &str) -> Option<(&'a str, &'a str)> {
    let parts = text.split_once(words)?;
    (text.matches(words).count() == 1).then_some(parts)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_english_message_is_read_where_it_has_one_reading() {
        let message = "Document 31, Plan, 2nd owned by rita on \\\\WS-7 was printed on HALL through \
            port 10.1.2.3.  Size in bytes: 184213. Pages printed: 3. No user action is required.";
        let expected = [
            "31",
            "Plan, 2nd",
            "rita",
            "\\\\WS-7",
            "HALL",
            "10.1.2.3",
            "184213",
            "3",
        ];
        assert_eq!(printed(message).unwrap(), expected);
        let doubtful = message.replace("Plan", "Plan owned by eve on x");
        assert_eq!(printed(&doubtful), None);
        assert_eq!(printed("Dokument 31, Plan im Besitz von rita"), None);
    }
}
