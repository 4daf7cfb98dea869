use super::*;

const BASE: &str = "http://127.0.0.1:8631/";

fn texts(instructions: &Instructions) -> String {
    let Instructions {
        tool,
        steps,
        snippets,
        notes,
    } = instructions;
    let steps = steps.iter().map(|step| format!("{step}\n"));
    let snippets = snippets
        .iter()
        .map(|s| format!("[{}]\n{}\n", s.title, s.code));
    let notes = notes.iter().map(|note| format!("* {note}\n"));
    let parts: String = steps.chain(snippets).chain(notes).collect();
    format!("# {tool}\n{parts}")
}

#[test]
fn the_published_lines_with_this_servers_address() {
    let request = Request::new(ReportApi::Meters, BASE, None);
    let usual = |instructions: Instructions| instructions.snippets.first().unwrap().code.clone();
    assert_eq!(
        usual(request.powershell()),
        "(Invoke-WebRequest -Headers @{Authorization = \"bearer <Authorization Key>\"} \
         http://127.0.0.1:8631/ReportApi/Reports/Meters).Content"
    );
    assert_eq!(
        usual(request.curl()),
        "curl -H 'Authorization: bearer <Authorization Key>' \
         http://127.0.0.1:8631/ReportApi/Reports/Meters"
    );
    assert_eq!(
        request.line(),
        "GET http://127.0.0.1:8631/ReportApi/Reports/Meters"
    );
    assert_eq!(
        request.header(),
        "Authorization: bearer <Authorization Key>"
    );
}

#[test]
fn a_known_key_stands_in_every_tools_first_text() {
    let key = AuthorizationKey::parse(&"0123456789abcdef".repeat(4)).unwrap();
    for api in ReportApi::ALL {
        let request = Request::new(api, BASE, Some(&key));
        for instructions in request.instructions() {
            let usual = instructions.snippets.first().unwrap();
            assert!(usual.code.contains(key.expose()), "{}", instructions.tool);
            let all = texts(&instructions);
            assert!(!all.contains(KEY_PLACEHOLDER), "{}", instructions.tool);
        }
    }
}

#[test]
fn every_tool() {
    let request = Request::new(ReportApi::Toner, BASE, None);
    let all: Vec<_> = request.instructions().iter().map(texts).collect();
    insta::assert_snapshot!(all.join("\n"), @"");
}
