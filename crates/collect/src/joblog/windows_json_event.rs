//! One Windows event in the JSON of whatever program carried it.
//!
//! | program | what the system says | what the event says |
//! |---|---|---|
//! | `evtx_dump`, XML turned into JSON | `Event.System` | `Event.UserData` |
//! | Winlogbeat, Elastic Agent | `winlog`, `@timestamp` | `winlog.user_data`, `.event_data` |
//! | Wazuh | `data.win.system` | `data.win.userData`, `.eventdata` |
//! | `NXLog`, Winlogbeat 6 | the object itself | `Param1` … in it, `user_data` |
//! | `ConvertTo-Json`, Fluent Bit | the object itself | `Properties`, `StringInserts`: values in order |
//!
//! Names are compared without case and signs (`event_id`, `eventID`, `EventID`), since every
//! program spells them in its own way. Where a program passes the event's XML on, that is read.

use platen_domain::clock::Timestamp;
use platen_domain::print_jobs::TimeQuality;
use serde_json::{Map, Value};

use super::Reason;
use super::local_clock::LocalClock;
use super::windows::Fields;
use super::windows_json_message;
use super::windows_json_time::instant;
use super::windows_xml::Values;

const NOT_JSON: &str = "not well-formed JSON";

const NO_EVENT: &str = "not a Windows event as Winlogbeat (winlog), evtx_dump (Event.System), \
    Wazuh (data.win.system), NXLog or Get-WinEvent | ConvertTo-Json (EventID, ProviderName, \
    Channel, …) write it";

const NO_VALUES: &str = "its Properties hold no values: write the file anew with \
    ConvertTo-Json -Depth 4";

/// What stands for a value where `ConvertTo-Json` was not to go as deep as it.
const NO_VALUE: &str = "System.Diagnostics.Eventing.Reader.EventProperty";

/// Objects within objects in which the event's own data is looked for: section and element, with
/// one to spare.
const DATA_DEPTH_MAX: u8 = 4;

/// Wrappers around an event, of search servers and forwarders.
const WRAPPERS: [&str; 3] = ["source", "result", "record"];

/// Texts that may hold the event's XML.
const XML: [&str; 4] = ["original", "eventxml", "xml", "raw"];

/// Texts that may hold the event's JSON where nothing else does.
const TEXTS: [&str; 4] = ["fulllog", "message", "log", "raw"];

/// Names of what [`Fields::system`] is asked for, as programs spell them.
const SYSTEM: [(&str, &[&str]); 5] = [
    ("EventID", &["eventid", "id"]),
    (
        "Provider",
        &["providername", "provider", "sourcename", "source"],
    ),
    (
        "EventRecordID",
        &["eventrecordid", "recordid", "recordnumber"],
    ),
    ("Channel", &["channel", "logname"]),
    (
        "Computer",
        &["computer", "computername", "machinename", "hostname"],
    ),
];

/// When the event happened; not when a program took it in.
const TIME: [&str; 4] = ["timecreated", "systemtime", "eventtime", "timestamp"];

/// The event's own data: its section, or its values in their order.
const DATA: [&str; 4] = ["userdata", "eventdata", "properties", "stringinserts"];

/// Values of 307 in the order of its template.
const PRINTED: [&str; 8] = [
    "Param1", "Param2", "Param3", "Param4", "Param5", "Param6", "Param7", "Param8",
];

/// Values of 805 in the order of its template.
const RENDERED: [&str; 9] = [
    "JobId",
    "GdiJobSize",
    "ICMMethod",
    "Color",
    "XRes",
    "YRes",
    "Quality",
    "Copies",
    "TTOption",
];

/// What an object is.
#[derive(Debug)]
pub(super) enum Found {
    /// An event taken apart.
    Fields(JsonEvent),
    /// An event as XML.
    Xml(String),
}

/// What an event says, by the names of its XML.
#[derive(Debug, Default)]
pub(super) struct JsonEvent {
    system: Vec<(&'static str, String)>,
    data: Vec<(&'static str, String)>,
    time: Option<(Timestamp, TimeQuality)>,
}

impl Fields for JsonEvent {
    fn system(&self, name: &str) -> Option<&str> {
        value_of(&self.system, name)
    }

    fn data(&self, name: &str) -> Option<&str> {
        value_of(&self.data, name)
    }

    fn time(&self) -> Option<(Timestamp, TimeQuality)> {
        self.time
    }
}

fn value_of<'a>(values: &'a [(&'static str, String)], name: &str) -> Option<&'a str> {
    let found = values.iter().find(|(known, _)| *known == name);
    found.map(|(_, value)| value.as_str())
}

type Object = Map<String, Value>;

/// Reads an object; times without an offset are told by `clock`.
pub(super) fn read(json: &str, clock: &mut LocalClock) -> Result<Found, Reason> {
    let root: Object = serde_json::from_str(json).map_err(|_error| NOT_JSON)?;
    let root = nested(root);
    if let Some(found) = find(&root, clock) {
        return found;
    }
    let mut texts = TEXTS.iter().filter_map(|name| get(&root, name)?.as_str());
    let json = texts.find(|text| text.starts_with('{')).ok_or(NO_EVENT)?;
    let inner: Object = serde_json::from_str(json).map_err(|_error| NO_EVENT)?;
    find(&nested(inner), clock).unwrap_or(Err(NO_EVENT.into()))
}

/// The event in an object or in what is wrapped in it.
fn find(root: &Object, clock: &mut LocalClock) -> Option<Result<Found, Reason>> {
    if let Some(xml) = xml(root) {
        return Some(Ok(Found::Xml(xml.to_owned())));
    }
    if let Some(shape) = Shape::of(root) {
        return Some(shape.event(clock).map(Found::Fields));
    }
    let mut wrapped = WRAPPERS.iter().filter_map(|name| object(root, name));
    wrapped.find_map(|inner| find(inner, clock))
}

/// Names with points (`winlog.event_id`) as objects in objects.
fn nested(flat: Object) -> Object {
    if !flat.keys().any(|name| name.contains('.')) {
        return flat;
    }
    let mut root = Object::new();
    for (name, value) in flat {
        let mut place = &mut root;
        let mut parts = name.split('.').peekable();
        while let Some(part) = parts.next() {
            if parts.peek().is_none() {
                place.insert(part.to_owned(), value);
                break;
            }
            let inner = place.entry(part).or_insert_with(|| Object::new().into());
            let Some(inner) = inner.as_object_mut() else {
                break;
            };
            place = inner;
        }
    }
    root
}

fn xml(root: &Object) -> Option<&str> {
    let inner = object(root, "event");
    let texts = XML.iter().flat_map(|name| {
        let within = inner.and_then(|inner| get(inner, name));
        [get(root, name), within].into_iter().flatten()
    });
    let mut texts = texts.filter_map(|text| text.as_str());
    texts.find(|text| text.trim_start().starts_with("<Event"))
}

/// Where an object has what the system says, and where what the event says.
struct Shape<'a> {
    system: &'a Object,
    /// What holds the sections of the event's own data.
    around: &'a Object,
    /// What holds the time where `system` does not.
    root: &'a Object,
}

impl<'a> Shape<'a> {
    fn of(root: &'a Object) -> Option<Self> {
        let win = object(root, "win").or_else(|| object(object(root, "data")?, "win"));
        let outer = [object(root, "event"), win, Some(root)];
        for around in outer.into_iter().flatten() {
            if let Some(system) = object(around, "system").filter(|system| is_event(system)) {
                return Some(Self {
                    system,
                    around,
                    root: around,
                });
            }
        }
        if let Some(winlog) = object(root, "winlog").filter(|winlog| is_event(winlog)) {
            return Some(Self {
                system: winlog,
                around: winlog,
                root,
            });
        }
        let flat = is_event(root) && (said(root, "Channel").or(said(root, "Computer"))).is_some();
        flat.then_some(Self {
            system: root,
            around: root,
            root,
        })
    }

    fn event(&self, clock: &mut LocalClock) -> Result<JsonEvent, Reason> {
        let system = SYSTEM.iter().filter_map(|(name, _)| {
            let text = said(self.system, name)?;
            Some((*name, text))
        });
        let mut event = JsonEvent {
            system: system.collect(),
            ..JsonEvent::default()
        };
        let time = time(self.system).or_else(|| time(self.root));
        event.time = time.and_then(|text| instant(&text, clock));
        let names: &[&'static str] = match event.system("EventID") {
            Some("307") => &PRINTED,
            Some("805") => &RENDERED,
            _ => return Ok(event),
        };
        event.data = self.data(names);
        if !event.data.is_empty() {
            return Ok(event);
        }
        let message = get(self.around, "message").and_then(Value::as_str);
        if let Some(values) = message.and_then(windows_json_message::printed) {
            event.data = PRINTED.into_iter().zip(values).collect();
        }
        let lacks_values = get(self.around, "properties").is_some_and(has_no_values);
        if event.data.is_empty() && lacks_values {
            return Err(NO_VALUES.into());
        }
        Ok(event)
    }

    /// The values under these names, or in this order.
    fn data(&self, names: &[&'static str]) -> Vec<(&'static str, String)> {
        for section in DATA.iter().filter_map(|name| get(self.around, name)) {
            let values = section_values(section, names);
            if !values.is_empty() {
                return values;
            }
        }
        let flat = |name: &&'static str| {
            let text = scalar(get(self.around, &plain(name))?)?;
            Some((*name, text))
        };
        names.iter().filter_map(flat).collect()
    }
}

/// Whether an object says of which event it is, and of whom.
fn is_event(system: &Object) -> bool {
    said(system, "EventID").is_some() && said(system, "Provider").is_some()
}

/// What the system says under this name; `Provider` says it in an attribute in XML.
fn said(system: &Object, name: &str) -> Option<String> {
    let (_, spellings) = SYSTEM.iter().find(|(known, _)| *known == name)?;
    spellings.iter().find_map(|spelling| {
        let found = get(system, spelling).and_then(scalar);
        let in_attribute = || attribute(system, spelling, "name").filter(|_| name == "Provider");
        found.or_else(in_attribute)
    })
}

fn time(system: &Object) -> Option<String> {
    TIME.iter().find_map(|spelling| {
        let found = get(system, spelling).and_then(scalar);
        found.or_else(|| attribute(system, spelling, "systemtime"))
    })
}

/// An attribute of an element: within it, among its attributes, or beside it.
fn attribute(system: &Object, element: &str, name: &str) -> Option<String> {
    let within = object(system, element);
    let beside = object(system, &format!("{element}attributes"));
    let direct = within.and_then(|within| get(within, name));
    let listed = || get(object(within?, "attributes")?, name);
    let found = direct.or_else(listed).or_else(|| get(beside?, name));
    found.and_then(scalar)
}

fn section_values(section: &Value, names: &[&'static str]) -> Vec<(&'static str, String)> {
    if let Some(values) = section.as_array() {
        let in_order = in_order(values, names);
        if !in_order.is_empty() {
            return in_order;
        }
    }
    if let Some(xml) = section.as_str() {
        let event = format!("<Event><UserData>{xml}</UserData></Event>");
        let read = Values::read(&event).unwrap_or_default();
        let said = |name: &&'static str| Some((*name, read.data(name)?.to_owned()));
        return names.iter().filter_map(said).collect();
    }
    let pair = |name: &&'static str| {
        let text = named(section, &plain(name), DATA_DEPTH_MAX)?;
        Some((*name, text))
    };
    names.iter().filter_map(pair).collect()
}

/// Values that are as many as the names, and in their order.
fn in_order(values: &[Value], names: &[&'static str]) -> Vec<(&'static str, String)> {
    let is_named = |value: &Value| {
        let value = value.as_object();
        value.is_some_and(|value| get(value, "name").is_some())
    };
    if values.len() != names.len() || values.iter().any(is_named) || lack_values(values) {
        return Vec::new();
    }
    let pairs = names.iter().copied().zip(values);
    let pairs = pairs.filter_map(|(name, value)| Some((name, scalar(value)?)));
    pairs.collect()
}

/// The text under a name, in an object, in one within it, or as `{"Name": …, "#text": …}`.
fn named(value: &Value, name: &str, depth: u8) -> Option<String> {
    let depth = depth.checked_sub(1)?;
    match value {
        Value::Array(values) => values.iter().find_map(|value| named(value, name, depth)),
        Value::Object(object) => {
            let label = get(object, "name").and_then(Value::as_str);
            let direct = get(object, name).and_then(scalar);
            let labelled = || scalar(value).filter(|_| label.is_some_and(|l| plain(l) == name));
            let within = || {
                let mut inner = object.values();
                inner.find_map(|value| named(value, name, depth))
            };
            direct.or_else(labelled).or_else(within)
        }
        _ => None,
    }
}

fn has_no_values(properties: &Value) -> bool {
    match properties {
        Value::Array(values) => lack_values(values),
        Value::String(text) => text.contains(NO_VALUE),
        _ => false,
    }
}

fn lack_values(values: &[Value]) -> bool {
    values.iter().any(|value| value.as_str() == Some(NO_VALUE))
}

/// The text of what holds one value, or says it in one of its members.
fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => {
            let text = number.to_string();
            Some(text.strip_suffix(".0").unwrap_or(&text).to_owned())
        }
        Value::Array(values) => match values.as_slice() {
            [one] => scalar(one),
            _ => None,
        },
        Value::Object(object) => {
            let mut texts = ["text", "value", "content"].into_iter();
            texts.find_map(|name| scalar(get(object, name)?))
        }
        Value::Null | Value::Bool(_) => None,
    }
}

fn get<'a>(object: &'a Object, name: &str) -> Option<&'a Value> {
    let mut members = object.iter();
    let found = members.find(|(known, value)| is_name(known, name) && !value.is_null());
    found.map(|(_, value)| value)
}

fn object<'a>(from: &'a Object, name: &str) -> Option<&'a Object> {
    get(from, name)?.as_object()
}

/// Whether a member's name is this one, of lower case letters and digits.
fn is_name(member: &str, name: &str) -> bool {
    let letters = member.bytes().filter(u8::is_ascii_alphanumeric);
    letters.map(|c| c.to_ascii_lowercase()).eq(name.bytes())
}

fn plain(name: &str) -> String {
    let letters = name.chars().filter(char::is_ascii_alphanumeric);
    letters.map(|c| c.to_ascii_lowercase()).collect()
}
